#include "data/augment/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

// "32x32", width first.
std::string SizeOf(const PictureExtent& extent) {
  return fmt::format("{}x{}", extent.width, extent.height);
}

int32_t ShorterSide(const PictureExtent& extent) { return std::min(extent.height, extent.width); }

PadAndCrop Make(const config::PadAndCrop& message, const std::string& path,
                const PictureExtent& extent) {
  if (message.padding() >= ShorterSide(extent)) {
    ThrowUsage(fmt::format("{}.padding is {}, but the pictures are {}: it must be below {}", path,
                           message.padding(), SizeOf(extent), ShorterSide(extent)));
  }
  return {.padding = message.padding(), .reflect = message.reflect()};
}

Flip Make(const config::Flip& message, const std::string& /*path*/,
          const PictureExtent& /*extent*/) {
  return {.threshold = static_cast<uint64_t>(
              std::llround(static_cast<double>(message.probability()) * 0x1p32)),
          .alternating = message.alternating()};
}

RandomResizedCrop Make(const config::RandomResizedCrop& message, const std::string& /*path*/,
                       const PictureExtent& /*extent*/) {
  return RandomResizedCrop::Of(message.smallest_area(), message.largest_area(),
                               message.narrowest());
}

ColorJitter Make(const config::ColorJitter& message, const std::string& path,
                 const PictureExtent& extent) {
  if (extent.channels != 1 && extent.channels != 3) {
    ThrowUsage(fmt::format("{} works on pictures of one or three channels, but these have {}", path,
                           extent.channels));
  }
  if (extent.channels == 1 && message.saturation() > 0) {
    ThrowUsage(fmt::format("{}.saturation is {:g}, but grey pictures have none: remove it", path,
                           message.saturation()));
  }
  const auto share = [](float value) {
    return static_cast<int32_t>(std::lround(value * ColorJitter::kOne));
  };
  return {.brightness = share(message.brightness()),
          .contrast = share(message.contrast()),
          .saturation = share(message.saturation())};
}

Cutout Make(const config::Cutout& message, const std::string& path, const PictureExtent& extent) {
  if (message.side() > ShorterSide(extent)) {
    ThrowUsage(fmt::format("{}.side is {}, but the pictures are {}: it may be up to {}", path,
                           message.side(), SizeOf(extent), ShorterSide(extent)));
  }
  return {.side = message.side(), .fill = {}};
}

// The byte nearest to each channel's mean.
void Fill(Cutout& cutout, const PictureExtent& extent, const PixelScale& scale) {
  for (int32_t channel = 0; channel < extent.channels; ++channel) {
    const auto at = static_cast<size_t>(channel) % scale.channels();
    const float mean = std::clamp(scale.means()[at], 0.0f, 1.0f);
    cutout.fill[channel] = static_cast<uint8_t>(std::lround(255 * mean));
  }
}

Operation MakeOperation(const config::Augmentation& message, const std::string& path,
                        const PictureExtent& extent, const PixelScale& scale) {
  using Kind = Operation::Kind;
  switch (message.kind_case()) {
    case config::Augmentation::kPadAndCrop:
      return {.kind = Kind::kPadAndCrop,
              .pad_and_crop = Make(message.pad_and_crop(), path + ".pad_and_crop", extent)};
    case config::Augmentation::kFlip:
      return {.kind = Kind::kFlip, .flip = Make(message.flip(), path + ".flip", extent)};
    case config::Augmentation::kRandomResizedCrop:
      return {.kind = Kind::kRandomResizedCrop,
              .random_resized_crop =
                  Make(message.random_resized_crop(), path + ".random_resized_crop", extent)};
    case config::Augmentation::kColorJitter:
      return {.kind = Kind::kColorJitter,
              .color_jitter = Make(message.color_jitter(), path + ".color_jitter", extent)};
    case config::Augmentation::kCutout: {
      Operation operation = {.kind = Kind::kCutout,
                             .cutout = Make(message.cutout(), path + ".cutout", extent)};
      Fill(operation.cutout, extent, scale);
      return operation;
    }
    case config::Augmentation::KIND_NOT_SET:
      break;
  }
  Check(false, "an augmentation that is missing from the registry");
  return {};
}

std::string Describe(const config::ColorJitter& jitter) {
  std::vector<std::string> parts;
  const auto add = [&](const char* what, float most) {
    if (most > 0) parts.push_back(fmt::format("{} within {:g} %", what, 100 * most));
  };
  add("brightness", jitter.brightness());
  add("contrast", jitter.contrast());
  add("saturation", jitter.saturation());
  return Join(parts);
}

std::string Describe(const config::Augmentation& message) {
  if (message.has_pad_and_crop()) {
    const auto& crop = message.pad_and_crop();
    return fmt::format("pad {}{} and crop", crop.padding(), crop.reflect() ? " reflected" : "");
  }
  if (message.has_flip()) {
    if (message.flip().alternating()) return "flip every other epoch";
    return fmt::format("flip {:g} %", 100 * message.flip().probability());
  }
  if (message.has_random_resized_crop()) {
    const auto& crop = message.random_resized_crop();
    return fmt::format("crop {:g} to {:g} % of the area and resize", 100 * crop.smallest_area(),
                       100 * crop.largest_area());
  }
  if (message.has_color_jitter()) return Describe(message.color_jitter());
  return fmt::format("cutout {0}x{0}", message.cutout().side());
}

}  // namespace

PixelScale MakePixelScale(const config::Data& data, const Shape& picture) {
  if (!data.has_normalize()) return PixelScale();
  const auto& normalize = data.normalize();
  const int count = std::max(normalize.mean_size(), normalize.deviation_size());
  const int64_t channels = picture.rank() == 3 ? picture[0] : 1;
  if (count > 1 && count != channels) {
    ThrowUsage(fmt::format(
        "data.normalize has numbers for {} channels, but the samples {} have {}: "
        "give one number for all, or one a channel",
        count, picture.ToString(), picture.rank() == 3 ? fmt::to_string(channels) : "none"));
  }
  std::vector<float> means(normalize.mean().begin(), normalize.mean().end());
  std::vector<float> deviations(normalize.deviation().begin(), normalize.deviation().end());
  means.resize(static_cast<size_t>(count), means.at(0));
  deviations.resize(static_cast<size_t>(count), deviations.at(0));
  return {means, deviations};
}

std::unique_ptr<const Augmenter> MakeAugmenter(const config::Data& data, const Shape& picture,
                                               const PixelScale& scale) {
  if (data.augment_size() == 0) return nullptr;
  const bool fits = picture.rank() == 3 && picture[0] <= PictureExtent::kMostChannels &&
                    picture[1] <= PictureExtent::kMostSide &&
                    picture[2] <= PictureExtent::kMostSide;
  if (!fits) {
    ThrowUsage(
        fmt::format("data.augment works on pictures (C, H, W) of up to {} channels and {} "
                    "pixels a side, but the samples are {}: remove it",
                    PictureExtent::kMostChannels, PictureExtent::kMostSide, picture.ToString()));
  }
  const PictureExtent extent = {static_cast<int32_t>(picture[1]), static_cast<int32_t>(picture[2]),
                                static_cast<int32_t>(picture[0])};
  std::vector<Operation> operations;
  for (int i = 0; i < data.augment_size(); ++i) {
    operations.push_back(
        MakeOperation(data.augment(i), fmt::format("data.augment[{}]", i), extent, scale));
  }
  return std::make_unique<Augmenter>(std::move(operations), extent);
}

std::string DescribeAugmentation(const config::Data& data) {
  std::vector<std::string> parts;
  for (const auto& message : data.augment()) parts.push_back(Describe(message));
  return Join(parts);
}

}  // namespace seve
