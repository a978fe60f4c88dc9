#include "data/toys/spirals.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "data/array_dataset.h"
#include "data/draws.h"

namespace seve {
namespace {

constexpr int64_t kFeatures = 7;
constexpr int64_t kArms = 2;
constexpr float kRadius = 5;
// Test samples have indices from here on, so that they never meet training samples.
constexpr int64_t kFirstTest = int64_t{1} << 40;

void AppendFeatures(float x, float y, std::vector<float>* features) {
  features->insert(features->end(), {x, y, x * x, y * y, x * y, std::sin(x), std::sin(y)});
}

std::unique_ptr<Dataset> Draw(const SpiralOptions& options, int64_t first, int64_t samples) {
  const Philox stream = RandomStream(options.seed, RandomPurpose::kGeneratedData);
  std::vector<float> features;
  std::vector<int32_t> arms;
  for (int64_t i = 0; i < samples; ++i) {
    Draws draws(stream, first + i);
    const auto arm = static_cast<int32_t>(i % kArms);
    const float along = draws.Uniform(0, 1);
    const float turns = along * options.turns + static_cast<float>(arm) / kArms;
    const float angle = 2 * std::numbers::pi_v<float> * turns;
    const float x = kRadius * along * std::sin(angle) + draws.Uniform(-1, 1) * options.noise;
    const float y = kRadius * along * std::cos(angle) + draws.Uniform(-1, 1) * options.noise;
    AppendFeatures(x, y, &features);
    arms.push_back(arm);
  }
  std::vector<ArrayDataset::Field> fields;
  fields.push_back({"input", Store(features, {samples, kFeatures})});
  fields.push_back({"target", Store(arms, {samples}), AsClass()});
  return std::make_unique<ArrayDataset>(std::move(fields), ArrayDataset::Labels{kArms, {}},
                                        fmt::format("spirals of seed {}", options.seed));
}

}  // namespace

DataSets MakeSpirals(const SpiralOptions& options) {
  return {Draw(options, 0, options.samples), Draw(options, kFirstTest, options.test)};
}

}  // namespace seve
