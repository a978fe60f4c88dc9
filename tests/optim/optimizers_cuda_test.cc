// Every update rule on a GPU against the CPU's.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "optim/adam.h"
#include "optim/averaged.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#include "tensor/cuda/cuda_device.h"
#include "tensor/element_type.h"

namespace seve {
namespace {

struct OptimizerCase {
  std::string name;
  std::shared_ptr<Optimizer> optimizer;
};

template <typename Rule, typename Options>
OptimizerCase Case(const char* name, Options options) {
  return {name, std::make_shared<Rule>(options)};
}

std::vector<OptimizerCase> Cases() {
  return {
      Case<Sgd>("sgd", SgdOptions{}),
      Case<Sgd>("sgd_decay", SgdOptions{.weight_decay = 0.01f}),
      Case<Sgd>("sgd_momentum", SgdOptions{.momentum = 0.9f}),
      Case<Sgd>("sgd_momentum_decay", SgdOptions{.momentum = 0.9f, .weight_decay = 0.01f}),
      Case<Sgd>("sgd_nesterov",
                SgdOptions{.momentum = 0.9f, .nesterov = true, .weight_decay = 0.01f}),
      Case<RmsProp>("rmsprop", RmsPropOptions{}),
      Case<RmsProp>("rmsprop_decay", RmsPropOptions{.alpha = 0.9, .weight_decay = 0.01f}),
      Case<RmsProp>("rmsprop_momentum", RmsPropOptions{.momentum = 0.9f, .weight_decay = 0.01f}),
      Case<Adam>("adam", AdamOptions{}),
      Case<Adam>("adam_decay", AdamOptions{.beta1 = 0.8, .beta2 = 0.95, .weight_decay = 0.01f}),
      Case<Adam>("adamw", AdamOptions{.weight_decay = 0.01f, .decoupled = true}),
      {"averaged_sgd", std::make_shared<Averaged>(std::make_unique<Sgd>(SgdOptions{}), 0.5f)},
      {"averaged_adam", std::make_shared<Averaged>(std::make_unique<Adam>(AdamOptions{}), 0.9f)},
  };
}

using Floats = std::vector<float>;

// The arenas of one parameter slice, on either device.
struct Arenas {
  Floats parameters, gradients;
  std::array<Floats, kMaxOptimizerStates> states;
};

std::span<const std::byte> Bytes(const Floats& values) { return std::as_bytes(std::span(values)); }

class OptimizerCudaTest : public testing::TestWithParam<size_t> {
 protected:
  static constexpr float kScale = 0.375f;
  static constexpr float kRate = 0.0123f;
  static constexpr float kRateScale = 0.7f;

  OptimizerCudaTest() : optimizer_(Cases()[GetParam()].optimizer) {}

  void Allocate(size_t count) {
    host_.parameters.resize(count);
    host_.gradients.resize(count);
    for (size_t i = 0; i < count; ++i) host_.parameters[i] = std::sin(1 + static_cast<float>(i));
    for (auto& state : host_.states) state.assign(count, 0.0f);
    parameters_ = DeviceBuffer(count * sizeof(float));
    gradients_ = DeviceBuffer(count * sizeof(float));
    copy_ = DeviceBuffer(count * sizeof(float));
    for (auto& state : states_) state = DeviceBuffer(count * sizeof(float));
    Upload(host_.parameters, parameters_);
  }

  void Upload(const Floats& values, const DeviceBuffer& to) {
    CopyToDevice(Bytes(values), to.data(), device_.stream());
  }

  template <typename T = float>
  std::vector<T> Download(const DeviceBuffer& from) {
    std::vector<T> values(host_.parameters.size());
    CopyToHost(from.data(), std::as_writable_bytes(std::span(values)), device_.stream());
    return values;
  }

  void DrawGradients(int step) {
    for (size_t i = 0; i < host_.gradients.size(); ++i) {
      host_.gradients[i] = 2 * std::cos(static_cast<float>(step) + 0.7f * static_cast<float>(i));
    }
    Upload(host_.gradients, gradients_);
  }

  void UpdateHost(int64_t step) {
    SliceUpdate slice;
    slice.parameters = host_.parameters;
    slice.gradients = host_.gradients;
    for (size_t i = 0; i < optimizer_->StateNames().size(); ++i) slice.states[i] = host_.states[i];
    slice.gradient_scale = kScale;
    slice.learning_rate = kRate * kRateScale;
    slice.weight_decay = optimizer_->weight_decay();
    slice.step = step;
    optimizer_->UpdateCpu(slice);
  }

  // Returns the update as the device leaves it.
  DeviceUpdate UpdateDevice(int64_t step, int32_t skip = 0, DType copy_type = DType::kFloat32,
                            bool copied = false) {
    DeviceUpdate update = {.gradient_scale = kScale,
                           .sample_share = 0,
                           .learning_rate = kRate,
                           .step = step,
                           .skip = skip,
                           .non_finite = 0};
    CopyToDevice(std::as_bytes(std::span(&update, 1)), update_.data(), device_.stream());
    CudaSliceUpdate slice;
    slice.count = host_.parameters.size();
    slice.parameters = parameters_.As<float>();
    slice.gradients = gradients_.As<float>();
    for (size_t i = 0; i < optimizer_->StateNames().size(); ++i) {
      slice.states[i] = states_[i].As<float>();
    }
    slice.copy = copied ? copy_.data() : nullptr;
    slice.copy_type = copy_type;
    slice.learning_rate_scale = kRateScale;
    slice.weight_decay = optimizer_->weight_decay();
    slice.update = update_.As<DeviceUpdate>();
    optimizer_->UpdateCuda(slice, device_);
    CopyToHost(update_.data(), std::as_writable_bytes(std::span(&update, 1)), device_.stream());
    return update;
  }

  std::shared_ptr<Optimizer> optimizer_;
  CudaDevice device_{0};
  Arenas host_;
  DeviceBuffer parameters_, gradients_, copy_;
  std::array<DeviceBuffer, kMaxOptimizerStates> states_;
  DeviceBuffer update_{sizeof(DeviceUpdate)};
};

TEST_P(OptimizerCudaTest, TenStepsEqualTheCpusBitForBit) {
  for (const size_t count : {size_t{64}, size_t{1024 + 64}, size_t{100032}}) {
    Allocate(count);
    for (int step = 1; step <= 10; ++step) {
      DrawGradients(step);
      UpdateHost(step);
      const DeviceUpdate update = UpdateDevice(step);
      EXPECT_EQ(update.non_finite, 0);
      ASSERT_EQ(Download(parameters_), host_.parameters) << "step " << step << " of " << count;
    }
    for (size_t i = 0; i < kMaxOptimizerStates; ++i) {
      EXPECT_EQ(Download(states_[i]), host_.states[i]) << "state " << i;
    }
  }
}

TEST_P(OptimizerCudaTest, LateStepsEqualTheCpusBitForBit) {
  Allocate(64);
  for (const int64_t step : {int64_t{1000}, int64_t{123'456'789}, int64_t{1} << 40}) {
    DrawGradients(static_cast<int>(step % 100));
    UpdateHost(step);
    UpdateDevice(step);
    EXPECT_EQ(Download(parameters_), host_.parameters) << step;
  }
}

TEST_P(OptimizerCudaTest, CopyHoldsTheRoundedParameters) {
  Allocate(192);
  DrawGradients(1);
  UpdateDevice(1, 0, DType::kFloat32, true);
  EXPECT_EQ(Download(copy_), Download(parameters_));

  // The rounding of bfloat16 to nearest errs by at most 2^-8 of the value, that of half by 2^-11 or
  // 2^-25.
  UpdateDevice(2, 0, DType::kBfloat16, true);
  auto exact = Download(parameters_);
  const auto brains = Download<Bfloat16>(copy_);
  for (size_t i = 0; i < exact.size(); ++i) {
    const auto value = static_cast<double>(exact[i]);
    EXPECT_NEAR(static_cast<double>(brains[i]), value, std::fabs(value) * 0x1p-8) << i;
  }
  UpdateDevice(3, 0, DType::kFloat16, true);
  exact = Download(parameters_);
  const auto halves = Download<Float16>(copy_);
  for (size_t i = 0; i < exact.size(); ++i) {
    const auto value = static_cast<double>(exact[i]);
    EXPECT_NEAR(static_cast<double>(halves[i]), value, std::fabs(value) * 0x1p-11 + 0x1p-25) << i;
  }
}

TEST_P(OptimizerCudaTest, SkippedUpdateLeavesEverything) {
  Allocate(128);
  DrawGradients(1);
  UpdateDevice(1, 0, DType::kFloat32, true);
  const Floats parameters = Download(parameters_), copy = Download(copy_);
  const std::array<Floats, 2> states = {Download(states_[0]), Download(states_[1])};

  host_.gradients[5] = std::nanf("");
  Upload(host_.gradients, gradients_);
  const DeviceUpdate update = UpdateDevice(2, 1, DType::kFloat32, true);
  EXPECT_EQ(update.non_finite, 0);
  EXPECT_EQ(Download(parameters_), parameters);
  EXPECT_EQ(Download(copy_), copy);
  for (size_t i = 0; i < states.size(); ++i) EXPECT_EQ(Download(states_[i]), states[i]);
}

TEST_P(OptimizerCudaTest, NoticesNonFiniteGradientsAnywhere) {
  constexpr size_t kCount = 8192;
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::nanf(""), infinity, -infinity}) {
    for (const size_t at : {size_t{0}, size_t{4099}, kCount - 1}) {
      Allocate(kCount);
      host_.gradients[at] = bad;
      Upload(host_.gradients, gradients_);
      EXPECT_EQ(UpdateDevice(1).non_finite, 1);
      host_.gradients[at] = std::numeric_limits<float>::max();
      Upload(host_.gradients, gradients_);
      EXPECT_EQ(UpdateDevice(2).non_finite, 0);
    }
  }
}

TEST_P(OptimizerCudaTest, EmptySliceIsFine) {
  Allocate(0);
  EXPECT_EQ(UpdateDevice(1).non_finite, 0);
}

TEST_P(OptimizerCudaTest, SliceThatEndsInsideAnAlignedRunIsRefused) {
  Allocate(65);
  EXPECT_THROW(UpdateDevice(1), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Rules, OptimizerCudaTest, testing::Range(size_t{0}, Cases().size()),
                         [](const auto& info) { return Cases()[info.param].name; });

}  // namespace
}  // namespace seve
