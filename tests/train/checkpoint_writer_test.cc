#include "train/checkpoint_writer.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <future>
#include <thread>

#include "base/quick_files.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

class CheckpointWriterTest : public testing::Test {
 protected:
  CheckpointContent Content(int64_t step) {
    CheckpointContent content;
    content.model = {{"scores.weight", Tensor(weights_.data(), DType::kFloat32, {2})}};
    content.state.set_step(step);
    return content;
  }
  CheckpointStore Store(FileCalls calls = CallsThatDoNotWait()) {
    return {folder_.File("checkpoints"), 2, std::move(calls)};
  }

  TemporaryFolder folder_;
  std::vector<float> weights_{1, 2};
};

// A disk whose writes wait until it is released.
struct SlowDisk {
  std::promise<void> gate;
  std::shared_future<void> open = gate.get_future().share();

  FileCalls Calls() {
    FileCalls calls = CallsThatDoNotWait();
    calls.write = [open = open](int file, const void* bytes, size_t size) {
      open.wait();
      return SystemFileCalls().write(file, bytes, size);
    };
    return calls;
  }
};

TEST_F(CheckpointWriterTest, WritesWhatTheTensorsHeldWhenItWasBegun) {
  SlowDisk disk;
  CheckpointWriter writer(Store(disk.Calls()));
  writer.Start(Content(3), false);
  EXPECT_FALSE(writer.Poll().has_value());
  weights_ = {7, 8};  // training goes on
  disk.gate.set_value();
  const auto outcome = writer.Wait();
  ASSERT_TRUE(outcome.has_value());
  EXPECT_FALSE(outcome->failure.has_value());
  const auto read = ReadCheckpoint(outcome->path);
  EXPECT_EQ(read.state.step(), 3);
  EXPECT_EQ(read.model.Find("scores.weight")->Flat<float>()[0], 1);
}

TEST_F(CheckpointWriterTest, HandsOutEachOutcomeOnce) {
  CheckpointWriter writer(Store());
  EXPECT_FALSE(writer.Wait().has_value());
  writer.Start(Content(1), true);
  std::optional<CheckpointOutcome> outcome;
  while (!(outcome = writer.Poll())) std::this_thread::yield();
  EXPECT_FALSE(writer.Poll().has_value());
  EXPECT_FALSE(writer.Wait().has_value());
}

TEST_F(CheckpointWriterTest, AFailureIsAnOutcomeAndTheNextWriteIsTriedAnew) {
  bool full = true;
  FileCalls calls = CallsThatDoNotWait();
  calls.write = [&full](int file, const void* bytes, size_t size) -> ssize_t {
    errno = ENOSPC;
    return full ? -1 : SystemFileCalls().write(file, bytes, size);
  };
  CheckpointWriter writer(Store(calls));
  writer.Start(Content(1), false);
  const auto failed = writer.Wait();
  ASSERT_TRUE(failed->failure.has_value());
  EXPECT_EQ(failed->failure->code(), ExitCode::kData);
  full = false;
  writer.Start(Content(2), false);
  EXPECT_FALSE(writer.Wait()->failure.has_value());
}

TEST_F(CheckpointWriterTest, TheEndOfTheWriterIsTheEndOfItsWrite) {
  {
    CheckpointWriter writer(Store());
    writer.Start(Content(4), false);
  }
  EXPECT_EQ(Store().Read("latest").state.step(), 4);
}

}  // namespace
}  // namespace seve
