#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tensor/cuda_devices.h"

namespace seve {
namespace {

using testing::StartsWith;

TEST(CudaDevices, EveryGpuHasANameAnIdentityAndMemory) {
  const GpuSurvey survey = SurveyGpus();
  ASSERT_FALSE(survey.gpus.empty()) << survey.problem;
  EXPECT_EQ(survey.problem, "");
  std::set<std::string> uuids;
  for (const GpuInfo& gpu : survey.gpus) {
    EXPECT_NE(gpu.name, "");
    EXPECT_NE(gpu.pci_bus_id, "");
    EXPECT_EQ(gpu.uuid.size(), 40U) << gpu.uuid;
    EXPECT_GT(gpu.major, 0);
    EXPECT_GT(gpu.total_bytes, 0U);
    uuids.insert(gpu.uuid);
  }
  EXPECT_EQ(uuids.size(), survey.gpus.size());
}

TEST(CudaDevices, TheFirstGpuIsUsableAndHasFreeMemory) {
  const GpuSurvey survey = SurveyGpus();
  ASSERT_FALSE(survey.gpus.empty()) << survey.problem;
  EXPECT_EQ(WhyNotUsable(survey.gpus.front()), "");
  const size_t free = FreeBytesOf(0);
  EXPECT_GT(free, 0U);
  EXPECT_LE(free, survey.gpus.front().total_bytes);
}

TEST(CudaDevices, TheVersionBuiltInIsCudas) {
  EXPECT_THAT(CudaVersionText(), StartsWith("CUDA 1"));
}

}  // namespace
}  // namespace seve
