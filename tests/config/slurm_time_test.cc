#include "config/slurm_time.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

constexpr int64_t kMinute = 60, kHour = 3600, kDay = 86400;

TEST(SlurmTime, EveryFormatOfSlurmIsRead) {
  EXPECT_EQ(SlurmSeconds("90"), 90 * kMinute);
  EXPECT_EQ(SlurmSeconds("3:00"), 3 * kMinute);
  EXPECT_EQ(SlurmSeconds("3:30"), 3 * kMinute + 30);
  EXPECT_EQ(SlurmSeconds("3:00:00"), 3 * kHour);
  EXPECT_EQ(SlurmSeconds("23:50:01"), 23 * kHour + 50 * kMinute + 1);
  EXPECT_EQ(SlurmSeconds("7-0"), 7 * kDay);
  EXPECT_EQ(SlurmSeconds("1-12"), kDay + 12 * kHour);
  EXPECT_EQ(SlurmSeconds("0-12:30"), 12 * kHour + 30 * kMinute);
  EXPECT_EQ(SlurmSeconds("2-00:00:05"), 2 * kDay + 5);
}

TEST(SlurmTime, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "0", "0:00", "0-0", "3h", "3 h", "-1", "1-", "1-2:3:4:5", "1:2:3:4",
                           ":30", "3:", "3::0", "1.5", "+3", "UNLIMITED", "9999999999", "1-1-1"}) {
    EXPECT_EQ(SlurmSeconds(text), std::nullopt) << text;
  }
}

TEST(SlurmTime, IsWrittenWithDaysFromOneDayOn) {
  EXPECT_EQ(SlurmTime(3 * kHour), "03:00:00");
  EXPECT_EQ(SlurmTime(kDay - 1), "23:59:59");
  EXPECT_EQ(SlurmTime(kDay), "1-00:00:00");
  EXPECT_EQ(SlurmTime(7 * kDay + 61), "7-00:01:01");
  for (const int64_t seconds : {1L, 61L, 3 * kHour, kDay + 5, 30 * kDay}) {
    EXPECT_EQ(SlurmSeconds(SlurmTime(seconds)), seconds);
  }
}

}  // namespace
}  // namespace seve
