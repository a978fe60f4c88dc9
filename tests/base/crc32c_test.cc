#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace seve {
namespace {

// The check value of every catalogue of CRCs, and RFC 3720, appendix B.4.
TEST(Crc32c, HasThePublishedValues) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AA);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43);
  EXPECT_EQ(Crc32c(""), 0u);
}

}  // namespace
}  // namespace seve
