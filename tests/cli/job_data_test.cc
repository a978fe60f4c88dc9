#include "cli/job_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/expect_error.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class JobDataTest : public ::testing::Test {
 protected:
  void Put(const std::string& name) {
    const std::filesystem::path path = root_.File(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "0123456789";
  }
  JobData Locate() { return LocateData(root_.path(), &data_); }

  TemporaryFolder root_;
  config::Data data_;
};

TEST_F(JobDataTest, CopiesCifarsFolder) {
  Put("cifar10/cifar-10-binary.tar.gz");
  data_.mutable_cifar10();
  EXPECT_THAT(Locate().sets, ElementsAre("cifar10"));
  EXPECT_EQ(Locate().bytes, 10);
  EXPECT_TRUE(Locate().readable);
  EXPECT_THAT(AssumeData(root_.path(), data_).sets, ElementsAre("cifar10"));
}

TEST_F(JobDataTest, MissingCifarIsNamedWithTheRemedy) {
  data_.mutable_cifar100();
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { Locate(); }),
              AllOf(HasSubstr("no train.bin and test.bin"), HasSubstr(root_.File("cifar100.tar")),
                    HasSubstr("seve data get cifar100 --data " + root_.path()),
                    HasSubstr("--set data.synthetic={}")));
}

TEST_F(JobDataTest, CopiesAFolderOfPicturesOrItsArchiveAsItIs) {
  Put("pets/train/cat/1.png");
  Put("pets.tar");
  data_.mutable_image_folder()->set_path("pets.tar");
  EXPECT_THAT(Locate().sets, ElementsAre("pets.tar"));
  EXPECT_TRUE(Locate().readable);
  std::filesystem::remove(root_.File("pets.tar"));
  data_.mutable_image_folder()->set_path("pets");
  EXPECT_THAT(Locate().sets, ElementsAre("pets"));
  EXPECT_EQ(data_.image_folder().path(), "pets");
}

// Packed for the copy alone: what classes there are cannot be told here.
TEST_F(JobDataTest, APackedFolderOfPicturesIsUnpackedOnTheNodes) {
  Put("pets.tar");
  data_.mutable_image_folder()->set_path("pets");
  EXPECT_THAT(Locate().sets, ElementsAre("pets"));
  EXPECT_FALSE(Locate().readable);
}

TEST_F(JobDataTest, PicturesElsewhereAreNotCopied) {
  Put("pets/train/cat/1.png");
  data_.mutable_image_folder()->set_path(root_.File("pets"));
  EXPECT_THAT(Locate().sets, IsEmpty());
  EXPECT_EQ(data_.image_folder().path(), root_.File("pets"));
}

}  // namespace
}  // namespace seve
