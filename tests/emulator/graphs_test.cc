#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "stream.h"
#include "test_kernels.h"
#include "test_memory.h"

namespace seve::emulator {
namespace {

class Graphs : public testing::Test {
 protected:
  void TearDown() override {
    cudaDeviceSynchronize();
    if (graph_ != nullptr) cudaGraphDestroy(graph_);
    cudaGetLastError();
  }

  void Begin(cudaStreamCaptureMode mode = cudaStreamCaptureModeThreadLocal) {
    ASSERT_EQ(cudaStreamBeginCapture(main_.get(), mode), cudaSuccess);
  }
  cudaError_t End() { return cudaStreamEndCapture(main_.get(), &graph_); }

  void Enqueue(const TestStream& stream, char name) {
    emulator::Enqueue(stream.get(), [this, name] { done_ += name; });
  }
  // `second` goes on where `first` is.
  cudaError_t Join(const TestStream& first, const TestStream& second) {
    TestEvent event;
    cudaEventRecord(event.get(), first.get());
    return cudaStreamWaitEvent(second.get(), event.get(), 0);
  }
  // What one replay does.
  std::string Replay() {
    cudaGraphExec_t exec = nullptr;
    EXPECT_EQ(cudaGraphInstantiate(&exec, graph_, 0), cudaSuccess);
    EXPECT_EQ(cudaGraphUpload(exec, main_.get()), cudaSuccess);
    EXPECT_EQ(cudaGraphLaunch(exec, main_.get()), cudaSuccess);
    cudaGraphExecDestroy(exec);
    EXPECT_EQ(done_, "");
    cudaStreamSynchronize(main_.get());
    return std::exchange(done_, "");
  }

  TestStream main_, side_;
  cudaGraph_t graph_ = nullptr;
  std::string done_;
};

TEST_F(Graphs, RunAtEveryLaunchAndNotWhenCaptured) {
  Begin();
  Enqueue(main_, 'a');
  Enqueue(main_, 'b');
  ASSERT_EQ(End(), cudaSuccess);
  cudaStreamSynchronize(main_.get());
  EXPECT_EQ(done_, "");
  EXPECT_EQ(Replay(), "ab");
  EXPECT_EQ(Replay(), "ab");
}

TEST_F(Graphs, TellHowManyNodesTheyHave) {
  Begin();
  Enqueue(main_, 'a');
  Join(main_, side_);
  Enqueue(side_, 'b');
  Join(side_, main_);
  ASSERT_EQ(End(), cudaSuccess);
  size_t count = 0;
  EXPECT_EQ(cudaGraphGetNodes(graph_, nullptr, &count), cudaSuccess);
  EXPECT_EQ(count, 2);
}

TEST_F(Graphs, KeepForkAndJoin) {
  Begin();
  Enqueue(main_, 'a');
  ASSERT_EQ(Join(main_, side_), cudaSuccess);
  Enqueue(side_, 'b');
  Enqueue(main_, 'c');
  ASSERT_EQ(Join(side_, main_), cudaSuccess);
  Enqueue(main_, 'd');
  ASSERT_EQ(End(), cudaSuccess);
  EXPECT_EQ(Replay(), "acbd");  // what nobody waits for yet comes late
}

TEST_F(Graphs, LetAForkedStreamGoAfterTheCapture) {
  Begin();
  Join(main_, side_);
  Enqueue(side_, 'b');
  Join(side_, main_);
  ASSERT_EQ(End(), cudaSuccess);
  Enqueue(side_, 'x');
  cudaStreamSynchronize(side_.get());
  EXPECT_EQ(done_, "x");
}

TEST_F(Graphs, ReadTheSourcesOfCopiesWhenReplayed) {
  TestMemory<int> memory(1, 0);
  int source = 1;
  Begin();
  cudaMemcpyAsync(memory.data(), &source, sizeof source, cudaMemcpyHostToDevice, main_.get());
  LaunchIncrement(memory.data(), memory.data(), 1, main_.get());
  ASSERT_EQ(End(), cudaSuccess);
  source = 5;
  Replay();
  EXPECT_EQ(memory.Values()[0], 6);
  source = 7;
  Replay();
  EXPECT_EQ(memory.Values()[0], 8);
}

TEST_F(Graphs, WantEveryForkJoined) {
  Begin();
  Enqueue(main_, 'a');
  Join(main_, side_);
  Enqueue(side_, 'b');
  EXPECT_EQ(End(), cudaErrorStreamCaptureUnjoined);
  EXPECT_EQ(graph_, nullptr);
}

TEST_F(Graphs, WantWorkAfterAJoinJoinedToo) {
  Begin();
  Join(main_, side_);
  Join(side_, main_);
  Enqueue(side_, 'b');
  EXPECT_EQ(End(), cudaErrorStreamCaptureUnjoined);
}

TEST_F(Graphs, FailWhereTheHostWaitsForACapturingStream) {
  Begin(cudaStreamCaptureModeRelaxed);
  EXPECT_EQ(cudaStreamSynchronize(main_.get()), cudaErrorStreamCaptureUnsupported);
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  EXPECT_EQ(cudaStreamIsCapturing(main_.get(), &status), cudaSuccess);
  EXPECT_EQ(status, cudaStreamCaptureStatusInvalidated);
  EXPECT_EQ(LaunchNothing(1, 1, main_.get()), cudaErrorStreamCaptureInvalidated);
  EXPECT_EQ(End(), cudaErrorStreamCaptureInvalidated);
  EXPECT_EQ(cudaStreamSynchronize(main_.get()), cudaSuccess);
}

TEST_F(Graphs, FailWhereMemoryIsAllocatedFreedOrCopiedAtOnce) {
  void* memory = nullptr;
  TestMemory<int> there(1, 0);
  int here = 0;
  const auto forbidden = {
      +[](void** memory, int*, int*) { return cudaMalloc(memory, 4); },
      +[](void**, int* there, int*) { return cudaFree(there); },
      +[](void**, int* there, int* here) {
        return cudaMemcpy(there, here, 4, cudaMemcpyHostToDevice);
      },
      +[](void**, int* there, int*) { return cudaMemset(there, 0, 4); },
      +[](void**, int*, int*) { return cudaDeviceSynchronize(); },
  };
  for (const auto call : forbidden) {
    Begin(cudaStreamCaptureModeRelaxed);
    EXPECT_EQ(call(&memory, there.data(), &here), cudaErrorStreamCaptureUnsupported);
    EXPECT_EQ(End(), cudaErrorStreamCaptureInvalidated);
  }
}

TEST_F(Graphs, FailWhereAnEventIsAskedForInThreadLocalMode) {
  TestEvent event;
  cudaEventRecord(event.get(), side_.get());
  Begin(cudaStreamCaptureModeRelaxed);
  EXPECT_EQ(cudaEventQuery(event.get()), cudaSuccess);
  EXPECT_EQ(End(), cudaSuccess);
  cudaGraphDestroy(std::exchange(graph_, nullptr));
  Begin(cudaStreamCaptureModeThreadLocal);
  EXPECT_EQ(cudaEventQuery(event.get()), cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(End(), cudaErrorStreamCaptureInvalidated);
}

TEST_F(Graphs, FailWhereTheyDependOnUncapturedWork) {
  TestEvent before;
  cudaEventRecord(before.get(), side_.get());
  Begin();
  EXPECT_EQ(cudaStreamWaitEvent(main_.get(), before.get(), 0), cudaErrorStreamCaptureIsolation);
  EXPECT_EQ(End(), cudaErrorStreamCaptureInvalidated);
}

TEST_F(Graphs, KeepTheirEventsToThemselves) {
  TestEvent event;
  Begin();
  cudaEventRecord(event.get(), main_.get());
  ASSERT_EQ(End(), cudaSuccess);
  EXPECT_EQ(cudaEventSynchronize(event.get()), cudaErrorCapturedEvent);
  EXPECT_EQ(cudaStreamWaitEvent(side_.get(), event.get(), 0), cudaErrorCapturedEvent);
}

TEST_F(Graphs, AreForgottenWithTheStreamThatBeganThem) {
  {
    TestStream stream;
    ASSERT_EQ(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal), cudaSuccess);
    Join(stream, side_);
  }
  EXPECT_EQ(cudaStreamSynchronize(side_.get()), cudaSuccess);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
}

}  // namespace
}  // namespace seve::emulator
