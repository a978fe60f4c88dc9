#include "report/pictures/sample_tiles.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/draw/charts.h"
#include "report/pictures/value_picture.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr double kSide = 76;    // points
constexpr size_t kColumns = 4;  // of readable size on a phone
constexpr size_t kPairs = 6;    // of reconstructions, side by side
constexpr size_t kMostPairs = 12;
constexpr double kPairSide = 56;
constexpr int64_t kMostChannels = 15;
constexpr double kResponseSide = 44;

std::string CaptionOf(const PredictionsEvent& predictions, const Prediction& sample) {
  const auto said = static_cast<size_t>(sample.said);
  const std::string& truth = predictions.class_names[static_cast<size_t>(sample.truth)];
  const std::string score = Percent(static_cast<double>(sample.output[said]));
  if (sample.truth == sample.said) return truth + "\n" + score;
  return fmt::format("{}, said {}\n{}", truth, predictions.class_names[said], score);
}

double MeanSquaredError(const Prediction& sample) {
  double sum = 0;
  for (size_t i = 0; i < sample.output.size(); ++i) {
    const double error =
        static_cast<double>(sample.output[i]) - static_cast<double>(sample.target[i]);
    sum += error * error;
  }
  return sum / static_cast<double>(sample.output.size());
}

}  // namespace

std::unique_ptr<Figure> ClassifiedTiles(const PredictionsEvent& predictions,
                                        const std::vector<Prediction>& samples,
                                        const std::string& title) {
  if (samples.empty() || !IsPicture(predictions.input)) return nullptr;
  std::vector<Tile> tiles;
  for (const Prediction& sample : samples) {
    tiles.push_back({.image = StretchedPicture(sample.input, predictions.input),
                     .caption = CaptionOf(predictions, sample),
                     .emphasised = sample.truth != sample.said});
  }
  return TileGrid(std::move(tiles), kColumns, kSide, title);
}

std::unique_ptr<Figure> ReconstructionTiles(const PredictionsEvent& predictions,
                                            const std::string& title) {
  const Shape& shape = predictions.input;
  size_t count = std::min(predictions.random.size(), kMostPairs);
  if (count > kPairs) count -= count % kPairs;  // outputs stand below their inputs
  if (count == 0 || !IsPicture(shape)) return nullptr;
  const std::span<const Prediction> samples(predictions.random.data(), count);
  std::vector<Tile> tiles;
  for (size_t first = 0; first < count; first += kPairs) {
    const auto row = samples.subspan(first, std::min(kPairs, count - first));
    for (const Prediction& sample : row) {
      tiles.push_back({.image = StretchedPicture(sample.input, shape),
                       .caption = fmt::format("sample {}", sample.sample)});
    }
    for (const Prediction& sample : row) {
      const auto [low, high] = std::ranges::minmax(sample.input);
      tiles.push_back({.image = PixelPicture(sample.output, shape, static_cast<double>(low),
                                             static_cast<double>(high)),
                       .caption = "error " + LossText(MeanSquaredError(sample))});
    }
  }
  return TileGrid(std::move(tiles), static_cast<int>(std::min(count, kPairs)), kPairSide, title);
}

std::unique_ptr<Figure> ResponseTiles(const PredictionsEvent& predictions,
                                      const std::string& title) {
  if (!predictions.responses || !IsPicture(predictions.input)) return nullptr;
  const FilterResponses& responses = *predictions.responses;
  const int64_t channels = responses.shape[0], height = responses.shape[1],
                width = responses.shape[2];
  const int64_t shown = std::min(channels, kMostChannels);
  std::vector<Tile> tiles;
  for (size_t i = 0; i < responses.given.size(); ++i) {
    const Prediction& sample = predictions.random[i];
    tiles.push_back({.image = StretchedPicture(sample.input, predictions.input),
                     .caption = fmt::format("sample {}", sample.sample)});
    for (int64_t channel = 0; channel < shown; ++channel) {
      const auto given = std::span(responses.given[i])
                             .subspan(static_cast<size_t>(channel * height * width),
                                      static_cast<size_t>(height * width));
      tiles.push_back({.image = StretchedPicture(given, {1, height, width}),
                       .caption = std::to_string(channel)});
    }
  }
  const std::string part = shown < channels ? fmt::format(" ({} of {})", shown, channels) : "";
  return TileGrid(
      std::move(tiles), static_cast<int>(shown) + 1, kResponseSide,
      fmt::format("{} of {}{}; black the least, white the most", title, responses.layer, part));
}

}  // namespace seve
