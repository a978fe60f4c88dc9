#include "comm/activity.h"

#include <fmt/format.h>

#include <string_view>

namespace seve {

std::string Activity::Reading::Text() const {
  const bool in_step = std::string_view(section) == "step" && step != kNoStep;
  std::string text = in_step ? "" : section;
  if (step != kNoStep) text += fmt::format("{}step {}", in_step ? "" : ", ", step);
  if (*phase != '\0') text += fmt::format(", {}", phase);
  return text;
}

}  // namespace seve
