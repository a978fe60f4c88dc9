#include "data/loader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr int64_t kRows = 4;

// Sample i is (i, i + 0.5), its target 3 i.
class CountingDataset : public Dataset {
 public:
  [[nodiscard]] const std::vector<FieldSpec>& Fields() const override { return fields_; }
  [[nodiscard]] int64_t size() const override { return 100; }
  [[nodiscard]] int64_t classes() const override { return 0; }
  [[nodiscard]] std::string Describe() const override { return "counting"; }
  [[nodiscard]] uint64_t ContentHash() const override { return 1; }
  void Gather(std::span<const int64_t> indices, const Batch& destination) const override {
    if (gathered_++ == fails_at_) ThrowData("sample 7 cannot be read");
    if (delay_.count() > 0) std::this_thread::sleep_for(delay_);
    for (size_t row = 0; row < indices.size(); ++row) {
      destination[0].Flat<float>()[2 * row] = static_cast<float>(indices[row]);
      destination[0].Flat<float>()[2 * row + 1] = static_cast<float>(indices[row]) + 0.5f;
      destination[1].Flat<int32_t>()[row] = static_cast<int32_t>(3 * indices[row]);
    }
  }
  void FailAt(int call) { fails_at_ = call; }
  void SetDelay(std::chrono::milliseconds delay) { delay_ = delay; }
  [[nodiscard]] int gathered() const { return gathered_; }

 private:
  std::vector<FieldSpec> fields_ = {{"input", DType::kFloat32, Shape{2}},
                                    {"target", DType::kInt32, Shape{}}};
  mutable std::atomic<int> gathered_ = 0;
  int fails_at_ = -1;
  std::chrono::milliseconds delay_{0};
};

// 80 training samples: twenty slices of 4 an epoch, but the last is cut into 3 and 0 rows.
Slice Request(int64_t i) {
  const int64_t in_epoch = i % 21;
  if (in_epoch == 20) return {i / 21, 79, 0};
  return {i / 21, in_epoch * 4, in_epoch == 19 ? 3 : 4};
}

struct BatchMemory {
  Buffer input{kRows * 2 * 4};
  Buffer target{kRows * 4};
  Batch batch{Tensor(input.data(), DType::kFloat32, {kRows, 2}),
              Tensor(target.data(), DType::kInt32, {kRows})};
};

// Slices, inputs and targets of `count` batches, one after the other.
std::vector<double> Everything(int prefetch, int64_t first, int count) {
  const CountingDataset dataset;
  const Sampler sampler(100, 0.2, 42);
  Loader loader(dataset, sampler, Request, first, prefetch);
  BatchMemory memory;
  std::vector<double> seen;
  for (int i = 0; i < count; ++i) {
    const Slice slice = loader.Next(memory.batch);
    for (const int64_t value : {slice.epoch, slice.position, slice.count}) {
      seen.push_back(static_cast<double>(value));
    }
    for (const float value : memory.batch[0].Flat<float>()) seen.push_back(value);
    for (const int32_t value : memory.batch[1].Flat<int32_t>()) seen.push_back(value);
  }
  return seen;
}

TEST(Loader, PrefetchingBringsTheSameBatches) {
  const auto direct = Everything(0, 0, 50);
  EXPECT_EQ(Everything(1, 0, 50), direct);
  EXPECT_EQ(Everything(3, 0, 50), direct);
}

TEST(Loader, StartsAtTheRequestAskedFor) {
  const auto all = Everything(0, 0, 40);
  for (const int prefetch : {0, 2}) {
    const auto late = Everything(prefetch, 25, 1);
    const Slice expected = Request(25);
    EXPECT_EQ(late[0], expected.epoch);
    EXPECT_EQ(late[1], expected.position);
    EXPECT_EQ(std::vector<double>(all.begin() + 25 * 15, all.begin() + 26 * 15), late);
  }
}

TEST(Loader, BatchesHoldTheSamplersSamples) {
  const CountingDataset dataset;
  const Sampler sampler(100, 0.2, 42);
  Loader loader(dataset, sampler, Request, 0, 1);
  BatchMemory memory;
  loader.Next(memory.batch);
  loader.Next(memory.batch);
  for (int64_t row = 0; row < kRows; ++row) {
    EXPECT_EQ(memory.batch[1].Flat<int32_t>()[static_cast<size_t>(row)],
              3 * sampler.Train(0, 4 + row));
  }
}

TEST(Loader, FailureReachesTheCallerAfterTheGoodBatches) {
  for (const int prefetch : {0, 1, 3}) {
    CountingDataset dataset;
    dataset.FailAt(2);
    const Sampler sampler(100, 0.2, 42);
    Loader loader(dataset, sampler, Request, 0, prefetch);
    BatchMemory memory;
    EXPECT_EQ(loader.Next(memory.batch).position, 0);
    EXPECT_EQ(loader.Next(memory.batch).position, 4);
    EXPECT_THROW(loader.Next(memory.batch), Error);
    if (prefetch > 0) {
      EXPECT_THROW(loader.Next(memory.batch), Error);
    }
  }
}

TEST(Loader, FailureOfTheRequestReachesTheCaller) {
  const CountingDataset dataset;
  const Sampler sampler(100, 0.2, 42);
  const auto request = [](int64_t i) -> Slice { throw std::out_of_range(std::to_string(i)); };
  Loader loader(dataset, sampler, request, 0, 2);
  BatchMemory memory;
  EXPECT_THROW(loader.Next(memory.batch), std::out_of_range);
}

TEST(Loader, PreparesNoMoreThanItsRingHolds) {
  CountingDataset dataset;
  const Sampler sampler(100, 0.2, 42);
  Loader loader(dataset, sampler, Request, 0, 3);
  while (dataset.gathered() < 3) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(dataset.gathered(), 3);
}

TEST(Loader, CanBeDestroyedInMidFlight) {
  CountingDataset dataset;
  dataset.SetDelay(std::chrono::milliseconds(2));
  const Sampler sampler(100, 0.2, 42);
  for (int taken = 0; taken < 4; ++taken) {
    Loader loader(dataset, sampler, Request, 0, 2);
    BatchMemory memory;
    for (int i = 0; i < taken; ++i) loader.Next(memory.batch);
  }
}

}  // namespace
}  // namespace seve
