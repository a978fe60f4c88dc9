#include "forecast/step_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.h"
#include "forecast/all_reduce_time.h"
#include "forecast/bucket_chain.h"
#include "forecast/slowest_rank.h"

namespace seve {
namespace {

constexpr double kScales = 0.9;  // share of compute from which on nothing else limits a step

int MultiprocessorsOf(GpuGeneration generation) {
  switch (generation) {
    case GpuGeneration::kVolta:
      return 80;  // V100
    case GpuGeneration::kAmpere:
      return 108;  // A100
    case GpuGeneration::kHopper:
      return 132;  // H100-SXM5, H200
  }
  Check(false, "a generation of GPUs without its number of SMs");
  return 1;
}

void Validate(const StepOptions& options, int ranks, int64_t batch) {
  if (ranks < 1) ThrowUsage(fmt::format("forecast: {} ranks; 1 is the least", ranks));
  if (batch < ranks) {
    ThrowUsage(
        fmt::format("forecast: a batch of {} samples leaves some of {} ranks none; take fewer "
                    "ranks or a larger "
                    "batch",
                    batch, ranks));
  }
  const int64_t samples = (batch + ranks - 1) / ranks;
  if (options.micro_batches < 1 || options.micro_batches > samples) {
    ThrowUsage(fmt::format("forecast: {} micro-batches of a rank's {} samples; 1 to {} can be",
                           options.micro_batches, samples, samples));
  }
  if (!(options.jitter >= 0) || !(options.bucket_mib >= 0) || !(options.small_bucket_mib >= 0)) {
    ThrowUsage("forecast: the jitter or a bucket's size is below 0");
  }
}

// The gradients' collectives behind one backward pass that takes `backward` seconds.
BucketChain Chain(const Fabric& fabric, const StepProfile& profile, const StepOptions& options,
                  int ranks, double backward) {
  const auto buckets = MergeSlices(profile.slices, options);
  return ChainBuckets(buckets, backward, [&](double bytes) {
    return options.zero_1 ? ReduceScatterTime(fabric, ranks, bytes, options.wire)
                          : AllReduceTime(fabric, ranks, bytes, options.wire);
  });
}

StepLimit LimitOf(const StepForecast& forecast, double latency) {
  if (forecast.compute >= kScales * forecast.step) return StepLimit::kCompute;
  const bool mostly_latency = latency > forecast.communication / 2;
  struct Term {
    double seconds;
    StepLimit limit;
  };
  const std::array terms = {Term{forecast.exposed_communication + forecast.contention,
                                 mostly_latency ? StepLimit::kLatency : StepLimit::kCommunication},
                            Term{forecast.jitter, StepLimit::kJitter},
                            Term{forecast.feed, StepLimit::kFeed},
                            Term{forecast.optimizer, StepLimit::kOptimizer}};
  return std::ranges::max_element(terms, {}, &Term::seconds)->limit;
}

}  // namespace

std::string_view NameOf(StepLimit limit) {
  switch (limit) {
    case StepLimit::kCompute:
      return "compute";
    case StepLimit::kCommunication:
      return "communication";
    case StepLimit::kLatency:
      return "latency of messages";
    case StepLimit::kJitter:
      return "waiting for the slowest rank";
    case StepLimit::kFeed:
      return "input";
    case StepLimit::kOptimizer:
      return "optimizer";
  }
  return "";
}

StepForecast ForecastStep(const Fabric& fabric, const StepProfile& profile,
                          const StepOptions& options, int ranks, int64_t batch) {
  ValidateFabric(fabric);
  ValidateProfile(profile);
  Validate(options, ranks, batch);
  const auto passes = static_cast<double>(options.micro_batches);
  const auto samples = static_cast<double>((batch + ranks - 1) / ranks);
  const ComputeTime pass = ComputeTimeOf(profile, samples / passes);

  StepForecast forecast{.ranks = ranks, .batch = batch};
  forecast.feed = passes * pass.feed;
  forecast.compute = passes * (pass.forward + pass.backward);
  forecast.jitter = options.jitter * ExpectedMaximum(ranks) * (forecast.feed + forecast.compute);

  // NCCL's thread blocks have SMs to themselves: so much of the time that they run is lost to
  // backward. CPU ranks sum their host's gradients in between.
  BucketChain chain = Chain(fabric, profile, options, ranks, pass.backward);
  const double taken = static_cast<double>(chain.ctas) / MultiprocessorsOf(fabric.generation);
  forecast.contention = taken * chain.overlapped + chain.work;
  chain = Chain(fabric, profile, options, ranks, pass.backward + forecast.contention);
  forecast.exposed_communication = chain.exposed;
  forecast.communication = chain.exposed + chain.overlapped + chain.work;

  double latency = chain.latency;
  forecast.optimizer = OptimizerTimeOf(profile);
  if (options.zero_1) {
    forecast.optimizer /= ranks;
    const CollectiveTime gather = AllGatherTime(fabric, ranks, profile.Bytes());
    forecast.exposed_communication += gather.seconds;
    forecast.communication += gather.seconds;
    latency += gather.latency;
  }
  forecast.step = forecast.feed + forecast.compute + forecast.contention +
                  forecast.exposed_communication + forecast.jitter + forecast.optimizer;
  forecast.samples_per_second = static_cast<double>(batch) / forecast.step;
  forecast.limit = LimitOf(forecast, latency);
  forecast.proportional = IsProportional(profile);
  return forecast;
}

}  // namespace seve
