#include "data/registry.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/temporary_folder.h"
#include "data/scratch_testing.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

config::Data Parse(const std::string& text) {
  config::Data data;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &data)) << text;
  return data;
}

// The input of one sample.
std::vector<float> Input(const Dataset& dataset, int64_t index) {
  const Shape shape = dataset.Fields()[0].shape.WithRows(1);
  Buffer input(static_cast<size_t>(shape.elements()) * 4);
  Buffer target(4);
  const Batch batch = {Tensor(input.data(), DType::kFloat32, shape),
                       Tensor(target.data(), DType::kInt32, {1})};
  dataset.Gather(std::vector<int64_t>{index}, batch);
  const auto values = batch[0].Flat<float>();
  return {values.begin(), values.end()};
}

TEST(OpenData, MnistIsFoundBelowTheRootAndInIt) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.File("mnist"));
  for (const std::string& place : {root.path(), root.File("mnist")}) {
    const DataSets sets = OpenData(Parse("mnist {}"), place);
    EXPECT_EQ(sets.train->size(), 5);
    EXPECT_EQ(sets.test->size(), 2);
    EXPECT_EQ(sets.train->classes(), 10);
    EXPECT_THAT(sets.train->Describe(),
                AllOf(HasSubstr("MNIST from " + root.path()), HasSubstr("5 samples")));
  }
}

TEST(OpenData, MissingMnistSaysWhereItLookedAndWhatToDo) {
  const TemporaryFolder root;
  EXPECT_THAT(DataErrorOf([&] { OpenData(Parse("mnist {}"), root.path()); }),
              AllOf(HasSubstr(root.File("mnist")), HasSubstr("train-images-idx3-ubyte"),
                    HasSubstr("seve data get mnist --data DIR"), HasSubstr("digits {}")));
  EXPECT_THAT(DataErrorOf([] { OpenData(Parse("mnist {}"), ""); }), HasSubstr("SEVE_DATA"));
}

TEST(OpenData, PartOfMnistNamesTheMissingFile) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  std::filesystem::remove(root.File("t10k-images-idx3-ubyte"));
  EXPECT_THAT(DataErrorOf([&] { OpenData(Parse("mnist {}"), root.path()); }),
              AllOf(HasSubstr("t10k-images-idx3-ubyte.gz"), HasSubstr("seve data get mnist")));
}

TEST(OpenData, IdxFolderIsRelativeToTheRootOrAbsolute) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.File("mine"));
  for (const std::string& folder : {std::string("mine"), root.File("mine")}) {
    const DataSets sets = OpenData(Parse("idx { folder: '" + folder + "' }"), root.path());
    EXPECT_EQ(sets.train->size(), 5);
    EXPECT_EQ(sets.train->classes(), 3);
    EXPECT_EQ(sets.test->classes(), 3);
  }
}

TEST(OpenData, EmnistNamesAreFoundByTheirTestPrefix) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  for (const std::string ending : {"-images-idx3-ubyte", "-labels-idx1-ubyte"}) {
    std::filesystem::rename(root.File("train" + ending),
                            root.File("emnist-letters-train" + ending));
    std::filesystem::rename(root.File("t10k" + ending), root.File("emnist-letters-test" + ending));
  }
  const DataSets sets =
      OpenData(Parse("idx { folder: '.' test_prefix: 'emnist-letters-test' }"), root.path());
  EXPECT_EQ(sets.train->size(), 5);
  EXPECT_EQ(sets.test->size(), 2);
}

TEST(OpenData, LabelsBeyondTheClassesGivenAreRefused) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  EXPECT_THAT(DataErrorOf([&] { OpenData(Parse("idx { folder: '.' classes: 2 }"), root.path()); }),
              HasSubstr("label 2 at position 2"));
}

TEST(OpenData, TestPicturesOfAnotherSizeAreRefused) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  PutFile(root.File("t10k-images-idx3-ubyte"), IdxBytes(0x803, {2, 1, 1}, {1, 2}));
  EXPECT_THAT(DataErrorOf([&] { OpenData(Parse("mnist {}"), root.path()); }),
              AllOf(HasSubstr("(1, 2, 3)"), HasSubstr("(1, 1, 1)")));
}

TEST(OpenData, NormalisationAppliesToBothSets) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  const DataSets sets =
      OpenData(Parse("mnist {} normalize { mean: 0.5 deviation: 0.25 }"), root.path());
  for (const Dataset* dataset : {sets.train.get(), sets.test.get()}) {
    EXPECT_NEAR(Input(*dataset, 1)[2], (12 / 255.0 - 0.5) / 0.25, 1e-6);
  }
}

TEST(OpenData, PixelsArePermutedAlikeInBothSets) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.path());
  const DataSets plain = OpenData(Parse("mnist {}"), root.path());
  const DataSets sets = OpenData(Parse("mnist {} permute_pixels { seed: 3 }"), root.path());
  const auto permuted = Input(*sets.train, 1);
  EXPECT_EQ(permuted, Input(*sets.test, 1));  // the small folder's picture 1 is the same in both
  EXPECT_NE(permuted, Input(*plain.train, 1));
  auto sorted = permuted;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, Input(*plain.train, 1));
  EXPECT_NE(sets.train->ContentHash(), plain.train->ContentHash());
}

TEST(OpenData, GeneratedDigitsNeedNoFiles) {
  const DataSets sets = OpenData(Parse("digits { train: 300 test: 20 }"), "");
  EXPECT_EQ(sets.train->size(), 300);
  EXPECT_EQ(sets.test->size(), 20);
  EXPECT_EQ(sets.train->classes(), 10);
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{1, 28, 28}));
  EXPECT_EQ(sets.train->Describe(), "generated digits of seed 1 (300 samples)");
  EXPECT_NE(sets.train->ContentHash(),
            OpenData(Parse("digits { train: 300 test: 20 seed: 2 }"), "").train->ContentHash());
}

TEST(OpenData, ValidationMustLeaveASampleToTrainOn) {
  EXPECT_THAT(UsageErrorOf([] {
                OpenData(Parse("digits { train: 1 test: 1 } validation_fraction: 0.9"), "");
              }),
              HasSubstr("none of 1 samples"));
}

TEST(PeekData, SaysWhatOpenDataWillBring) {
  const TemporaryFolder root;
  WriteSmallIdxFolder(root.File("mine"));
  for (const std::string text : {"digits { train: 3 test: 1 }", "idx { folder: 'mine' }"}) {
    const DataShape peeked = PeekData(Parse(text), root.path());
    const DataSets opened = OpenData(Parse(text), root.path());
    EXPECT_EQ(peeked.classes, opened.train->classes());
    ASSERT_EQ(peeked.fields.size(), opened.train->Fields().size());
    for (size_t i = 0; i < peeked.fields.size(); ++i) {
      EXPECT_EQ(peeked.fields[i].name, opened.train->Fields()[i].name);
      EXPECT_EQ(peeked.fields[i].shape, opened.train->Fields()[i].shape);
    }
  }
}

TEST(OpenData, RealMnistHasItsKnownFigures) {
  const char* root = std::getenv("SEVE_DATA");
  if (root == nullptr)
    GTEST_SKIP() << "MNIST is not here: SEVE_DATA names a folder that holds mnist/";
  const DataSets sets = OpenData(Parse("mnist {}"), root);
  EXPECT_EQ(sets.train->size(), 60000);
  EXPECT_EQ(sets.test->size(), 10000);
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{1, 28, 28}));
  double sum = 0;
  double squares = 0;
  for (int64_t i = 0; i < 60000; i += 3) {
    for (const double value : Input(*sets.train, i)) {
      sum += value;
      squares += value * value;
    }
  }
  const double mean = sum / (20000 * 784);
  // Published to four digits for all 60,000; a third of them differs by a few 1e-4.
  EXPECT_NEAR(mean, 0.1307, 1e-3);
  EXPECT_NEAR(std::sqrt(squares / (20000 * 784) - mean * mean), 0.3081, 1e-3);
}

}  // namespace
}  // namespace seve
