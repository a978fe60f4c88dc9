// Early stopping and the plateau schedule, against what others define them to be.
#include "train/decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace seve {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// torch.optim.lr_scheduler.ReduceLROnPlateau(threshold_mode="abs", cooldown=0, eps=0), written from
// its documentation, with a rate that starts at 1.
struct PlateauReference {
  bool lower_is_better;
  int patience;
  double factor, minimum, threshold;
  double best = lower_is_better ? kInfinity : -kInfinity, rate = 1;
  int bad = 0;

  void Step(double value) {
    if (lower_is_better ? value < best - threshold : value > best + threshold) {
      best = value;
      bad = 0;
    } else {
      ++bad;
    }
    if (bad <= patience) return;
    rate = std::max(rate * factor, minimum);
    bad = 0;
  }
};

// Poutyne's EarlyStopping callback: true when it asks for the end.
struct StoppingReference {
  bool lower_is_better;
  int patience;
  double minimum_change;
  double best = lower_is_better ? kInfinity : -kInfinity;
  int wait = 0;

  bool Step(double value) {
    if (lower_is_better ? value + minimum_change < best : value - minimum_change > best) {
      best = value;
      wait = 0;
      return false;
    }
    return ++wait >= patience;
  }
};

// Losses that fall for a while and then vary: of 1/64ths, so that sums and differences are exact
// whichever way they are formed. One in twelve is not a number.
std::vector<double> RandomFigures(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<double> figures;
  for (int i = 0; i < 200; ++i) {
    const double trend = 128 / (1 + 0.1 * i);
    const auto noise = static_cast<double>(random() % 16);
    figures.push_back(random() % 12 == 0 ? kNan : (std::floor(trend) + noise) / 64);
  }
  return figures;
}

void Set(config::Monitor* monitor, const std::string& metric, config::Mode mode, double change) {
  monitor->set_metric(metric);
  monitor->set_mode(mode);
  monitor->set_minimum_change(change);
}

Judgement OfLoss(double loss) {
  Judgement judgement;
  judgement.sums.loss = loss;
  return judgement;
}

struct Case {
  config::Mode mode;
  int patience;
  double change;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (const auto mode : {config::MIN, config::MAX}) {
    for (const int patience : {1, 2, 3, 10}) {
      for (const double change : {0.0, 1. / 64, 0.25}) cases.push_back({mode, patience, change});
    }
  }
  return cases;
}

// The loss followed towards MAX too: what lab 6 does, and where the first figure is hard to beat.
TEST(Decisions, APlateauCutsTheRateWhenPyTorchDoes) {
  for (const auto& [mode, patience, change] : Cases()) {
    config::Config config;
    auto* plateau = config.mutable_optimizer()->mutable_schedule()->mutable_plateau();
    Set(plateau->mutable_monitor(), "loss", mode, change);
    plateau->set_patience(patience - 1);
    plateau->set_factor(0.5);
    plateau->set_minimum_factor(0.01);
    for (uint32_t seed = 0; seed < 20; ++seed) {
      Decisions decisions(config, true);
      PlateauReference reference{mode == config::MIN, patience - 1, 0.5, 0.01, change};
      for (const double figure : RandomFigures(seed)) {
        const double before = decisions.rate_factor();
        const auto notes = decisions.Look(OfLoss(figure));
        reference.Step(figure);
        ASSERT_EQ(decisions.rate_factor(), reference.rate)
            << "mode " << mode << ", patience " << patience << ", change " << change;
        EXPECT_EQ(notes.size(), decisions.rate_factor() < before ? 1u : 0u);
        EXPECT_EQ(decisions.WhyEnd(), "");
      }
    }
  }
}

TEST(Decisions, EarlyStoppingEndsAtTheEvaluationAtWhichPoutyneDoes) {
  for (const auto& [mode, patience, change] : Cases()) {
    config::Config config;
    Set(config.mutable_early_stopping()->mutable_monitor(), "loss", mode, change);
    config.mutable_early_stopping()->set_patience(patience);
    for (uint32_t seed = 0; seed < 20; ++seed) {
      Decisions decisions(config, true);
      StoppingReference reference{mode == config::MIN, patience, change};
      for (const double figure : RandomFigures(seed)) {
        const auto notes = decisions.Look(OfLoss(figure));
        const bool ends = reference.Step(figure);
        ASSERT_EQ(!decisions.WhyEnd().empty(), ends)
            << "mode " << mode << ", patience " << patience << ", change " << change;
        EXPECT_EQ(!notes.empty(), ends);
        if (ends) break;
      }
    }
  }
}

TEST(Decisions, SurviveASaveAfterAnyEvaluation) {
  config::Config config;
  auto* plateau = config.mutable_optimizer()->mutable_schedule()->mutable_plateau();
  plateau->mutable_monitor()->set_metric("loss");
  plateau->set_patience(2);
  plateau->set_factor(0.3);
  config.mutable_early_stopping()->mutable_monitor()->set_metric("loss");
  config.mutable_early_stopping()->set_patience(40);
  Decisions whole(config, true);
  auto parts = std::make_unique<Decisions>(config, true);
  for (const double figure : RandomFigures(7)) {
    EXPECT_EQ(whole.Look(OfLoss(figure)), parts->Look(OfLoss(figure)));
    EXPECT_EQ(whole.rate_factor(), parts->rate_factor());
    EXPECT_EQ(whole.WhyEnd(), parts->WhyEnd());
    config::TrainingState state;
    parts->Save(&state);
    parts = std::make_unique<Decisions>(config, true);
    parts->Restore(state);
  }
  EXPECT_LT(whole.rate_factor(), 1);
}

TEST(Decisions, OfACheckpointWithoutThemBeginAnew) {
  config::Config config;
  config.mutable_early_stopping()->set_patience(1);
  config.mutable_optimizer()->mutable_schedule()->mutable_plateau();
  Decisions decisions(config, false);
  decisions.Look(OfLoss(1));
  decisions.Look(OfLoss(1));
  EXPECT_NE(decisions.WhyEnd(), "");
  decisions.Restore({});
  EXPECT_EQ(decisions.WhyEnd(), "");
  EXPECT_EQ(decisions.rate_factor(), 1);
}

TEST(Decisions, ANoteNamesFigureBestAndCount) {
  config::Config config;
  config.mutable_early_stopping()->mutable_monitor()->set_metric("loss");
  config.mutable_early_stopping()->set_patience(2);
  Decisions decisions(config, true);
  EXPECT_THAT(decisions.Look(OfLoss(0.125)), IsEmpty());
  EXPECT_THAT(decisions.Look(OfLoss(0.5)), IsEmpty());
  const auto notes = decisions.Look(OfLoss(0.125));
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0],
            "stopped early: validation loss has got no better than 0.125 for 2 evaluations");
}

TEST(Decisions, AFigureThatWasNeverFiniteHasNoBest) {
  config::Config config;
  config.mutable_early_stopping()->mutable_monitor()->set_metric("loss");
  config.mutable_early_stopping()->set_patience(1);
  Decisions decisions(config, true);
  decisions.Look(OfLoss(kNan));
  EXPECT_THAT(decisions.WhyEnd(),
              HasSubstr("validation loss was no finite number in 1 evaluation"));
}

TEST(MonitoredFigure, DefaultsToTheAccuracyOfClassifiersAndTheLossOfOthers) {
  EXPECT_EQ(MonitoredFigure({}, true).name, "accuracy");
  EXPECT_FALSE(MonitoredFigure({}, true).lower_is_better);
  EXPECT_EQ(MonitoredFigure({}, false).name, "loss");
  EXPECT_TRUE(MonitoredFigure({}, false).lower_is_better);
  config::Monitor f1;
  f1.set_metric("f1");
  EXPECT_FALSE(MonitoredFigure(f1, true).lower_is_better);
  config::Monitor loss;
  loss.set_metric("loss");
  loss.set_mode(config::MAX);
  EXPECT_FALSE(MonitoredFigure(loss, true).lower_is_better);
}

TEST(Tracker, TakesNothingOverFromAnotherFigure) {
  config::Monitor accuracy, loss;
  accuracy.set_metric("accuracy");
  loss.set_metric("loss");
  Tracker before(MonitoredFigure(accuracy, true));
  before.Look(0.25);
  before.Look(0.125);
  Tracker same(MonitoredFigure(accuracy, true)), other(MonitoredFigure(loss, true));
  same.Restore(before.ToMessage());
  EXPECT_EQ(same.best(), 0.25);
  EXPECT_EQ(same.stagnant(), 1);
  other.Restore(before.ToMessage());
  EXPECT_FALSE(other.best().has_value());
  EXPECT_EQ(other.stagnant(), 0);
}

}  // namespace
}  // namespace seve
