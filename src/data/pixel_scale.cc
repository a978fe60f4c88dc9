#include "data/pixel_scale.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace seve {
namespace {

constexpr size_t kLanes = 16;  // floats of the widest vectors

void ApplyOne(const uint8_t* __restrict__ bytes, size_t count, float scale, float shift,
              float* __restrict__ values) {
  for (size_t i = 0; i < count; ++i) {
    values[i] = std::fma(static_cast<float>(bytes[i]), scale, shift);
  }
}

void ApplyEach(const uint8_t* __restrict__ bytes, size_t count, const float* __restrict__ scale,
               const float* __restrict__ shift, float* __restrict__ values) {
  for (size_t i = 0; i < count; ++i) {
    values[i] = std::fma(static_cast<float>(bytes[i]), scale[i], shift[i]);
  }
}

}  // namespace

PixelScale::PixelScale(float mean, float deviation)
    : PixelScale(std::span(&mean, 1), std::span(&deviation, 1)) {}

PixelScale::PixelScale(std::span<const float> means, std::span<const float> deviations)
    : means_(means.begin(), means.end()) {
  Check(!means.empty() && means.size() == deviations.size(), "a mean and a deviation a channel");
  for (size_t i = 0; i < means.size() * kLanes; ++i) {
    const double mean = means[i % means.size()], deviation = deviations[i % means.size()];
    Check(deviation > 0, "deviation of the pixels must be positive");
    scale_.push_back(static_cast<float>(1 / (255.0 * deviation)));
    shift_.push_back(static_cast<float>(-mean / deviation));
  }
}

std::span<const float> PixelScale::scale() const { return std::span(scale_).first(channels()); }

std::span<const float> PixelScale::shift() const { return std::span(shift_).first(channels()); }

void PixelScale::Apply(const uint8_t* bytes, size_t count, float* values) const {
  if (channels() == 1) return ApplyOne(bytes, count, scale_[0], shift_[0], values);
  constexpr size_t kColour = 3 * kLanes;
  const size_t period = scale_.size();
  size_t done = 0;
  for (; period == kColour && done + kColour <= count; done += kColour) {
    ApplyEach(bytes + done, kColour, scale_.data(), shift_.data(), values + done);
  }
  for (; done < count; done += period) {
    ApplyEach(bytes + done, std::min(period, count - done), scale_.data(), shift_.data(),
              values + done);
  }
}

}  // namespace seve
