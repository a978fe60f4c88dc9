// Colours and figures of what people read on the console.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/terminal.h"

namespace seve {

enum class Ink { kBold, kDim, kGreen, kRed };

// The text itself where the terminal shows no colour.
std::string Painted(const Terminal& terminal, Ink ink, std::string_view text);

// "0.0812", "3.2e-05", "nan".
std::string LossText(double loss);

// "412,300".
std::string RateText(double samples_per_second);

// "accuracy 97.61 %, loss 0.0812"; the loss alone where there is no accuracy.
std::string ScoreText(double loss, const std::optional<double>& accuracy);

// "3/10", aligned for all epochs of the run (" 3/10"); "2.50/10" within an epoch.
std::string EpochText(double epoch, double epochs);

}  // namespace seve
