#include "data/augment/color_jitter.h"

#include <array>

namespace seve {
namespace {

// Brightness and contrast change each byte by itself: a table for every byte that there is.
using Table = std::array<uint8_t, 256>;

template <typename Change>
Table TableOf(Change change) {
  Table table;
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<uint8_t>(change(static_cast<int32_t>(i)));
  }
  return table;
}

template <size_t kChannels>
std::array<int32_t, kChannels> Look(const Table& table, const uint8_t* pixel) {
  std::array<int32_t, kChannels> values;
  for (size_t i = 0; i < kChannels; ++i) values[i] = table[pixel[i]];
  return values;
}

}  // namespace

template <size_t kChannels>
void ColorJitter::WriteChannels(Drawn drawn, const uint8_t* from, size_t bytes, uint8_t* to) const {
  const PictureExtent pixel = {1, 1, kChannels};
  Table table = TableOf([&](int32_t value) { return Away(value, 0, drawn.brightness); });
  if (NeedsMean()) {
    int64_t sum = 0;
    for (size_t at = 0; at < bytes; at += kChannels) {
      sum += Grey(Look<kChannels>(table, from + at).data(), pixel);
    }
    const PictureExtent row = {1, static_cast<int32_t>(bytes / kChannels), kChannels};
    drawn.mean = MeanOf(sum, row);
    table = TableOf([&](int32_t value) {
      return Away(table[static_cast<size_t>(value)], drawn.mean, drawn.contrast);
    });
  }
  for (size_t at = 0; at < bytes; at += kChannels) {
    const auto values = Look<kChannels>(table, from + at);
    const int32_t grey = Grey(values.data(), pixel);
    for (size_t i = 0; i < kChannels; ++i) {
      to[at + i] = static_cast<uint8_t>(Away(values[i], grey, drawn.saturation));
    }
  }
}

void ColorJitter::Write(const Drawn& drawn, const uint8_t* from, const PictureExtent& extent,
                        uint8_t* to) const {
  if (extent.channels == 1) return WriteChannels<1>(drawn, from, extent.bytes(), to);
  WriteChannels<3>(drawn, from, extent.bytes(), to);
}

}  // namespace seve
