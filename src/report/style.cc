#include "report/style.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace seve {

std::string Painted(const Terminal& terminal, Ink ink, std::string_view text) {
  if (!terminal.colour || text.empty()) return std::string(text);
  const char* code = "";
  switch (ink) {
    case Ink::kBold:
      code = "1";
      break;
    case Ink::kDim:
      code = "2";
      break;
    case Ink::kGreen:
      code = "32";
      break;
    case Ink::kRed:
      code = "31";
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string LossText(double loss) {
  const bool tiny = loss != 0 && std::abs(loss) < 0.001;
  return tiny ? fmt::format("{:.1e}", loss) : fmt::format("{:.4f}", loss);
}

std::string RateText(double samples_per_second) {
  if (!std::isfinite(samples_per_second)) return "-";
  return WithThousands(std::llround(samples_per_second));
}

std::string ScoreText(double loss, const std::optional<double>& accuracy) {
  if (!accuracy) return "loss " + LossText(loss);
  return fmt::format("accuracy {}, loss {}", Percent(*accuracy), LossText(loss));
}

std::string EpochText(double epoch, double epochs) {
  constexpr double kRounding = 1e-6;  // of steps / steps_per_epoch
  const auto whole = static_cast<int64_t>(std::llround(epoch));
  const auto total = std::to_string(static_cast<int64_t>(std::ceil(epochs - kRounding)));
  const bool within = std::abs(epoch - static_cast<double>(whole)) > kRounding;
  const std::string now = within ? fmt::format("{:.2f}", epoch) : std::to_string(whole);
  return PadLeft(now, total.size()) + "/" + total;
}

}  // namespace seve
