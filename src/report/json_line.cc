#include "report/json_line.h"

#include <cmath>

namespace seve {
namespace {

// Steps of a unit that are kept; 0: all.
double Resolution(const std::string& name) {
  if (name.ends_with("samples_per_second")) return 10;
  return name.ends_with("seconds") ? 1e6 : 0;
}

}  // namespace

void JsonLine::operator()(const std::string& name, double value) {
  if (!std::isfinite(value)) {
    json_[name] = nullptr;
    non_finite_ = true;
    return;
  }
  const double resolution = Resolution(name);
  json_[name] = resolution == 0 ? value : std::round(value * resolution) / resolution;
}

void JsonLine::operator()(const std::string& name, const JsonLine& part) {
  json_[name] = part.json_;
  non_finite_ = non_finite_ || part.non_finite_;
}

std::string JsonLine::Text() const {
  Json whole = json_;
  if (non_finite_) whole["non_finite"] = true;
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace seve
