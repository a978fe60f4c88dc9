#include "report/pictures/value_picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "report/draw/palette.h"

namespace seve {
namespace {

// ColorBrewer's "RdBu" (Brewer 2003) with white in its middle.
constexpr std::array<Colour, 5> kNegative = {
    FromHex(0xFFFFFF), FromHex(0xD1E5F0), FromHex(0x92C5DE), FromHex(0x4393C3), FromHex(0x2166AC)};
constexpr std::array<Colour, 5> kPositive = {
    FromHex(0xFFFFFF), FromHex(0xFDDBC7), FromHex(0xF4A582), FromHex(0xD6604D), FromHex(0xB2182B)};

uint8_t ToByte(double share) {
  return static_cast<uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
}

// share: -1 to 1.
std::array<uint8_t, 3> SignedColour(double share) {
  const auto& steps = share < 0 ? kNegative : kPositive;
  const double at = std::min(std::abs(share), 1.0) * (steps.size() - 1);
  const auto below = std::min(static_cast<size_t>(at), steps.size() - 2);
  const double rest = at - static_cast<double>(below);
  const Colour& a = steps[below];
  const Colour& b = steps[below + 1];
  return {ToByte(std::lerp(a.red, b.red, rest)), ToByte(std::lerp(a.green, b.green, rest)),
          ToByte(std::lerp(a.blue, b.blue, rest))};
}

}  // namespace

bool IsPicture(const Shape& shape) {
  return shape.rank() == 3 && (shape[0] == 1 || shape[0] == 3) && shape[1] > 1 && shape[2] > 1;
}

Image SignedPicture(std::span<const float> values, int64_t height, int64_t width, double limit) {
  Image image{height, width, 3, {}};
  for (const float value : values) {
    const double share = limit > 0 ? static_cast<double>(value) / limit : 0;
    const auto colour = SignedColour(std::isfinite(share) ? share : 0);
    image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  }
  return image;
}

Image PixelPicture(std::span<const float> values, const Shape& shape, double low, double high) {
  const auto channels = static_cast<size_t>(shape[0]);
  const auto places = static_cast<size_t>(shape[1] * shape[2]);
  Image image{shape[1], shape[2], static_cast<int>(channels), {}};
  for (size_t place = 0; place < places; ++place) {
    for (size_t channel = 0; channel < channels; ++channel) {
      const auto value = static_cast<double>(values[channel * places + place]);
      const double share = high > low ? (value - low) / (high - low) : 0;
      image.pixels.push_back(ToByte(std::isfinite(share) ? share : 0));
    }
  }
  return image;
}

Image StretchedPicture(std::span<const float> values, const Shape& shape) {
  const auto [low, high] = std::ranges::minmax(values);
  return PixelPicture(values, shape, static_cast<double>(low), static_cast<double>(high));
}

}  // namespace seve
