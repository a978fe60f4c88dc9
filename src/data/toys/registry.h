// From `spirals`, `points` and `curve` of a configuration to data sets.
#pragma once

#include "config/data.pb.h"
#include "data/data_sets.h"

namespace seve {

DataSets OpenSpirals(const config::Spirals& spirals);
DataSets OpenPoints(const config::Points& points);
DataSets OpenCurve(const config::Curve& curve);

}  // namespace seve
