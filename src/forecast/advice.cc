#include "forecast/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace seve {
namespace {

constexpr double kBucketMib[] = {1, 2, 5, 10, 25, 50, 100};
constexpr int kMostAccumulation = 16;

// What is asked, and how it runs now.
struct Present {
  const Fabric& fabric;
  const StepProfile& profile;
  const StepOptions& options;
  int ranks;
  int64_t batch;
  double speed;  // samples/s

  [[nodiscard]] Advice With(const StepOptions& other, int64_t other_batch) const {
    Advice advice;
    advice.forecast = ForecastStep(fabric, profile, other, ranks, other_batch);
    advice.gain = advice.forecast.samples_per_second / speed - 1;
    return advice;
  }
};

Advice OtherBuckets(const Present& present) {
  Advice best;
  for (const double mib : kBucketMib) {
    StepOptions options = present.options;
    options.bucket_mib = mib;
    Advice advice = present.With(options, present.batch);
    if (advice.gain <= best.gain) continue;
    best = std::move(advice);
    best.change = fmt::format("gradients travel in buckets of {} MiB", mib);
    best.configuration = fmt::format("reduction {{ bucket_mib: {} }}", mib);
  }
  return best;
}

std::optional<Advice> HalfTheBytes(const Present& present) {
  if (present.options.wire == WireType::kBf16) return std::nullopt;
  StepOptions options = present.options;
  options.wire = WireType::kBf16;
  Advice advice = present.With(options, present.batch);
  advice.change = "gradients travel as BF16";
  advice.configuration = "reduction { wire: BF16 }";
  advice.price = "sums of gradients have 8 significant bits";
  return advice;
}

Advice MoreMicroBatches(const Present& present) {
  Advice best;
  for (int64_t times = 2; times <= kMostAccumulation; times *= 2) {
    StepOptions options = present.options;
    options.micro_batches *= times;
    const int64_t batch = present.batch * times;
    Advice advice = present.With(options, batch);
    if (advice.gain < (1 + best.gain) * (1 + kLeastGain) - 1) break;
    best = std::move(advice);
    best.change =
        fmt::format("gradients are summed over ranks once for {} times the samples", times);
    best.configuration = fmt::format("batch {{ size: {} micro_batches: {} }}", batch,
                                     options.micro_batches * present.ranks);
    best.price = "the batch is larger: fewer updates an epoch, another learning rate";
  }
  return best;
}

std::optional<Advice> ShardedOptimizer(const Present& present) {
  if (present.options.zero_1) return std::nullopt;
  StepOptions options = present.options;
  options.zero_1 = true;
  Advice advice = present.With(options, present.batch);
  advice.change = "each rank updates its share of the parameters (ZeRO-1)";
  advice.configuration = "distribution: ZERO_1";
  return advice;
}

}  // namespace

std::vector<Advice> AdviceFor(const Fabric& fabric, const StepProfile& profile,
                              const StepOptions& options, int ranks, int64_t batch) {
  const double speed = ForecastStep(fabric, profile, options, ranks, batch).samples_per_second;
  const Present present{fabric, profile, options, ranks, batch, speed};
  std::vector<Advice> advice;
  const auto add = [&](std::optional<Advice> one) {
    if (one && one->gain >= kLeastGain) advice.push_back(*std::move(one));
  };
  add(OtherBuckets(present));
  add(HalfTheBytes(present));
  add(MoreMicroBatches(present));
  add(ShardedOptimizer(present));
  std::ranges::stable_sort(advice, std::greater(), &Advice::gain);
  return advice;
}

}  // namespace seve
