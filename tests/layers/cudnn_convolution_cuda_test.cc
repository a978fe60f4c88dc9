#include <gmock/gmock.h>

#include "base/error.h"
#include "layers/cuda/convolution_passes.h"
#include "layers/layers_cuda_testing.h"

namespace seve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ConvolutionPass kPasses[] = {ConvolutionPass::kForward, ConvolutionPass::kInputGradient,
                                       ConvolutionPass::kWeightGradient};

ConvolutionGeometry Geometry(int64_t kernel, int64_t stride) {
  const int64_t padding = kernel / 2;
  const int64_t output = WindowsAlong(14, kernel, stride, padding);
  return {.inputs = 16,
          .outputs = 24,
          .input = {14, 14},
          .output = {output, output},
          .kernel = {kernel, kernel},
          .stride = {stride, stride},
          .dilation = {1, 1},
          .padding = {padding, padding}};
}

using CudnnConvolutionTest = CudaTest;

TEST_F(CudnnConvolutionTest, FindsAnEngineForEveryPassAndPrecision) {
  for (const Precision precision : kPrecisions) {
    for (const ConvolutionPass pass : kPasses) {
      for (const bool add : {false, true}) {
        std::string problem;
        const auto found = CudnnConvolution::Find({.pass = pass,
                                                   .geometry = Geometry(3, 2),
                                                   .rows = 4,
                                                   .precision = precision,
                                                   .add = add},
                                                  device(), &problem);
        EXPECT_TRUE(found.has_value()) << NameOf(precision) << ' ' << NameOf(pass) << problem;
      }
    }
  }
}

TEST_F(CudnnConvolutionTest, Fp32IsComputedWithoutTensorCores) {
  for (const ConvolutionPass pass : kPasses) {
    std::string problem;
    const auto found = CudnnConvolution::Find(
        {.pass = pass, .geometry = Geometry(3, 1), .rows = 4, .precision = Precision::kFp32},
        device(), &problem);
    ASSERT_TRUE(found.has_value()) << problem;
    EXPECT_THAT(found->engine(), Not(HasSubstr("tensor cores"))) << NameOf(pass);
  }
}

TEST_F(CudnnConvolutionTest, WhatCudnnCannotDoIsAnErrorThatNamesIt) {
  ConvolutionGeometry geometry = Geometry(3, 1);
  geometry.output = {77, 77};
  const CudaScope scope = {.device = device(), .precision = Precision::kBf16};
  try {
    const PicturePass pass(ConvolutionPass::kInputGradient, geometry, 4, {}, scope);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    for (const char* words :
         {"cuDNN", "input gradient", "BF16", "(4, 16, 14, 14)", "(24, 16, 3, 3)", "stride 1 x 1"}) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  }
}

TEST_F(CudnnConvolutionTest, ScratchGrowsBesideWhatIsInUse) {
  const auto small = device().Scratch(1000);
  EXPECT_EQ(device().Scratch(10), small);
  const auto large = device().Scratch(small->size() + 1);
  EXPECT_NE(large, small);
  EXPECT_GT(large->size(), small->size());
  EXPECT_EQ(device().Scratch(1000), large);
}

}  // namespace
}  // namespace seve::testing
