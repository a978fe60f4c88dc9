// The CUDA half of every loss against its CPU half, which losses_test.cc holds to float64, in each
// precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "layers/cross_entropy.h"
#include "layers/layers_cuda_testing.h"
#include "layers/loss_testing.h"
#include "layers/mean_squared_error.h"

namespace seve::testing {
namespace {

// Both halves compute in float32 and sum in float64.
constexpr double kTolerance = 1e-6;

// A gradient is rounded to the precision once.
double GradientToleranceOf(Precision precision) {
  switch (ActivationType(precision)) {
    case DType::kBfloat16:
      return 0x1p-8;
    case DType::kFloat16:
      return 0x1p-11 + kTolerance;
    default:
      return kTolerance;
  }
}

// A loss bound on a GPU, and its twin on the CPU, which has the same scores.
class CudaLossRun {
 public:
  CudaLossRun(CudaDevice& device, const Loss& loss, int64_t rows, int64_t classes,
              Precision precision, const LossRunOptions& options = {}, float loss_scale = 0)
      : cpu(loss, rows, classes, options),
        device_(device),
        scores_(Rounded(cpu.scores, precision), {rows, classes}, ActivationType(precision),
                device_),
        gradient_(cpu.gradient, {rows, classes}, ActivationType(precision), device_),
        targets_(cpu.targets.size() * sizeof(int32_t)),
        loss_scale_(Values{loss_scale}, {1}, DType::kFloat32, device_),
        sums_(sizeof(LossSums)) {
    LossBinding binding;
    binding.rows = rows;
    binding.scores = scores_.tensor();
    binding.target = Tensor(targets_.data(), DType::kInt32, Shape{rows});
    if (options.gradient_wanted) binding.scores_gradient = gradient_.tensor();
    binding.add_gradient = options.add;
    binding.scale = options.scale;
    const CudaScope scope = {
        .device = device_,
        .precision = precision,
        .seed = 0,
        .place = nullptr,
        .loss_scale = loss_scale == 0 ? nullptr : loss_scale_.tensor().Flat<float>().data()};
    bound_ = loss.BindCuda(binding, scope, sums_.As<LossSums>());
  }

  // On the twin's scores and targets as they are now.
  LossSums Run() {
    scores_.Write(cpu.scores);
    CopyToDevice(std::as_bytes(std::span(cpu.targets)), targets_.data(), device_.stream());
    bound_->Run();
    LossSums sums;
    CopyToHost(sums_.data(), std::as_writable_bytes(std::span(&sums, 1)), device_.stream());
    return sums;
  }

  [[nodiscard]] Values gradient() const { return gradient_.Read(); }

  LossRun cpu;

 private:
  static Values& Rounded(Values& values, Precision precision) {
    Round(values, ActivationType(precision));
    return values;
  }

  CudaDevice& device_;
  CudaMemory scores_, gradient_;
  DeviceBuffer targets_;
  CudaMemory loss_scale_;
  DeviceBuffer sums_;
  std::unique_ptr<BoundCudaLoss> bound_;
};

void ExpectSame(const LossSums& actual, const LossSums& expected) {
  EXPECT_NEAR(actual.loss, expected.loss, kTolerance * std::max(1.0, expected.loss));
  EXPECT_EQ(actual.weight, expected.weight);
  EXPECT_EQ(actual.correct, expected.correct);
}

struct Extents {
  int64_t rows, classes;
};

std::string CaseName(const ::testing::TestParamInfo<std::tuple<size_t, Extents>>& info) {
  const auto [rows, classes] = std::get<1>(info.param);
  return LossCases()[std::get<0>(info.param)].name + "_" + std::to_string(rows) + "x" +
         std::to_string(classes);
}

class CudaLossTest : public CudaTest,
                     public ::testing::WithParamInterface<std::tuple<size_t, Extents>> {
 protected:
  CudaLossTest() : case_(LossCases()[std::get<0>(GetParam())]), extents_(std::get<1>(GetParam())) {}

  [[nodiscard]] CudaLossRun Run(Precision precision, const LossRunOptions& options = {},
                                float loss_scale = 0) const {
    return {device(), *case_.loss, extents_.rows, extents_.classes, precision, options, loss_scale};
  }

  LossCase case_;
  Extents extents_;
};

TEST_P(CudaLossTest, AgreesWithTheCpuAndScalesAndAdds) {
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    for (const auto& options : {LossRunOptions{}, LossRunOptions{.scale = 2.5f, .add = true},
                                LossRunOptions{.gradient_wanted = false}}) {
      CudaLossRun run = Run(precision, options);
      ExpectSame(run.Run(), run.cpu.bound->Run({}));
      EXPECT_LT(RelativeError(run.gradient(), ToDouble(run.cpu.gradient)),
                GradientToleranceOf(precision));
    }
  }
}

TEST_P(CudaLossTest, LossScaleMultipliesTheGradientAlone) {
  for (const Precision precision : kPrecisions) {
    SCOPED_TRACE(NameOf(precision));
    CudaLossRun run = Run(precision, {}, 256);
    ExpectSame(run.Run(), run.cpu.bound->Run({}));
    Doubles expected = ToDouble(run.cpu.gradient);
    for (double& value : expected) value *= 256;
    EXPECT_LT(RelativeError(run.gradient(), expected), GradientToleranceOf(precision));
  }
}

TEST_P(CudaLossTest, EqualRunsGiveEqualBits) {
  for (const Precision precision : kPrecisions) {
    CudaLossRun training = Run(precision), evaluation = Run(precision, {.gradient_wanted = false});
    const LossSums first = training.Run();
    EXPECT_EQ(first.loss, training.Run().loss);
    EXPECT_EQ(first.loss, evaluation.Run().loss);
  }
}

TEST_P(CudaLossTest, NaNScoreMakesTheLossNaNAndTheSampleWrong) {
  for (const int64_t at : {int64_t{0}, extents_.classes - 1}) {
    CudaLossRun run = Run(Precision::kFp32);
    // Every sample would be correct.
    for (int64_t row = 0; row < extents_.rows; ++row) {
      const int64_t target = run.cpu.targets[static_cast<size_t>(row)];
      run.cpu.scores[static_cast<size_t>(row * extents_.classes + target)] = 10;
    }
    run.cpu.scores[static_cast<size_t>(at)] = std::nanf("");
    const LossSums sums = run.Run();
    EXPECT_TRUE(std::isnan(sums.loss));
    EXPECT_EQ(sums.correct, static_cast<double>(extents_.rows - 1));
  }
}

// The samples beside it learn as ever.
TEST_P(CudaLossTest, ClassOutOfRangeMakesTheLossNaNAndTheGradientZero) {
  for (const bool add : {false, true}) {
    for (const int64_t label : {int64_t{-1}, extents_.classes, int64_t{INT32_MAX}}) {
      CudaLossRun run = Run(Precision::kFp32, {.add = add});
      run.cpu.bound->Run({});
      run.cpu.targets[0] = static_cast<int32_t>(label);
      EXPECT_TRUE(std::isnan(run.Run().loss));
      std::fill_n(run.cpu.gradient.begin(), extents_.classes, add ? LossRun::kBefore : 0.0f);
      EXPECT_LT(RelativeError(run.gradient(), ToDouble(run.cpu.gradient)), kTolerance);
    }
  }
}

// A warp a row, and where rows are wide a block.
INSTANTIATE_TEST_SUITE_P(Cases, CudaLossTest,
                         ::testing::Combine(::testing::Range(size_t{0}, LossCases().size()),
                                            ::testing::Values(Extents{1, 2}, Extents{7, 3},
                                                              Extents{64, 10}, Extents{3, 1000},
                                                              Extents{3, 1025})),
                         CaseName);

using CudaLossesTest = CudaTest;

TEST_F(CudaLossesTest, AmongEqualScoresTheFirstWins) {
  for (const auto& entry : LossCases()) {
    for (const int64_t classes : {20, 1500}) {
      CudaLossRun run(device(), *entry.loss, 2, classes, Precision::kFp32);
      std::ranges::fill(run.cpu.scores, 0.5f);
      run.cpu.targets = {0, 1};
      EXPECT_EQ(run.Run().correct, 1) << entry.name;
    }
  }
}

TEST_F(CudaLossesTest, MoreRowsThanWarpsAgreeWithTheCpu) {
  for (const auto& entry : LossCases()) {
    CudaLossRun run(device(), *entry.loss, 8201, 2, Precision::kBf16);
    ExpectSame(run.Run(), run.cpu.bound->Run({}));
    EXPECT_LT(RelativeError(run.gradient(), ToDouble(run.cpu.gradient)),
              GradientToleranceOf(Precision::kBf16));
  }
}

TEST_F(CudaLossesTest, NoRowsGiveZeroSums) {
  for (const auto& entry : LossCases()) {
    CudaLossRun run(device(), *entry.loss, 0, 10, Precision::kFp32);
    const LossSums sums = run.Run();
    EXPECT_EQ(sums.loss, 0) << entry.name;
    EXPECT_EQ(sums.weight, 0);
    EXPECT_EQ(sums.correct, 0);
  }
}

TEST_F(CudaLossesTest, CrossEntropyDoesNotOverflow) {
  CudaLossRun run(device(), CrossEntropy(), 1, 3, Precision::kFp32);
  run.cpu.scores = {1000, -1000, 0};
  run.cpu.targets = {1};
  EXPECT_DOUBLE_EQ(run.Run().loss, 2000);
  EXPECT_EQ(run.gradient(), (Values{1, -1, 0}));
}

TEST_F(CudaLossesTest, MeanSquaredErrorComparesValuesWhateverTheirShape) {
  for (const Precision precision : kPrecisions) {
    const DType type = ActivationType(precision);
    const CudaMemory scores(Values{1, 2, 3, 4, 5, 6}, {2, 3}, type, device());
    const CudaMemory target(Values{1, 0, 3, 4, 8, 6}, {2, 1, 3, 1}, type, device());
    const CudaMemory gradient(Values(6), {2, 3}, type, device());
    const DeviceBuffer sums_memory(sizeof(LossSums));
    LossBinding binding;
    binding.rows = 2;
    binding.scores = scores.tensor();
    binding.target = target.tensor();
    binding.scores_gradient = gradient.tensor();
    const CudaScope scope = {.device = device(),
                             .precision = precision,
                             .seed = 0,
                             .place = nullptr,
                             .loss_scale = nullptr};
    MeanSquaredError(false).BindCuda(binding, scope, sums_memory.As<LossSums>())->Run();
    LossSums sums;
    CopyToHost(sums_memory.data(), std::as_writable_bytes(std::span(&sums, 1)), device().stream());
    EXPECT_DOUBLE_EQ(sums.loss, (4.0 + 9.0) / 3);
    EXPECT_EQ(sums.weight, 2);
    EXPECT_EQ(sums.correct, 0);
    EXPECT_LT(RelativeError(gradient.Read(), {0, 4.0 / 3, 0, 0, -2, 0}),
              GradientToleranceOf(precision));
  }
}

}  // namespace
}  // namespace seve::testing
