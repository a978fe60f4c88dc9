#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/quick_files.h"
#include "base/temporary_folder.h"
#include "train/checkpoint_manifest.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kFiles[] = {"model.safetensors", "optimizer.safetensors", "state.pb"};

class CheckpointTest : public testing::Test {
 protected:
  // The weights tell the steps apart.
  CheckpointFiles Files(int64_t step) {
    weights_ = {static_cast<float>(step), -1.0F};
    CheckpointContent content;
    content.model = {{"scores.weight", Tensor(weights_.data(), DType::kFloat32, {1, 2})}};
    content.optimizer = {
        {"scores.weight.momentum_buffer", Tensor(momentum_.data(), DType::kFloat32, {1, 2})}};
    content.state.set_step(step);
    content.state.mutable_best()->set_validation_loss(0.25);
    CheckpointFiles files;
    EncodeCheckpoint(content, &files);
    return files;
  }
  std::string Write(int64_t step, bool is_best = false, int keep = 2) {
    return CheckpointStore(directory_, keep, CallsThatDoNotWait()).Write(Files(step), is_best);
  }
  [[nodiscard]] std::set<std::string> Entries() const {
    std::set<std::string> names;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(directory_, missing)) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
  [[nodiscard]] std::string Link(const std::string& name) const {
    return fs::read_symlink(directory_ + "/" + name).string();
  }
  static std::string Refusal(const std::string& folder, ExitCode code = ExitCode::kData) {
    const auto message = MessageOf(code, [&] { (void)ReadCheckpoint(folder); });
    EXPECT_THAT(message, HasSubstr(folder));
    return message;
  }

  TemporaryFolder folder_;
  std::string directory_ = folder_.File("checkpoints");
  std::vector<float> weights_, momentum_{0.5F, 2.0F};
};

TEST_F(CheckpointTest, IsReadBackAsItWasWritten) {
  const std::string path = Write(1200, true);
  EXPECT_EQ(path, directory_ + "/step-000001200");
  for (const std::string name : {"latest", "best", "step-000001200", path.c_str()}) {
    const auto read = CheckpointStore(directory_, 1).Read(name);
    EXPECT_EQ(fs::path(read.path).filename(), "step-000001200");
    EXPECT_EQ(read.state.format(), 1);
    EXPECT_EQ(read.state.step(), 1200);
    EXPECT_EQ(read.state.best().validation_loss(), 0.25);
    EXPECT_FALSE(read.state.has_epoch());
    ASSERT_NE(read.model.Find("scores.weight"), nullptr);
    EXPECT_THAT(read.model.Find("scores.weight")->Flat<float>(), ElementsAre(1200.0F, -1.0F));
    EXPECT_THAT(read.optimizer.Find("scores.weight.momentum_buffer")->Flat<float>(),
                ElementsAre(0.5F, 2.0F));
  }
}

TEST_F(CheckpointTest, LinksAreRelativeSoThatARunDirectoryCanBeMoved) {
  Write(1, true);
  Write(2);
  EXPECT_EQ(Link("latest"), "step-000000002");
  EXPECT_EQ(Link("best"), "step-000000001");
  fs::rename(directory_, folder_.File("moved"));
  EXPECT_EQ(CheckpointStore(folder_.File("moved"), 1).Read("best").state.step(), 1);
}

TEST_F(CheckpointTest, TheNewestAndTheBestAreKept) {
  Write(1);
  Write(2, true);
  for (int64_t step = 3; step <= 6; ++step) Write(step);
  EXPECT_EQ(Entries(), (std::set<std::string>{"step-000000002", "step-000000005", "step-000000006",
                                              "latest", "best"}));
  Write(7, true, 1);
  EXPECT_EQ(Entries(), (std::set<std::string>{"step-000000007", "latest", "best"}));
}

TEST_F(CheckpointTest, WritingAStepAgainReplacesIt) {
  Write(5);
  WriteQuickly(directory_ + "/step-000000005/model.safetensors", "broken");
  Write(5);
  EXPECT_EQ(CheckpointStore(directory_, 2).Read("latest").state.step(), 5);
  EXPECT_EQ(Entries(), (std::set<std::string>{"step-000000005", "latest"}));
}

TEST_F(CheckpointTest, OnesOfLaterStepsGoWhenARunResumedBeforeThem) {
  for (const int64_t step : {10, 20, 30}) Write(step, step == 10, 3);
  Write(15, false, 3);
  EXPECT_EQ(Entries(),
            (std::set<std::string>{"step-000000010", "step-000000015", "latest", "best"}));
}

TEST_F(CheckpointTest, LeftoversOfAnInterruptedWriteGoWithTheNext) {
  MakeFolders(directory_ + "/.step-000000001.unfinished");
  fs::create_symlink("step-000000001", directory_ + "/.best.new");
  MakeFolders(directory_ + "/notes");
  Write(2);
  EXPECT_EQ(Entries(), (std::set<std::string>{"step-000000002", "latest", "notes"}));
}

// Every system call of a Write fails once, in turn, with a full disk.
TEST_F(CheckpointTest, WhateverFailsWhileWritingTheOneBeforeStaysReadable) {
  Write(1, true, 1);
  bool finished = false;
  for (int failing = 1; !finished; ++failing) {
    ASSERT_LT(failing, 100);
    int call = 0;
    const auto fails = [&] {
      errno = ENOSPC;
      return ++call == failing;
    };
    FileCalls calls;
    calls.write = [&](int file, const void* bytes, size_t size) -> ssize_t {
      return fails() ? -1 : SystemFileCalls().write(file, bytes, size);
    };
    calls.sync = [&](int) { return fails() ? -1 : 0; };
    calls.rename = [&](const char* from, const char* to) {
      return fails() ? -1 : SystemFileCalls().rename(from, to);
    };
    try {
      CheckpointStore(directory_, 1, calls).Write(Files(2), false);
      finished = true;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(directory_), HasSubstr("No space left on device")));
    }
    const CheckpointStore store(directory_, 1);
    EXPECT_EQ(store.Read("best").state.step(), 1);
    for (const auto& name : Entries()) {
      if (name.starts_with("step-")) (void)store.Read(name);
    }
  }
}

TEST_F(CheckpointTest, WithAMissingFileIsRefused) {
  for (const std::string name : kFiles) {
    const std::string path = Write(1);
    fs::remove(path + "/" + name);
    EXPECT_THAT(Refusal(path), HasSubstr(name + " is missing"));
  }
  const std::string path = Write(1);
  fs::remove(path + "/MANIFEST");
  EXPECT_THAT(Refusal(path), HasSubstr("it has no MANIFEST"));
}

TEST_F(CheckpointTest, WithATruncatedFileIsRefused) {
  for (const std::string name : kFiles) {
    const std::string path = Write(1);
    const auto size = fs::file_size(path + "/" + name);
    fs::resize_file(path + "/" + name, size - 1);
    EXPECT_THAT(Refusal(path), HasSubstr(name + " has " + std::to_string(size - 1) +
                                         " bytes, MANIFEST says " + std::to_string(size)));
  }
}

TEST_F(CheckpointTest, WithOneFlippedBitAnywhereIsRefused) {
  const std::string path = Write(1);
  for (const std::string name : {kFiles[0], kFiles[1], kFiles[2], "MANIFEST"}) {
    const std::string intact = ReadFile(path + "/" + name);
    for (size_t at = 0; at < intact.size(); at += 7) {
      std::string damaged = intact;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
      WriteQuickly(path + "/" + name, damaged);
      EXPECT_THAT(Refusal(path), HasSubstr("is damaged")) << name << " byte " << at;
    }
    WriteQuickly(path + "/" + name, intact);
  }
  EXPECT_EQ(ReadCheckpoint(path).state.step(), 1);
}

TEST_F(CheckpointTest, WithAManifestCutAnywhereIsRefused) {
  const std::string path = Write(1);
  const std::string intact = ReadFile(path + "/MANIFEST");
  for (size_t size = 0; size < intact.size(); ++size) {
    WriteQuickly(path + "/MANIFEST", intact.substr(0, size));
    EXPECT_THAT(Refusal(path), HasSubstr("MANIFEST")) << size;
  }
}

TEST_F(CheckpointTest, OfANewerFormatIsRefusedWithTheRemedyAndNeverPassedOver) {
  Write(1);
  const std::string path = Write(2);
  config::TrainingState state;
  state.set_format(2);
  WriteQuickly(path + "/state.pb", state.SerializeAsString());
  std::vector<ManifestLine> lines;
  for (const std::string name : kFiles) {
    const std::string file = ReadFile(path + "/" + name);
    lines.push_back({file.size(), Xxh3Hex(BytesOf(file)), name});
  }
  WriteQuickly(path + "/MANIFEST", ManifestText(lines));
  EXPECT_THAT(Refusal(path, ExitCode::kUsage),
              AllOf(HasSubstr("has format 2"), HasSubstr("use a newer version")));
  std::vector<std::string> warnings;
  const CheckpointStore store(directory_, 2);
  EXPECT_THAT(MessageOf(ExitCode::kUsage, [&] { (void)store.ReadNewest(&warnings); }),
              HasSubstr("has format 2"));
}

TEST_F(CheckpointTest, ThatDoesNotExistIsRefusedWithThoseThatDo) {
  const CheckpointStore store(directory_, 2);
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { (void)store.Read("best"); }),
            "there is no checkpoint 'best' in " + directory_ + ": it holds none");
  Write(1);
  Write(2);
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { (void)store.Read("best"); }),
            "there is no checkpoint 'best' in " + directory_ +
                ": it holds step-000000002, step-000000001");
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { (void)store.Read("elsewhere/one"); }),
            "there is no checkpoint folder elsewhere/one");
}

TEST_F(CheckpointTest, ReadingTheNewestPassesOverDamagedOnesWithAWarning) {
  const CheckpointStore store(directory_, 2);
  std::vector<std::string> warnings;
  EXPECT_FALSE(store.ReadNewest(&warnings).has_value());
  Write(1);
  Write(2);
  EXPECT_EQ(store.ReadNewest(&warnings)->state.step(), 2);
  EXPECT_TRUE(warnings.empty());

  fs::remove(directory_ + "/step-000000002/state.pb");
  EXPECT_EQ(store.ReadNewest(&warnings)->state.step(), 1);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("step-000000002 is damaged: state.pb is missing")));

  fs::remove(directory_ + "/step-000000001/MANIFEST");
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { (void)store.ReadNewest(&warnings); }),
              HasSubstr("no checkpoint in " + directory_ + " is intact"));
}

}  // namespace
}  // namespace seve
