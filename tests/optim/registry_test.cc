#include "optim/registry.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace seve {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

TEST(MakeOptimizer, KnowsEveryKindOfTheLanguage) {
  const auto* kinds = config::Optimizer::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string kind = kinds->field(i)->name();
    EXPECT_EQ(MakeOptimizer(Parse<config::Optimizer>(kind + " {}"))->kind(), kind);
  }
}

TEST(MakeOptimizer, PassesTheFieldsOn) {
  const auto sgd = MakeOptimizer(Parse<config::Optimizer>("sgd { momentum: 0.5 weight_decay: 2 }"));
  EXPECT_EQ(sgd->StateNames().size(), 1);
  EXPECT_EQ(sgd->weight_decay(), 2);
  EXPECT_FLOAT_EQ(MakeOptimizer(Parse<config::Optimizer>("adamw {}"))->weight_decay(), 0.01f);
}

// PyTorch takes 1 - 0.999 in float64; from float32's 0.999 it would come out as 0.00100004673.
TEST(MakeOptimizer, TakesOneMinusBetaFromTheDecimalGiven) {
  const auto adam = MakeOptimizer(Parse<config::Optimizer>("adam {}"));
  std::vector<float> w = {0}, g = {1}, m = {0}, v = {0};
  SliceUpdate slice;
  slice.parameters = w;
  slice.gradients = g;
  slice.states[0] = m;
  slice.states[1] = v;
  EXPECT_TRUE(adam->UpdateCpu(slice));
  EXPECT_EQ(v[0], static_cast<float>(0.001));
}

TEST(BaseLearningRate, IsTheDecimalGivenOrThePyTorchDefault) {
  EXPECT_EQ(BaseLearningRate(Parse<config::Optimizer>("sgd { learning_rate: 0.1 }")), 0.1);
  EXPECT_EQ(BaseLearningRate(Parse<config::Optimizer>("sgd {}")), 0.01);
  EXPECT_EQ(BaseLearningRate(Parse<config::Optimizer>("rmsprop {}")), 0.01);
  EXPECT_EQ(BaseLearningRate(Parse<config::Optimizer>("adam {}")), 0.001);
  EXPECT_EQ(BaseLearningRate(Parse<config::Optimizer>("adamw {}")), 0.001);
}

double FactorOf(const std::string& text, double epoch, double total) {
  return MakeSchedule(Parse<config::Schedule>(text))->Factor(epoch, total);
}

TEST(MakeSchedule, ReadsEveryKind) {
  EXPECT_EQ(FactorOf("", 5, 10), 1);
  EXPECT_EQ(FactorOf("constant {}", 5, 10), 1);
  EXPECT_DOUBLE_EQ(FactorOf("step { every_epochs: 2 factor: 0.5 }", 5, 10), 0.25);
  EXPECT_DOUBLE_EQ(FactorOf("multi_step { at_epoch: [2, 4] factor: 0.5 }", 5, 10), 0.25);
  EXPECT_DOUBLE_EQ(FactorOf("exponential { factor: 0.5 }", 2, 10), 0.25);
  EXPECT_NEAR(FactorOf("cosine {}", 5, 10), 0.5, 1e-15);
  EXPECT_DOUBLE_EQ(FactorOf("polynomial { power: 2 }", 5, 10), 0.25);
}

TEST(MakeSchedule, WarmsUpBeforeTheCurve) {
  const std::string text = "cosine {} warm_up_epochs: 2 warm_up_start: 0.5";
  EXPECT_DOUBLE_EQ(FactorOf(text, 0, 10), 0.5);
  EXPECT_DOUBLE_EQ(FactorOf(text, 1, 10), 0.75);
  EXPECT_DOUBLE_EQ(FactorOf(text, 2, 10), 1);
  EXPECT_NEAR(FactorOf(text, 6, 10), 0.5, 1e-15);
}

}  // namespace
}  // namespace seve
