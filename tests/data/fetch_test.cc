#include "data/fetch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/temporary_folder.h"
#include "data/download.h"
#include "data/scratch_testing.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// RFC 1321 and FIPS 180-2 give the digests of "abc".
constexpr const char* kMd5OfAbc = "900150983cd24fb0d6963f7d28e17f72";
constexpr const char* kSha256OfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class FetchDataSetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    PutFile(server_.File("one.gz"), {'a', 'b', 'c'});
    PutFile(server_.File("two.gz"), {'a', 'b', 'c'});
    report_.kept = [this](const std::string& file) { kept_.push_back(file); };
    report_.fetched = [this](const std::string& file) { fetched_.push_back(file); };
  }
  void Fetch() { FetchDataSet(set_, target_, "", report_); }

  TemporaryFolder server_;
  TemporaryFolder root_;
  std::string target_ = root_.File("deep/small");
  KnownSet set_ = {
      "small",
      "Small",
      "file://" + server_.path() + "/",
      {{"one.gz", DigestKind::kSha256, kSha256OfAbc}, {"two.gz", DigestKind::kMd5, kMd5OfAbc}}};
  FetchReport report_;
  std::vector<std::string> kept_, fetched_;
};

TEST(FileDigest, EqualsThePublishedExamples) {
  const TemporaryFolder folder;
  PutFile(folder.File("abc"), {'a', 'b', 'c'});
  PutFile(folder.File("empty"), {});
  EXPECT_EQ(FileDigest(folder.File("abc"), DigestKind::kMd5), kMd5OfAbc);
  EXPECT_EQ(FileDigest(folder.File("abc"), DigestKind::kSha256), kSha256OfAbc);
  EXPECT_EQ(FileDigest(folder.File("empty"), DigestKind::kMd5), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST_F(FetchDataSetTest, FilesArriveVerifiedUnderTheirNames) {
  Fetch();
  EXPECT_THAT(FileBytes(target_ + "/one.gz"), ElementsAre('a', 'b', 'c'));
  EXPECT_THAT(fetched_, ElementsAre("one.gz", "two.gz"));
  EXPECT_FALSE(std::filesystem::exists(target_ + "/one.gz.part"));
}

TEST_F(FetchDataSetTest, IntactFilesAreNotFetchedAgainDamagedOnesAre) {
  Fetch();
  fetched_.clear();
  PutFile(target_ + "/two.gz", {'a', 'b'});
  std::filesystem::remove(server_.File("one.gz"));
  Fetch();
  EXPECT_THAT(kept_, ElementsAre("one.gz"));
  EXPECT_THAT(fetched_, ElementsAre("two.gz"));
  EXPECT_THAT(FileBytes(target_ + "/two.gz"), ElementsAre('a', 'b', 'c'));
}

TEST_F(FetchDataSetTest, AnotherChecksumIsRefusedAndTheFileRemoved) {
  PutFile(server_.File("one.gz"), {});
  EXPECT_THAT(DataErrorOf([&] { Fetch(); }),
              AllOf(HasSubstr("one.gz"), HasSubstr(kSha256OfAbc),
                    HasSubstr("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
  EXPECT_TRUE(std::filesystem::is_empty(target_));
}

TEST_F(FetchDataSetTest, AFileThatCannotBeFetchedLeavesNothingAndSaysWhatToDo) {
  std::filesystem::remove(server_.File("one.gz"));
  EXPECT_THAT(DataErrorOf([&] { Fetch(); }),
              AllOf(HasSubstr("cannot be fetched"), HasSubstr("--from URL")));
  EXPECT_TRUE(std::filesystem::is_empty(target_));
}

TEST_F(FetchDataSetTest, AnotherPlaceMayBeGivenWithOrWithoutSlash) {
  set_.url = "file:///nowhere/";
  FetchDataSet(set_, target_, "file://" + server_.path(), report_);
  EXPECT_THAT(fetched_, ElementsAre("one.gz", "two.gz"));
}

TEST(Download, UnreachableHostIsADataError) {
  const TemporaryFolder folder;
  EXPECT_THAT(DataErrorOf([&] { Download("http://127.0.0.1:1/x", folder.File("x"), nullptr); }),
              HasSubstr("http://127.0.0.1:1/x cannot be fetched"));
  EXPECT_FALSE(std::filesystem::exists(folder.File("x")));
}

TEST(KnownSets, AMisspeltNameGetsTheNearOnes) {
  EXPECT_EQ(FindKnownSet("kmnist").title, "Kuzushiji-MNIST");
  EXPECT_THAT(UsageErrorOf([] { FindKnownSet("fashon-mnist"); }), HasSubstr("'fashion-mnist'"));
}

TEST(KnownSets, EverySetHasFilesWithADigestEach) {
  for (const KnownSet& set : KnownSets()) {
    EXPECT_FALSE(set.files.empty());
    EXPECT_TRUE(set.url.ends_with("/"));
    for (const KnownFile& file : set.files) {
      EXPECT_EQ(file.digest.size(), file.kind == DigestKind::kMd5 ? 32u : 64u)
          << set.name << file.name;
    }
  }
}

TEST(KnownSets, RealMnistHasThePublishedChecksums) {
  const char* root = std::getenv("SEVE_DATA");
  if (root == nullptr)
    GTEST_SKIP() << "MNIST is not here: SEVE_DATA names a folder that holds mnist/";
  const bool below = std::filesystem::exists(std::string(root) + "/mnist");
  const TemporaryFolder folder;
  std::vector<std::string> fetched;
  FetchReport report;
  report.fetched = [&](const std::string& file) { fetched.push_back(file); };
  FetchDataSet(FindKnownSet("mnist"), folder.File("mnist"),
               std::string("file://") + root + (below ? "/mnist" : ""), report);
  EXPECT_EQ(fetched.size(), 4u);
}

}  // namespace
}  // namespace seve
