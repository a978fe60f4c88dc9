// Every update rule, several steps long, against PyTorch's formulas worked out in float64 here.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "optim/adam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"

namespace seve {
namespace {

// One parameter's float64 history.
struct Scalar {
  double w = 0;
  double first = 0;
  double second = 0;
};

using Rule = std::function<void(Scalar& scalar, double g, int step)>;

constexpr double kRate = 0.05;

Rule SgdRule(double momentum, bool nesterov, double decay) {
  return [=](Scalar& p, double g, int step) {
    g += decay * p.w;
    if (momentum != 0) {
      p.first = step == 1 ? g : momentum * p.first + g;  // PyTorch's first step copies the gradient
      g = nesterov ? g + momentum * p.first : p.first;
    }
    p.w -= kRate * g;
  };
}

Rule RmsPropRule(double alpha, double epsilon, double momentum, double decay) {
  return [=](Scalar& p, double g, int) {
    g += decay * p.w;
    p.first = alpha * p.first + (1 - alpha) * g * g;
    const double direction = g / (std::sqrt(p.first) + epsilon);
    p.second = momentum * p.second + direction;
    p.w -= kRate * (momentum > 0 ? p.second : direction);
  };
}

Rule AdamRule(double beta1, double beta2, double epsilon, double decay, bool decoupled) {
  return [=](Scalar& p, double g, int step) {
    if (decoupled) {
      p.w *= 1 - kRate * decay;
    } else {
      g += decay * p.w;
    }
    p.first = beta1 * p.first + (1 - beta1) * g;
    p.second = beta2 * p.second + (1 - beta2) * g * g;
    const double corrected1 = p.first / (1 - std::pow(beta1, step));
    const double corrected2 = p.second / (1 - std::pow(beta2, step));
    p.w -= kRate * corrected1 / (std::sqrt(corrected2) + epsilon);
  };
}

struct OptimizerCase {
  std::string name;
  std::shared_ptr<Optimizer> optimizer;
  Rule rule;
  size_t states;
};

std::vector<OptimizerCase> Cases() {
  return {
      {"sgd", std::make_shared<Sgd>(SgdOptions{}), SgdRule(0, false, 0), 0},
      {"sgd_decay", std::make_shared<Sgd>(SgdOptions{0, false, 0.25f}), SgdRule(0, false, 0.25), 0},
      {"sgd_momentum", std::make_shared<Sgd>(SgdOptions{0.75f}), SgdRule(0.75, false, 0), 1},
      {"sgd_nesterov_decay", std::make_shared<Sgd>(SgdOptions{0.75f, true, 0.25f}),
       SgdRule(0.75, true, 0.25), 1},
      {"rmsprop", std::make_shared<RmsProp>(RmsPropOptions{}), RmsPropRule(0.99, 1e-8, 0, 0), 1},
      {"rmsprop_all", std::make_shared<RmsProp>(RmsPropOptions{0.9, 0.125, 0.75f, 0.25f}),
       RmsPropRule(0.9, 0.125, 0.75, 0.25), 2},
      {"adam", std::make_shared<Adam>(AdamOptions{}), AdamRule(0.9, 0.999, 1e-8, 0, false), 2},
      {"adam_all", std::make_shared<Adam>(AdamOptions{0.8, 0.95, 0.125, 0.25f}),
       AdamRule(0.8, 0.95, 0.125, 0.25, false), 2},
      {"adamw", std::make_shared<Adam>(AdamOptions{0.9, 0.999, 1e-8, 0.25f, true}),
       AdamRule(0.9, 0.999, 1e-8, 0.25, true), 2},
  };
}

class OptimizerTest : public testing::TestWithParam<size_t> {
 protected:
  OptimizerTest() : case_(Cases()[GetParam()]) {}

  // Slices of `count` elements over fresh memory.
  void Allocate(size_t count) {
    parameters_.resize(count);
    gradients_.resize(count);
    for (auto& state : states_) state.assign(count, 0.0f);
    for (size_t i = 0; i < count; ++i) parameters_[i] = std::sin(1 + static_cast<float>(i));
  }

  SliceUpdate Slice(int64_t step) {
    SliceUpdate slice;
    slice.parameters = parameters_;
    slice.gradients = gradients_;
    for (size_t i = 0; i < case_.optimizer->StateNames().size(); ++i) slice.states[i] = states_[i];
    slice.gradient_scale = 0.5f;
    slice.learning_rate = static_cast<float>(kRate);
    slice.weight_decay = case_.optimizer->weight_decay();
    slice.step = step;
    return slice;
  }

  OptimizerCase case_;
  std::vector<float> parameters_;
  std::vector<float> gradients_;
  std::array<std::vector<float>, kMaxOptimizerStates> states_;
};

// Ten steps of float32 rounding on values around 1.
constexpr double kTolerance = 4e-6;

TEST_P(OptimizerTest, FollowsPyTorchsFormulas) {
  EXPECT_EQ(case_.optimizer->StateNames().size(), case_.states);
  for (const size_t count : {size_t{1}, size_t{33}, size_t{100}}) {
    Allocate(count);
    std::vector<Scalar> expected(count);
    for (size_t i = 0; i < count; ++i) expected[i].w = static_cast<double>(parameters_[i]);
    for (int step = 1; step <= 10; ++step) {
      for (size_t i = 0; i < count; ++i) {
        gradients_[i] = 2 * std::cos(static_cast<float>(step) + 0.7f * static_cast<float>(i));
        case_.rule(expected[i], 0.5 * static_cast<double>(gradients_[i]), step);
      }
      EXPECT_TRUE(case_.optimizer->UpdateCpu(Slice(step)));
      for (size_t i = 0; i < count; ++i) {
        ASSERT_NEAR(parameters_[i], expected[i].w, kTolerance) << "step " << step << ", " << i;
      }
    }
  }
}

TEST_P(OptimizerTest, NoticesNonFiniteGradientsAnywhere) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {std::nanf(""), infinity, -infinity}) {
    for (const size_t at : {size_t{0}, size_t{17}, size_t{36}}) {
      Allocate(37);
      gradients_[at] = bad;
      EXPECT_FALSE(case_.optimizer->UpdateCpu(Slice(1)));
      gradients_[at] = std::numeric_limits<float>::max();
      EXPECT_TRUE(case_.optimizer->UpdateCpu(Slice(2)));
    }
  }
}

TEST_P(OptimizerTest, EmptySliceIsFine) {
  Allocate(0);
  EXPECT_TRUE(case_.optimizer->UpdateCpu(Slice(1)));
}

// Slices may be cut anywhere: an element's bits do not depend on its neighbours.
TEST_P(OptimizerTest, BitsDoNotDependOnTheSlice) {
  Allocate(61);
  for (size_t i = 0; i < 61; ++i) gradients_[i] = std::cos(static_cast<float>(i));
  const auto before = parameters_;
  for (int step = 1; step <= 3; ++step) case_.optimizer->UpdateCpu(Slice(step));
  const auto whole = parameters_;
  const auto whole_states = states_;

  parameters_ = before;
  for (auto& state : states_) state.assign(61, 0.0f);
  for (int step = 1; step <= 3; ++step) {
    for (const auto& [begin, count] : {std::pair<size_t, size_t>{0, 21}, {21, 40}}) {
      SliceUpdate slice = Slice(step);
      slice.parameters = slice.parameters.subspan(begin, count);
      slice.gradients = slice.gradients.subspan(begin, count);
      for (auto& state : slice.states) {
        if (!state.empty()) state = state.subspan(begin, count);
      }
      case_.optimizer->UpdateCpu(slice);
    }
  }
  EXPECT_EQ(parameters_, whole);
  EXPECT_EQ(states_, whole_states);
}

INSTANTIATE_TEST_SUITE_P(Rules, OptimizerTest, testing::Range(size_t{0}, Cases().size()),
                         [](const auto& info) { return Cases()[info.param].name; });

TEST(Optimizers, NameTheirStatesAsPyTorchDoes) {
  EXPECT_EQ(Sgd({.momentum = 0.9f}).StateNames(), (std::vector<std::string>{"momentum_buffer"}));
  EXPECT_EQ(RmsProp({.momentum = 0.9f}).StateNames(),
            (std::vector<std::string>{"square_avg", "momentum_buffer"}));
  EXPECT_EQ(Adam({}).StateNames(), (std::vector<std::string>{"exp_avg", "exp_avg_sq"}));
}

}  // namespace
}  // namespace seve
