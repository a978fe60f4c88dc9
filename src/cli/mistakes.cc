#include "cli/mistakes.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/picture.h"

namespace seve {
namespace {

// Stretches values to 0..255, as the display wants them.
std::vector<uint8_t> ToBytes(std::span<const float> values) {
  const auto [low, high] = std::ranges::minmax(values);
  const float scale = high > low ? 255 / (high - low) : 0;
  std::vector<uint8_t> bytes;
  for (const float value : values) bytes.push_back(static_cast<uint8_t>((value - low) * scale));
  return bytes;
}

}  // namespace

std::string DrawMistakes(const PredictionsEvent& predictions, const Terminal& terminal) {
  if (predictions.worst.empty()) return "No mistakes.\n";
  const Shape& shape = predictions.input;
  const auto& names = predictions.class_names;
  std::string lines;
  std::vector<std::vector<uint8_t>> pixels;
  std::vector<Picture> pictures;
  for (const auto& mistake : predictions.worst) {
    const std::string caption =
        fmt::format("{}, said {}", names[static_cast<size_t>(mistake.truth)],
                    names[static_cast<size_t>(mistake.said)]);
    if (shape.rank() < 2) {
      lines += fmt::format("sample {}: {}\n", mistake.sample, caption);
      continue;
    }
    pixels.push_back(ToBytes(mistake.input));
    pictures.push_back({.height = shape[shape.rank() - 2],
                        .width = shape[shape.rank() - 1],
                        .pixels = pixels.back(),
                        .caption = caption});
  }
  if (!pictures.empty()) lines = DrawPictures(pictures, StyleFor(terminal), terminal.columns);
  return "The worst mistakes (truth, then what the model said):\n" + lines;
}

}  // namespace seve
