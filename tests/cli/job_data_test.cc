#include "cli/job_data.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/expect_error.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JobDataTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, size_t bytes = 1) {
    const fs::path path = fs::path(root_) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << std::string(bytes, 'x');
    return path.string();
  }
  void WritePictures(const std::string& folder) {
    for (const char* prefix : {"train", "t10k"}) {
      Write(folder + "/" + prefix + "-images-idx3-ubyte.gz", 100);
      Write(folder + "/" + prefix + "-labels-idx1-ubyte.gz", 10);
    }
  }
  static config::Data Mnist() {
    config::Data data;
    data.mutable_mnist();
    return data;
  }
  static config::Data Idx(const std::string& folder) {
    config::Data data;
    data.mutable_idx()->set_folder(folder);
    return data;
  }

  TemporaryFolder temporary_;
  std::string root_ = temporary_.path();
};

TEST_F(JobDataTest, MnistBelowTheRootIsCopied) {
  WritePictures("mnist");
  auto data = Mnist();
  const JobData found = LocateData(root_, &data);
  EXPECT_EQ(found.root, root_);
  EXPECT_THAT(found.sets, ElementsAre("mnist"));
  EXPECT_EQ(found.bytes, 220);
  EXPECT_TRUE(found.readable);
  EXPECT_FALSE(data.mnist().has_folder());
}

TEST_F(JobDataTest, ATarWillDo) {
  Write("mnist.tar", 300);
  auto data = Mnist();
  const JobData found = LocateData(root_, &data);
  EXPECT_THAT(found.sets, ElementsAre("mnist"));
  EXPECT_EQ(found.bytes, 300);
  EXPECT_TRUE(found.readable);
  Write("letters.tar");
  auto letters = Idx("letters");
  const JobData packed = LocateData(root_, &letters);
  EXPECT_THAT(packed.sets, ElementsAre("letters"));
  EXPECT_FALSE(packed.readable);
}

TEST_F(JobDataTest, MnistInTheRootItselfIsReadWhereItIs) {
  WritePictures(".");
  auto data = Mnist();
  EXPECT_THAT(LocateData(root_, &data).sets, IsEmpty());
  EXPECT_EQ(data.mnist().folder(), root_);
}

TEST_F(JobDataTest, FoldersElsewhereBecomeAbsolute) {
  WritePictures("elsewhere");
  const fs::path before = fs::current_path();
  fs::current_path(root_);
  auto data = Idx("elsewhere");
  const JobData found = LocateData(root_ + "/empty", &data);
  fs::current_path(before);
  EXPECT_THAT(found.sets, IsEmpty());
  EXPECT_EQ(fs::canonical(data.idx().folder()), fs::canonical(root_ + "/elsewhere"));
  EXPECT_TRUE(fs::path(data.idx().folder()).is_absolute());
}

TEST_F(JobDataTest, AFolderAboveTheRootIsNotCopied) {
  WritePictures("beside");
  Write("root/file");
  auto data = Idx("../beside");
  const JobData found = LocateData(root_ + "/root", &data);
  EXPECT_THAT(found.sets, IsEmpty());
  EXPECT_EQ(data.idx().folder(), root_ + "/beside");
}

TEST_F(JobDataTest, MissingMnistNamesTheCommandThatFetchesIt) {
  const std::string message = MessageOf(ExitCode::kData, [&] {
    auto data = Mnist();
    LocateData(root_ + "/a b", &data);
  });
  EXPECT_THAT(message, HasSubstr(root_ + "/a b/mnist or "));
  EXPECT_THAT(message, HasSubstr("\n  seve data get mnist --data '" + root_ + "/a b'\n"));
  EXPECT_THAT(message, HasSubstr("--set data.digits={}"));
}

TEST_F(JobDataTest, HalfOfMnistIsNotThere) {
  Write("mnist/train-images-idx3-ubyte");
  Write("mnist/train-labels-idx1-ubyte");
  EXPECT_THAT(MessageOf(ExitCode::kData,
                        [&] {
                          auto data = Mnist();
                          LocateData(root_, &data);
                        }),
              HasSubstr("t10k-images-idx3-ubyte"));
}

TEST_F(JobDataTest, WithoutAnyRootItSaysSo) {
  EXPECT_THAT(MessageOf(ExitCode::kData,
                        [] {
                          auto data = Mnist();
                          LocateData("", &data);
                        }),
              HasSubstr("in any folder, as neither --data nor $SEVE_DATA is given"));
}

TEST_F(JobDataTest, TablesInAFolderAreCopiedAndOthersReadWhereTheyAre) {
  Write("prices/train.csv", 7);
  Write("prices/test.csv", 5);
  Write("loose.csv");
  config::Data data;
  auto* tensors = data.mutable_tensors();
  tensors->add_train()->set_file("prices/train.csv");
  tensors->add_train()->set_file("loose.csv");
  tensors->add_test()->set_file("prices/test.csv");
  const JobData found = LocateData(root_, &data);
  EXPECT_THAT(found.sets, ElementsAre("prices"));
  EXPECT_EQ(found.bytes, 12);
  EXPECT_EQ(data.tensors().train(0).file(), "prices/train.csv");
  EXPECT_EQ(data.tensors().train(1).file(), root_ + "/loose.csv");
}

TEST_F(JobDataTest, AMissingTableNamesThoseThatAreNear) {
  Write("prices/train.csv");
  EXPECT_THAT(MessageOf(ExitCode::kData,
                        [&] {
                          config::Data data;
                          data.mutable_tensors()->add_train()->set_file("prices/tran.csv");
                          LocateData(root_, &data);
                        }),
              HasSubstr("did you mean '" + root_ + "/prices/train.csv'?"));
}

TEST_F(JobDataTest, GeneratedDataNeedNothing) {
  config::Data data;
  data.mutable_digits();
  EXPECT_THAT(LocateData("", &data).sets, IsEmpty());
  EXPECT_TRUE(LocateData("", &data).readable);
}

TEST_F(JobDataTest, DataAreAssumedWhereTheyBelong) {
  EXPECT_THAT(AssumeData(root_, Mnist()).sets, ElementsAre("mnist"));
  EXPECT_THAT(AssumeData(root_, Idx("a/b")).sets, ElementsAre("a/b"));
  EXPECT_FALSE(AssumeData(root_, Idx("a/b")).readable);
  EXPECT_THAT(AssumeData(root_, Idx("/somewhere")).sets, IsEmpty());
}

}  // namespace
}  // namespace seve
