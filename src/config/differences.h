// In what configurations differ, field by field.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/config.pb.h"

namespace seve {

struct Difference {
  std::string path;                 // as --set takes it: "model.hidden.linear.units"
  std::vector<std::string> values;  // of each configuration, as text format writes it
};

// Of fields that some configuration gives, in the order of the messages' fields. Where one is not
// given, it counts as its default if the message around it is there; otherwise, and without a
// default, its value is "-". A message without any field is "{}"; the value of `model` is its
// layers' names.
std::vector<Difference> Differences(std::span<const config::Config> configs);

}  // namespace seve
