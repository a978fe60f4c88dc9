#include "optim/averaged.h"

#include <gtest/gtest.h>

#include <cmath>

#include "optim/sgd.h"

namespace seve {
namespace {

TEST(Averaged, FollowsTheParametersThatTheRuleMoves) {
  const SgdOptions options{.momentum = 0.9f};
  const Averaged averaged(std::make_unique<Sgd>(options), 0.4f);
  const Sgd plain(options);
  ASSERT_EQ(averaged.StateNames(), (std::vector<std::string>{"momentum_buffer", kAverageState}));

  std::vector<float> parameters = {1, -2}, alone = parameters, momentum(2), alone_momentum(2);
  std::vector<float> averages(2);
  double expected = 0;
  for (int64_t step = 1; step <= 8; ++step) {
    const std::vector<float> gradients = {std::sin(static_cast<float>(step)), 0.5f};
    const auto update = [&](std::vector<float>& values, std::vector<float>& state) {
      return SliceUpdate{.parameters = values,
                         .gradients = gradients,
                         .states = {state, averages},
                         .learning_rate = 0.1f,
                         .step = step};
    };
    EXPECT_TRUE(averaged.UpdateCpu(update(parameters, momentum)));
    EXPECT_TRUE(plain.UpdateCpu(update(alone, alone_momentum)));
    EXPECT_EQ(parameters, alone);
    // (1 + step) / (10 + step) passes 0.4 at the fifth step.
    const double decay =
        step == 1
            ? 0
            : std::min(0.4, (1.0 + static_cast<double>(step)) / (10.0 + static_cast<double>(step)));
    expected = decay * expected + (1 - decay) * static_cast<double>(parameters[0]);
    EXPECT_NEAR(averages[0], expected, 1e-6) << step;
  }
}

TEST(Averaged, TellsOfGradientsThatAreNotFinite) {
  const Averaged averaged(std::make_unique<Sgd>(SgdOptions{}), 0.9f);
  std::vector<float> parameters = {1}, averages(1);
  const std::vector<float> gradients = {NAN};
  EXPECT_FALSE(
      averaged.UpdateCpu({.parameters = parameters, .gradients = gradients, .states = {averages}}));
}

}  // namespace
}  // namespace seve
