#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "model/cuda/memory_needs.h"

namespace seve {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

MemoryNeeds SomeNeeds() {
  MemoryNeeds needs;
  needs.Add("parameters", 3 * kMiB);
  needs.Add("optimizer (sgd)", 0);
  needs.Add("activations of 64 samples", 5 * kMiB);
  return needs;
}

TEST(MemoryNeeds, WhatFitsExactlyIsAllowed) {
  EXPECT_EQ(SomeNeeds().total(), 8 * kMiB);
  EXPECT_NO_THROW(SomeNeeds().Check("GPU 0", 8 * kMiB));
}

TEST(MemoryNeeds, TooLittleSaysWhatNeedsHowMuchAndWhatToLower) {
  try {
    SomeNeeds().Check("GPU 3", 8 * kMiB - 1);
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    const std::string message = error.what();
    EXPECT_THAT(message, testing::StartsWith("GPU 3 has 8.0 MiB of memory free, but this run needs "
                                             "8.0 MiB: parameters 3.0 MiB, activations of 64 "
                                             "samples 5.0 MiB. Lower batch.size"));
  }
}

}  // namespace
}  // namespace seve
