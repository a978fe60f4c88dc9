// Where an axis is marked, and with what text.
#pragma once

#include <string>
#include <vector>

namespace seve {

struct Tick {
  double value = 0;
  std::string text;
};

// The multiples of 1, 2 or 5 times a power of ten from low to high, at most `most` (at least 2)
// of them, as many as that allows.
std::vector<Tick> LinearTicks(double low, double high, int most);

// Powers of ten from low (above 0) to high, with steps between them where there is room; linear
// ticks where the range is too small for that.
std::vector<Tick> LogTicks(double low, double high, int most);

}  // namespace seve
