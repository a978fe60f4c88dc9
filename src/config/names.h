// What the layers of a list are called.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "config/layers.pb.h"

namespace seve {

using LayerList = google::protobuf::RepeatedPtrField<config::Layer>;

// As LayerNames of a model (config/load.h), of a list that may lie inside a layer: unnamed ones are
// counted within it.
std::vector<std::string> LayerNames(const LayerList& layers);

// Of each definition its name, "" where it has none.
std::vector<std::string> DefinitionNames(const config::Model& model);

}  // namespace seve
