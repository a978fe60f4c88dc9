#include "cli/picture_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "report/draw/figure.h"

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
std::string NoteOf(const std::string& path, const Image& image, const Shape& shape) {
  std::vector<std::string> changes;
  if (image.channels == 3 && shape[0] == 1) changes.emplace_back("colour made grey");
  if (image.height != shape[1] || image.width != shape[2]) {
    const bool same = image.height * shape[2] == image.width * shape[1];
    changes.push_back(fmt::format("{} {} to {}", SizeText(image.height, image.width),
                                  same ? "resized" : "stretched", SizeText(shape[1], shape[2])));
  }
  return changes.empty() ? "" : path + ": " + Join(changes);
}

// Cairo takes other files for lack of memory.
void CheckIsPng(const std::string& path) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  const InputFile file(path);
  std::string start(std::min(file.size(), kSignature.size()), ' ');
  file.Read(0, std::as_writable_bytes(std::span(start)));
  if (start != kSignature) {
    ThrowData(path + " is no PNG picture: give PNG files, to which picture viewers export others");
  }
}

}  // namespace

std::vector<Image> ReadPictures(const std::vector<std::string>& paths, const Shape& shape,
                                bool invert, std::vector<std::string>* notes) {
  std::vector<Image> pictures;
  for (const std::string& path : paths) {
    CheckIsPng(path);
    const Image read = ReadPng(path);
    if (auto note = NoteOf(path, read, shape); !note.empty()) notes->push_back(note);
    Image& picture = pictures.emplace_back(
        Resized(WithChannels(read, static_cast<int>(shape[0])), shape[1], shape[2]));
    if (!invert) continue;
    for (uint8_t& value : picture.pixels) value = static_cast<uint8_t>(255 - value);
  }
  return pictures;
}

ImageSamples ToSamples(const std::vector<Image>& pictures, const Shape& shape) {
  ImageSamples samples;
  samples.picture = shape;
  samples.labels.assign(pictures.size(), 0);
  samples.classes = 1;
  samples.pixels = Buffer(pictures.size() * static_cast<size_t>(shape.elements()));
  const auto channels = static_cast<size_t>(shape[0]);
  const auto places = static_cast<size_t>(shape[1] * shape[2]);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto pixels = samples.Picture(static_cast<int64_t>(i));
    for (size_t at = 0; at < pixels.size(); ++at) {
      pixels[at % channels * places + at / channels] = pictures[i].pixels[at];
    }
  }
  return samples;
}

Image WithChannels(const Image& image, int channels) {
  if (image.channels == channels) return image;
  Image changed{image.height, image.width, channels, {}};
  const auto step = static_cast<size_t>(image.channels);
  for (size_t at = 0; at < image.pixels.size(); at += step) {
    const uint8_t* pixel = &image.pixels[at];
    if (channels == 3) {
      changed.pixels.insert(changed.pixels.end(), 3, *pixel);
    } else {
      const double grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
      changed.pixels.push_back(static_cast<uint8_t>(std::lround(grey)));
    }
  }
  return changed;
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
