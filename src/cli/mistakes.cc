#include "cli/mistakes.h"

#include <fmt/format.h>

#include "cli/picture_samples.h"
#include "report/picture.h"
#include "report/pictures/value_picture.h"

namespace seve {

std::string DrawMistakes(const PredictionsEvent& predictions, const Terminal& terminal) {
  if (predictions.worst.empty()) return "No mistakes.\n";
  const Shape& shape = predictions.input;
  const auto& names = predictions.class_names;
  std::string lines;
  std::vector<Image> images;
  std::vector<Picture> pictures;
  for (const auto& mistake : predictions.worst) {
    const std::string caption =
        fmt::format("{}, said {}", names[static_cast<size_t>(mistake.truth)],
                    names[static_cast<size_t>(mistake.said)]);
    if (!IsPicture(shape)) {
      lines += fmt::format("sample {}: {}\n", mistake.sample, caption);
      continue;
    }
    images.push_back(WithChannels(StretchedPicture(mistake.input, shape), 1));
    pictures.push_back({.height = images.back().height,
                        .width = images.back().width,
                        .pixels = images.back().pixels,
                        .caption = caption});
  }
  if (!pictures.empty()) lines = DrawPictures(pictures, StyleFor(terminal), terminal.columns);
  return "The worst mistakes (truth, then what the model said):\n" + lines;
}

}  // namespace seve
