#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "stream.h"
#include "test_kernels.h"
#include "test_memory.h"

namespace seve::emulator {
namespace {

// Appends `name` to what was done, when it runs.
class Log {
 public:
  void Enqueue(cudaStream_t stream, char name) {
    ASSERT_EQ(emulator::Enqueue(stream, [this, name] { text_ += name; }), cudaSuccess);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

TEST(Streams, RunNothingBeforeSomebodyWaits) {
  TestStream stream;
  Log log;
  log.Enqueue(stream.get(), 'a');
  log.Enqueue(stream.get(), 'b');
  EXPECT_EQ(log.text(), "");
  EXPECT_EQ(cudaStreamSynchronize(stream.get()), cudaSuccess);
  EXPECT_EQ(log.text(), "ab");
}

TEST(Streams, LeaveOthersAloneWhenOneIsWaitedFor) {
  TestStream first, second;
  Log log;
  log.Enqueue(first.get(), 'a');
  log.Enqueue(second.get(), 'b');
  cudaStreamSynchronize(second.get());
  EXPECT_EQ(log.text(), "b");
  cudaDeviceSynchronize();
  EXPECT_EQ(log.text(), "ba");
}

TEST(Streams, RunUpToTheEventThatIsWaitedFor) {
  TestStream stream;
  TestEvent event;
  Log log;
  log.Enqueue(stream.get(), 'a');
  cudaEventRecord(event.get(), stream.get());
  log.Enqueue(stream.get(), 'b');
  EXPECT_EQ(cudaEventSynchronize(event.get()), cudaSuccess);
  EXPECT_EQ(log.text(), "a");
  EXPECT_EQ(cudaEventQuery(event.get()), cudaSuccess);
  EXPECT_EQ(cudaStreamQuery(stream.get()), cudaSuccess);
  EXPECT_EQ(log.text(), "ab");
}

TEST(Streams, WaitForEventsOfEachOther) {
  TestStream first, second;
  TestEvent there, back;
  Log log;
  log.Enqueue(first.get(), 'a');
  cudaEventRecord(there.get(), first.get());
  cudaStreamWaitEvent(second.get(), there.get(), 0);
  log.Enqueue(second.get(), 'b');
  cudaEventRecord(back.get(), second.get());
  log.Enqueue(first.get(), 'c');
  cudaStreamWaitEvent(first.get(), back.get(), 0);
  log.Enqueue(first.get(), 'd');
  cudaStreamSynchronize(first.get());
  EXPECT_EQ(log.text(), "acbd");
}

TEST(Streams, ShowAMissingEvent) {
  TestStream first, second;
  Log log;
  log.Enqueue(first.get(), 'a');
  log.Enqueue(second.get(), 'b');  // needs a, and says so nowhere
  cudaStreamSynchronize(second.get());
  cudaStreamSynchronize(first.get());
  EXPECT_EQ(log.text(), "ba");
}

TEST(Streams, WaitForWhatAnEventWasWhenTheyMetIt) {
  TestStream first, second;
  TestEvent event;
  Log log;
  log.Enqueue(first.get(), 'a');
  cudaEventRecord(event.get(), first.get());
  cudaStreamWaitEvent(second.get(), event.get(), 0);
  log.Enqueue(first.get(), 'b');
  cudaEventRecord(event.get(), first.get());
  cudaStreamSynchronize(second.get());
  EXPECT_EQ(log.text(), "a");
  cudaStreamSynchronize(first.get());
}

TEST(Streams, ShowAHostBufferThatIsReusedTooEarly) {
  TestStream stream;
  TestMemory<int> memory(1, 0);
  int source = 1;
  cudaMemcpyAsync(memory.data(), &source, sizeof source, cudaMemcpyHostToDevice, stream.get());
  source = 2;
  cudaStreamSynchronize(stream.get());
  EXPECT_EQ(memory.Values()[0], 2);
}

TEST(Streams, LetDestroyedOnesFinishWithTheirDevice) {
  Log log;
  {
    TestStream stream;
    log.Enqueue(stream.get(), 'a');
  }
  EXPECT_EQ(log.text(), "");
  cudaDeviceSynchronize();
  EXPECT_EQ(log.text(), "a");
}

TEST(Streams, AreRunByOneThreadWhileOthersWaitOrAsk) {
  TestStream stream;
  TestEvent event;
  std::atomic<bool> begun = false, may_end = false;
  std::atomic<int> runs = 0;
  Enqueue(stream.get(), [&] {
    begun = true;
    while (!may_end) std::this_thread::yield();
    ++runs;
  });
  cudaEventRecord(event.get(), stream.get());
  std::thread runner([&] { cudaStreamSynchronize(stream.get()); });
  while (!begun) std::this_thread::yield();
  EXPECT_EQ(cudaEventQuery(event.get()), cudaErrorNotReady);
  EXPECT_EQ(cudaStreamQuery(stream.get()), cudaErrorNotReady);
  std::thread waiter([&] {
    cudaEventSynchronize(event.get());
    EXPECT_EQ(runs, 1);
  });
  may_end = true;
  waiter.join();
  runner.join();
  EXPECT_EQ(cudaEventQuery(event.get()), cudaSuccess);
  cudaGetLastError();
}

TEST(Streams, OfSeveralThreadsMeetInTheirWork) {
  constexpr int kRanks = 4;
  std::atomic<int> arrived = 0;
  std::vector<std::thread> ranks;
  for (int rank = 0; rank < kRanks; ++rank) {
    ranks.emplace_back([&, rank] {
      ASSERT_EQ(cudaSetDevice(rank), cudaSuccess);
      TestStream stream;
      TestMemory<int> memory(1000, rank);
      LaunchIncrement(memory.data(), memory.data(), 1000, stream.get());
      Enqueue(stream.get(), [&] {
        ++arrived;
        while (arrived < kRanks) std::this_thread::yield();
      });
      LaunchIncrement(memory.data(), memory.data(), 1000, stream.get());
      cudaStreamSynchronize(stream.get());
      EXPECT_EQ(memory.Values(), std::vector<int>(1000, rank + 2));
    });
  }
  for (std::thread& rank : ranks) rank.join();
}

TEST(Streams, TimeWhatRunsBetweenEvents) {
  TestStream stream;
  TestEvent from(cudaEventDefault), to(cudaEventDefault), untimed;
  cudaEventRecord(from.get(), stream.get());
  Enqueue(stream.get(), [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); });
  cudaEventRecord(to.get(), stream.get());
  float milliseconds = 0;
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, from.get(), to.get()), cudaErrorNotReady);
  cudaStreamSynchronize(stream.get());
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, from.get(), to.get()), cudaSuccess);
  EXPECT_GE(milliseconds, 5);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, from.get(), untimed.get()),
            cudaErrorInvalidResourceHandle);
  cudaGetLastError();
}

}  // namespace
}  // namespace seve::emulator
