#include "cli/picture_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "data/image_folder/registry.h"
#include "data/pictures/decode.h"

namespace seve {
namespace {

// How much of each old place along one axis lies in the new place `at`: (place, length).
std::vector<std::pair<int64_t, double>> Covered(int64_t at, int64_t old_size, int64_t new_size) {
  const double scale = static_cast<double>(old_size) / static_cast<double>(new_size);
  const double begin = static_cast<double>(at) * scale, end = begin + scale;
  std::vector<std::pair<int64_t, double>> parts;
  for (auto place = static_cast<int64_t>(begin); place < old_size; ++place) {
    const auto low = static_cast<double>(place);
    const double length = std::min(end, low + 1) - std::max(begin, low);
    if (length <= 0) break;
    parts.emplace_back(place, length);
  }
  return parts;
}

std::string SizeText(int64_t height, int64_t width) { return fmt::format("{}x{}", width, height); }

// "digit.png: colour made grey, 56x40 stretched to 28x28"; empty where nothing changes.
std::string NoteOf(const std::string& path, const Image& image, const Shape& shape, bool cut) {
  std::vector<std::string> changes;
  if (image.channels == 3 && shape[0] == 1) changes.emplace_back("colour made grey");
  if (image.height != shape[1] || image.width != shape[2]) {
    const bool same = image.height * shape[2] == image.width * shape[1];
    changes.push_back(fmt::format("{} {} to {}", SizeText(image.height, image.width),
                                  cut    ? "scaled and cut"
                                  : same ? "resized"
                                         : "stretched",
                                  SizeText(shape[1], shape[2])));
  }
  return changes.empty() ? "" : path + ": " + Join(changes);
}

Image ReadImage(const std::string& path) {
  const std::string file = ReadFile(path);
  Bitmap bitmap = DecodePicture(BytesOf(file), path, 0);
  return {bitmap.height, bitmap.width, static_cast<int>(bitmap.channels), std::move(bitmap.pixels)};
}

Image Cut(Image image, const PictureSizing& sizing, const std::string& path) {
  const Bitmap bitmap{image.height, image.width, image.channels, std::move(image.pixels)};
  Image cut{sizing.picture[1], sizing.picture[2], image.channels, {}};
  cut.pixels.resize(static_cast<size_t>(sizing.picture.elements()));
  FitPicture(bitmap, sizing, path, cut.pixels);
  return cut;
}

}  // namespace

std::vector<Image> ReadPictures(const std::vector<std::string>& paths, const config::Data& data,
                                const Shape& shape, bool invert, std::vector<std::string>* notes) {
  const PictureSizing sizing = SizingOf(data.image_folder(), shape);
  const bool cut = sizing.resize > 0;
  std::vector<Image> pictures;
  for (const std::string& path : paths) {
    const Image read = ReadImage(path);
    if (auto note = NoteOf(path, read, shape, cut); !note.empty()) notes->push_back(note);
    Image picture = WithChannels(read, static_cast<int>(shape[0]));
    pictures.push_back(cut ? Cut(std::move(picture), sizing, path)
                           : Resized(picture, shape[1], shape[2]));
    if (!invert) continue;
    for (uint8_t& value : pictures.back().pixels) value = static_cast<uint8_t>(255 - value);
  }
  return pictures;
}

ImageSamples ToSamples(const std::vector<Image>& pictures, const Shape& shape) {
  ImageSamples samples;
  samples.picture = shape;
  samples.labels.assign(pictures.size(), 0);
  samples.classes = 1;
  samples.pixels = Buffer(pictures.size() * static_cast<size_t>(shape.elements()));
  for (size_t i = 0; i < pictures.size(); ++i) {
    std::ranges::copy(pictures[i].pixels, samples.Picture(static_cast<int64_t>(i)).begin());
  }
  return samples;
}

Image WithChannels(const Image& image, int channels) {
  Bitmap changed =
      WithChannels(Bitmap{image.height, image.width, image.channels, image.pixels}, channels);
  return {changed.height, changed.width, channels, std::move(changed.pixels)};
}

Image Resized(const Image& image, int64_t height, int64_t width) {
  if (image.height == height && image.width == width) return image;
  Image resized{height, width, image.channels, {}};
  for (int64_t y = 0; y < height; ++y) {
    const auto rows = Covered(y, image.height, height);
    for (int64_t x = 0; x < width; ++x) {
      const auto columns = Covered(x, image.width, width);
      for (int channel = 0; channel < image.channels; ++channel) {
        double sum = 0, area = 0;
        for (const auto& [row, tall] : rows) {
          for (const auto& [column, wide] : columns) {
            const auto at = (row * image.width + column) * image.channels + channel;
            sum += tall * wide * image.pixels[static_cast<size_t>(at)];
            area += tall * wide;
          }
        }
        resized.pixels.push_back(static_cast<uint8_t>(std::lround(sum / area)));
      }
    }
  }
  return resized;
}

}  // namespace seve
