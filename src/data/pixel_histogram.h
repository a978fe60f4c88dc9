// How often each value occurs among the bytes of pictures, channel by channel.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace seve {

class PixelHistogram {
 public:
  explicit PixelHistogram(int64_t channels) : counts_(static_cast<size_t>(channels)) {}

  // Bytes whose channels take turns.
  void Add(std::span<const uint8_t> pixels);
  void Add(const PixelHistogram& other);

  struct Figures {
    double mean = 0;  // of value/255
    double deviation = 0;
  };
  // Of each channel, and of all values. 0 without any.
  [[nodiscard]] std::vector<Figures> Channels() const;
  [[nodiscard]] Figures All() const;

 private:
  using Counts = std::array<int64_t, 256>;
  static Figures FiguresOf(const Counts& counts);

  std::vector<Counts> counts_;
};

}  // namespace seve
