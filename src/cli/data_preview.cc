#include "cli/data_preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/data_root.h"
#include "config/load.h"
#include "data/augment/registry.h"
#include "data/batch_buffers.h"
#include "data/registry.h"
#include "data/sampler.h"
#include "report/draw/charts.h"
#include "report/pictures/value_picture.h"
#include "train/located_in_data.h"

namespace seve {
namespace {

constexpr double kSide = 64;  // points

// From the values that a network reads, (H, W, C), back to bytes.
Image ImageOf(std::span<const float> values, const Shape& shape, const PixelScale& scale) {
  Image image{shape[1], shape[2], static_cast<int>(shape[0]), {}};
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t channel = i % scale.channels();
    const float byte = (values[i] - scale.shift()[channel]) / scale.scale()[channel];
    image.pixels.push_back(static_cast<uint8_t>(std::lround(std::clamp(byte, 0.0f, 255.0f))));
  }
  return image;
}

// The training samples of a configuration.
class Previewed {
 public:
  Previewed(const config::Config& config, const DataSets& sets)
      : config_(config),
        data_(*sets.train),
        sampler_(data_.size(), config.data().validation_fraction(), config.seed()),
        row_(data_, 1),
        shape_(row_.Field("input").shape()),
        names_(data_.ClassNames()) {
    shape_ = Shape(std::vector(shape_.extents().begin() + 1, shape_.extents().end()));
    if (IsPicture(shape_)) return;
    ThrowUsage(fmt::format("{} is made of samples {}, which are no pictures to look at",
                           data_.Describe(), shape_.ToString()));
  }

  [[nodiscard]] int64_t size() const { return sampler_.train_size(); }
  // Of the sample that training sees as its nth.
  [[nodiscard]] int64_t Index(int64_t position) const { return sampler_.Train(0, position); }

  Tile Stored(int64_t index) {
    data_.Gather({&index, 1}, row_.batch());
    return {.image = Picture(), .caption = ClassOf(index)};
  }

  Tile Seen(int64_t index, int64_t epoch) {
    int64_t position = 0;
    while (sampler_.Train(epoch, position) != index) ++position;
    data_.GatherForTraining(
        {&index, 1}, {.seed = sampler_.seed(), .epoch = epoch, .position = position}, row_.batch());
    return {.image = Picture(), .caption = fmt::format("epoch {}", epoch + 1)};
  }

 private:
  [[nodiscard]] Image Picture() const {
    const auto values = row_.Field("input").Flat<float>();
    return ImageOf(values, shape_, MakePixelScale(config_.data(), shape_));
  }
  // Of the sample in the row.
  [[nodiscard]] std::string ClassOf(int64_t index) const {
    if (data_.classes() == 0) return fmt::format("sample {}", index);
    const int32_t label = row_.Field("target").Flat<int32_t>()[0];
    return names_.empty() ? fmt::format("class {}", label) : names_[static_cast<size_t>(label)];
  }

  const config::Config& config_;
  const Dataset& data_;
  Sampler sampler_;
  BatchBuffers row_;
  Shape shape_;
  std::vector<std::string> names_;
};

}  // namespace

int PreviewData(const PreviewOptions& options) {
  const Configuration configuration = LoadConfiguration(options.config, options.sets);
  const auto& config = configuration.proto;
  const DataSets sets =
      LocatedInData(configuration, [&] { return OpenData(config.data(), DataRoot(options.data)); });
  Previewed previewed(config, sets);
  const std::string augmentation = DescribeAugmentation(config.data());
  const bool augmented = !augmentation.empty();
  const int64_t samples = std::min<int64_t>(options.samples, previewed.size());
  std::vector<Tile> tiles;
  for (int64_t i = 0; i < samples; ++i) {
    const int64_t index = previewed.Index(i);
    tiles.push_back(previewed.Stored(index));
    for (int epoch = 0; augmented && epoch < options.epochs; ++epoch) {
      tiles.push_back(previewed.Seen(index, epoch));
    }
  }
  const int columns = augmented ? options.epochs + 1 : std::min<int>(8, static_cast<int>(samples));
  const std::string title = augmented ? augmentation : "training samples as stored";
  SavePng(*TileGrid(std::move(tiles), columns, kSide, title), options.output);
  fmt::print("{}: {} training samples of {}{}\n", options.output, samples, sets.train->Describe(),
             augmented ? fmt::format(", as stored and in {} epochs", options.epochs) : "");
  return 0;
}

}  // namespace seve
