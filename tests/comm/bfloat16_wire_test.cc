#include "comm/bfloat16_wire.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace seve {
namespace {

float Through(float value) {
  uint16_t rounded = 0;
  RoundToBfloat16({&value, 1}, &rounded);
  float widened = 0;
  WidenBfloat16({&rounded, 1}, &widened);
  return widened;
}

TEST(Bfloat16Wire, WhatHasEightBitsIsKept) {
  for (const float value : {0.0f, -0.0f, 1.0f, -1.5f, 255.0f, 0x1p-126f, 0x1p-133f, 0x1.fep127f}) {
    EXPECT_EQ(std::bit_cast<uint32_t>(Through(value)), std::bit_cast<uint32_t>(value));
  }
  EXPECT_EQ(Through(INFINITY), INFINITY);
  EXPECT_EQ(Through(-INFINITY), -INFINITY);
}

TEST(Bfloat16Wire, RoundsToNearestAndTiesToEven) {
  EXPECT_EQ(Through(0x1.01p0f), 1.0f);       // half of a last place above an even one
  EXPECT_EQ(Through(0x1.03p0f), 0x1.04p0f);  // above an odd one
  EXPECT_EQ(Through(0x1.010002p0f), 0x1.02p0f);
  EXPECT_EQ(Through(-0x1.010002p0f), -0x1.02p0f);
  EXPECT_EQ(Through(std::numeric_limits<float>::max()), INFINITY);
}

TEST(Bfloat16Wire, WhatIsNotANumberStaysSo) {
  for (const uint32_t bits : {0x7fc00000u, 0x7f800001u, 0xff800001u, 0x7fffffffu, 0xffffffffu}) {
    EXPECT_TRUE(std::isnan(Through(std::bit_cast<float>(bits)))) << std::hex << bits;
  }
}

}  // namespace
}  // namespace seve
