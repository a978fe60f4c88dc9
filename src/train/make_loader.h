// The loader of a training, as its data and executor want it.
#pragma once

#include <memory>

#include "data/loader.h"
#include "model/executor.h"
#include "train/batch_geometry.h"
#include "train/setup.h"

namespace seve {

// From the micro-batches of step `step`, counted from 0, on. Everything passed outlives it.
std::unique_ptr<Loader> MakeLoader(const Setup& setup, const BatchGeometry& geometry,
                                   const Executor& executor, int64_t step);

}  // namespace seve
