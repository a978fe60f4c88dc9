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
  CudaLossRun(const Loss& loss, int64_t rows, int64_t classes, Precision precision,
              const LossRunOptions& options = {}, float loss_scale = 0)
      : cpu(loss, rows, classes, options),
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

  CudaDevice device_{0};
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

class CudaLossTest : public ::testing::TestWithParam<std::tuple<size_t, Extents, Precision>> {
 protected:
  CudaLossTest()
      : case_(LossCases()[std::get<0>(GetParam())]),
        extents_(std::get<1>(GetParam())),
        precision_(std::get<2>(GetParam())),
        tolerance_(GradientToleranceOf(precision_)) {}

  [[nodiscard]] CudaLossRun Run(const LossRunOptions& options = {}, float loss_scale = 0) const {
    return {*case_.loss, extents_.rows, extents_.classes, precision_, options, loss_scale};
  }

  LossCase case_;
  Extents extents_;
  Precision precision_;
  double tolerance_;
};

TEST_P(CudaLossTest, AgreesWithTheCpuAndScalesAndAdds) {
  for (const auto& options : {LossRunOptions{}, LossRunOptions{.scale = 2.5f, .add = true},
                              LossRunOptions{.gradient_wanted = false}}) {
    CudaLossRun run = Run(options);
    ExpectSame(run.Run(), run.cpu.bound->Run({}));
    EXPECT_LT(RelativeError(run.gradient(), ToDouble(run.cpu.gradient)), 2 * tolerance_);
  }
}

TEST_P(CudaLossTest, LossScaleMultipliesTheGradientAlone) {
  CudaLossRun run = Run({}, 256);
  ExpectSame(run.Run(), run.cpu.bound->Run({}));
  Doubles expected = ToDouble(run.cpu.gradient);
  for (double& value : expected) value *= 256;
  EXPECT_LT(RelativeError(run.gradient(), expected), tolerance_);
}

TEST_P(CudaLossTest, EqualRunsGiveEqualBits) {
  CudaLossRun one = Run(), other = Run({.gradient_wanted = false});
  const LossSums first = one.Run(), again = one.Run(), evaluation = other.Run();
  EXPECT_EQ(first.loss, again.loss);
  EXPECT_EQ(first.correct, again.correct);
  EXPECT_EQ(first.loss, evaluation.loss);
}

TEST_P(CudaLossTest, NaNScoreMakesTheLossNaNAndTheSampleWrong) {
  for (const int64_t at : {int64_t{0}, extents_.classes - 1}) {
    CudaLossRun run = Run();
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

// The sample beside it learns as ever.
TEST_P(CudaLossTest, ClassOutOfRangeMakesTheLossNaNAndTheGradientZero) {
  const auto classes = static_cast<size_t>(extents_.classes);
  for (const bool add : {false, true}) {
    for (const int32_t label : {-1, static_cast<int32_t>(classes), INT32_MIN, INT32_MAX}) {
      CudaLossRun run = Run({.add = add});
      run.cpu.bound->Run({});
      run.cpu.targets[0] = label;
      EXPECT_TRUE(std::isnan(run.Run().loss));
      std::fill_n(run.cpu.gradient.begin(), classes, add ? LossRun::kBefore : 0.0f);
      EXPECT_LT(RelativeError(run.gradient(), ToDouble(run.cpu.gradient)), 2 * tolerance_);
    }
  }
}

// A warp a row, a block a row, and more rows than there are blocks.
INSTANTIATE_TEST_SUITE_P(Cases, CudaLossTest,
                         ::testing::Combine(::testing::Range(size_t{0}, LossCases().size()),
                                            ::testing::Values(Extents{1, 2}, Extents{7, 3},
                                                              Extents{64, 10}, Extents{5, 37},
                                                              Extents{3, 1000}, Extents{3, 1025},
                                                              Extents{8201, 2}),
                                            ::testing::ValuesIn(kPrecisions)),
                         [](const auto& info) {
                           const auto [rows, classes] = std::get<1>(info.param);
                           return LossCases()[std::get<0>(info.param)].name + "_" +
                                  std::to_string(rows) + "x" + std::to_string(classes) + "_" +
                                  NameOf(std::get<2>(info.param));
                         });

TEST(CudaLosses, AmongEqualScoresTheFirstWins) {
  for (const auto& entry : LossCases()) {
    for (const int64_t classes : {20, 1500}) {
      CudaLossRun run(*entry.loss, 2, classes, Precision::kFp32);
      std::ranges::fill(run.cpu.scores, 0.5f);
      run.cpu.targets = {0, 1};
      EXPECT_EQ(run.Run().correct, 1) << entry.name;
    }
  }
}

TEST(CudaLosses, NoRowsGiveZeroSums) {
  for (const auto& entry : LossCases()) {
    CudaLossRun run(*entry.loss, 0, 10, Precision::kFp32);
    const LossSums sums = run.Run();
    EXPECT_EQ(sums.loss, 0) << entry.name;
    EXPECT_EQ(sums.weight, 0);
    EXPECT_EQ(sums.correct, 0);
  }
}

TEST(CudaCrossEntropy, DoesNotOverflow) {
  CudaLossRun run(CrossEntropy(), 1, 3, Precision::kFp32);
  run.cpu.scores = {1000, -1000, 0};
  run.cpu.targets = {1};
  EXPECT_DOUBLE_EQ(run.Run().loss, 2000);
  EXPECT_EQ(run.gradient(), (Values{1, -1, 0}));
}

TEST(CudaMeanSquaredError, ComparesValuesWhateverTheirShape) {
  for (const Precision precision : kPrecisions) {
    CudaDevice device(0);
    const DType type = ActivationType(precision);
    const CudaMemory scores(Values{1, 2, 3, 4, 5, 6}, {2, 3}, type, device);
    const CudaMemory target(Values{1, 0, 3, 4, 8, 6}, {2, 1, 3, 1}, type, device);
    const CudaMemory gradient(Values(6), {2, 3}, type, device);
    const DeviceBuffer sums_memory(sizeof(LossSums));
    LossBinding binding;
    binding.rows = 2;
    binding.scores = scores.tensor();
    binding.target = target.tensor();
    binding.scores_gradient = gradient.tensor();
    const CudaScope scope = {.device = device,
                             .precision = precision,
                             .seed = 0,
                             .place = nullptr,
                             .loss_scale = nullptr};
    MeanSquaredError(false).BindCuda(binding, scope, sums_memory.As<LossSums>())->Run();
    LossSums sums;
    CopyToHost(sums_memory.data(), std::as_writable_bytes(std::span(&sums, 1)), device.stream());
    EXPECT_DOUBLE_EQ(sums.loss, (4.0 + 9.0) / 3);
    EXPECT_EQ(sums.weight, 2);
    EXPECT_EQ(sums.correct, 0);
    EXPECT_LT(RelativeError(gradient.Read(), {0, 4.0 / 3, 0, 0, -2, 0}),
              GradientToleranceOf(precision));
  }
}

}  // namespace
}  // namespace seve::testing
