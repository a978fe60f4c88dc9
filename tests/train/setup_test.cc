#include "train/setup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "train/training_testing.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Setup, WhatTheDataRuleOutNamesItsPlaceInTheConfiguration) {
  try {
    MakeSetup({"data.augment={ flip {} }", "data.augment[1]={ cutout { side: 40 } }"});
    FAIL() << "a square of 40 was cut out of digits";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("--set data.augment[1]={ cutout { side: 40 } }: "
                                              "data.augment[1].cutout.side is 40"),
                                    HasSubstr("28x28")));
  }
}

}  // namespace
}  // namespace seve
