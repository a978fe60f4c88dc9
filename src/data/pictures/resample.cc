#include "data/pictures/resample.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace seve {
namespace {

// Weights are whole numbers with this many bits behind the point, as Pillow has them: sums are
// exact, so that every machine gives the same bytes.
constexpr int kBits = 22;

// The old places that each new place along an axis is made of.
class Axis {
 public:
  // New places `first` to `first + count - 1` of `new_size`.
  Axis(int64_t old_size, int64_t new_size, int64_t first, int64_t count) {
    const double scale = static_cast<double>(old_size) / static_cast<double>(new_size);
    const double reach = std::max(scale, 1.0);
    for (int64_t place = first; place < first + count; ++place) {
      const double centre = (static_cast<double>(place) + 0.5) * scale;
      const auto begin = std::max<int64_t>(static_cast<int64_t>(centre - reach + 0.5), 0);
      const auto end = std::min(static_cast<int64_t>(centre + reach + 0.5), old_size);
      AddPlace(begin, end, centre, reach);
    }
  }

  [[nodiscard]] size_t size() const { return begins_.size(); }
  [[nodiscard]] int64_t begin(size_t place) const { return begins_[place]; }
  [[nodiscard]] std::span<const int32_t> weights(size_t place) const {
    const size_t from = place == 0 ? 0 : ends_[place - 1];
    return std::span(weights_).subspan(from, ends_[place] - from);
  }

 private:
  void AddPlace(int64_t begin, int64_t end, double centre, double reach) {
    std::vector<double> shares;
    double sum = 0;
    for (int64_t old = begin; old < end; ++old) {
      const double distance = std::abs((static_cast<double>(old) - centre + 0.5) / reach);
      shares.push_back(std::max(1 - distance, 0.0));
      sum += shares.back();
    }
    for (const double share : shares) {
      weights_.push_back(static_cast<int32_t>(0.5 + share / sum * (1 << kBits)));
    }
    begins_.push_back(begin);
    ends_.push_back(weights_.size());
  }

  std::vector<int64_t> begins_;
  std::vector<size_t> ends_;  // of its weights
  std::vector<int32_t> weights_;
};

uint8_t ByteOf(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> kBits, 0, 255)); }

// One row, from pixels of kChannels bytes.
template <int kChannels>
void ScaleRow(const Axis& columns, const uint8_t* row, uint8_t* to) {
  for (size_t x = 0; x < columns.size(); ++x) {
    int32_t sums[kChannels];
    std::fill_n(sums, kChannels, 1 << (kBits - 1));
    const uint8_t* from = row + columns.begin(x) * kChannels;
    for (const int32_t weight : columns.weights(x)) {
      for (int channel = 0; channel < kChannels; ++channel) sums[channel] += weight * from[channel];
      from += kChannels;
    }
    for (const int32_t sum : sums) *to++ = ByteOf(sum);
  }
}

// One row out of several: `rows` are `bytes` apart.
void MixRows(std::span<const int32_t> weights, const uint8_t* rows, size_t bytes,
             std::vector<int32_t>* sums, uint8_t* to) {
  sums->assign(bytes, 1 << (kBits - 1));
  for (const int32_t weight : weights) {
    for (size_t i = 0; i < bytes; ++i) (*sums)[i] += weight * rows[i];
    rows += bytes;
  }
  for (size_t i = 0; i < bytes; ++i) to[i] = ByteOf((*sums)[i]);
}

}  // namespace

void Resample(const Bitmap& bitmap, const Crop& from, const PictureSize& to, const Crop& window,
              std::span<uint8_t> pixels) {
  const auto channels = static_cast<size_t>(bitmap.channels);
  const size_t bytes = static_cast<size_t>(window.width) * channels;
  Check(pixels.size() == static_cast<size_t>(window.height) * bytes, "pixels of another size");
  Check(from.height >= 1 && from.width >= 1 && from.top >= 0 && from.left >= 0 &&
            from.top + from.height <= bitmap.height && from.left + from.width <= bitmap.width,
        "a rectangle outside its picture");
  const Axis rows(from.height, to.height, window.top, window.height);
  const Axis columns(from.width, to.width, window.left, window.width);
  const auto scale_row = channels == 3 ? ScaleRow<3> : ScaleRow<1>;

  // The old rows that the window is made of, at their new width.
  const int64_t first = rows.begin(0);
  const size_t last = rows.size() - 1;
  const int64_t end = rows.begin(last) + static_cast<int64_t>(rows.weights(last).size());
  std::vector<uint8_t> narrowed(static_cast<size_t>(end - first) * bytes);
  for (int64_t row = first; row < end; ++row) {
    const int64_t at = ((from.top + row) * bitmap.width + from.left) * bitmap.channels;
    scale_row(columns, bitmap.pixels.data() + at,
              narrowed.data() + static_cast<size_t>(row - first) * bytes);
  }
  std::vector<int32_t> sums;
  for (size_t y = 0; y < rows.size(); ++y) {
    const auto* above = narrowed.data() + static_cast<size_t>(rows.begin(y) - first) * bytes;
    MixRows(rows.weights(y), above, bytes, &sums, pixels.data() + y * bytes);
  }
}

Bitmap Resized(const Bitmap& bitmap, const PictureSize& to) {
  Bitmap resized{to.height, to.width, bitmap.channels, {}};
  resized.pixels.resize(static_cast<size_t>(to.height * to.width * bitmap.channels));
  Resample(bitmap, {0, 0, bitmap.height, bitmap.width}, to, {0, 0, to.height, to.width},
           resized.pixels);
  return resized;
}

PictureSize ScaledTo(const PictureSize& size, int64_t shorter) {
  if (size.height <= size.width) return {shorter, shorter * size.width / size.height};
  return {shorter * size.height / size.width, shorter};
}

Crop Middle(const PictureSize& size, int64_t height, int64_t width) {
  const auto before = [](int64_t all, int64_t part) {
    return static_cast<int64_t>(std::nearbyint(static_cast<double>(all - part) / 2));
  };
  return {before(size.height, height), before(size.width, width), height, width};
}

}  // namespace seve
