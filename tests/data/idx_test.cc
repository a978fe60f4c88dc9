#include "data/idx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/temporary_folder.h"
#include "data/idx_folder.h"
#include "data/scratch_testing.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr uint32_t kPictures = 0x00000803;
constexpr uint32_t kLabels = 0x00000801;

Bytes Counting(size_t count) {
  Bytes bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(i * 7);
  return bytes;
}

TEST(ReadIdx, PlainFileGivesShapeAndBytes) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kPictures, {2, 1, 3}, {1, 2, 3, 4, 5, 255}));
  const IdxArray array = ReadIdx(folder.File("x"), 3);
  EXPECT_EQ(array.shape, (Shape{2, 1, 3}));
  EXPECT_THAT(array.Bytes(), ElementsAre(1, 2, 3, 4, 5, 255));
}

// Larger than zlib's buffers and than one read.
TEST(ReadIdx, CompressedFileReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  const Bytes bytes = Counting(3 * 1000 * 1001);
  WriteIdx(folder.File("x.gz"), Shape{3, 1000, 1001}, bytes);
  const IdxArray array = ReadIdx(folder.File("x.gz"), 3);
  EXPECT_EQ(array.shape, (Shape{3, 1000, 1001}));
  EXPECT_THAT(array.Bytes(), ElementsAreArray(bytes));
}

TEST(ReadIdx, MissingFileIsNamed) {
  EXPECT_THAT(DataErrorOf([] { ReadIdx("/nowhere/x", 3); }),
              AllOf(HasSubstr("/nowhere/x"), HasSubstr("No such file")));
}

TEST(ReadIdx, WrongMagicNumberNamesFoundAndExpected) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kLabels, {3}, {1, 2, 3}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 3); }),
              AllOf(HasSubstr(folder.File("x")), HasSubstr("found 0x00000801"),
                    HasSubstr("expected 0x00000803")));
}

TEST(ReadIdx, TruncatedFileSaysHowMuchIsThere) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kPictures, {2, 2, 2}, {1, 2, 3, 4, 5, 6, 7}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 3); }),
              AllOf(HasSubstr("ends early"), HasSubstr("8 bytes, but 7 follow")));
}

TEST(ReadIdx, FileThatEndsInsideItsHeaderIsRefused) {
  const TemporaryFolder folder;
  for (const size_t length : {0, 3, 4, 9}) {
    Bytes bytes = IdxBytes(kPictures, {2, 2, 2}, {});
    bytes.resize(length);
    PutFile(folder.File("x"), bytes);
    EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 3); }), HasSubstr("inside its header"));
  }
}

TEST(ReadIdx, TrailingBytesAreRefused) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kLabels, {2}, {1, 2, 3}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 1); }), HasSubstr("left over"));
}

TEST(ReadIdx, NoSamplesIsAnError) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kLabels, {0}, {}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 1); }), HasSubstr("no samples"));
}

TEST(ReadIdx, AbsurdSizeIsRefusedBeforeMemoryIsAsked) {
  const TemporaryFolder folder;
  PutFile(folder.File("x"), IdxBytes(kPictures, {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, {1}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdx(folder.File("x"), 3); }), HasSubstr("impossible size"));
}

class DamagedGzip : public ::testing::Test {
 protected:
  void SetUp() override {
    const Bytes labels = Counting(5000);
    WriteIdx(path_, Shape{5000}, labels);
    bytes_ = FileBytes(path_);
  }
  std::string Message(const Bytes& bytes) {
    PutFile(path_, bytes);
    return DataErrorOf([&] { ReadIdx(path_, 1); });
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("x.gz");
  Bytes bytes_;
};

TEST_F(DamagedGzip, EarlyEndIsReportedWhereverItIs) {
  // In the middle, before the checksum, inside the checksum.
  for (const size_t missing : {bytes_.size() / 2, size_t{8}, size_t{1}}) {
    Bytes cut(bytes_.begin(), bytes_.end() - static_cast<std::ptrdiff_t>(missing));
    EXPECT_THAT(Message(cut), AllOf(HasSubstr(path_), HasSubstr("compressed data ends early")));
  }
}

TEST_F(DamagedGzip, CorruptDataIsReported) {
  Bytes wrong = bytes_;
  for (size_t i = 40; i < 60; ++i) wrong[i] ^= 0x5A;
  EXPECT_THAT(Message(wrong), HasSubstr("corrupt"));
}

TEST_F(DamagedGzip, WrongChecksumIsReported) {
  Bytes wrong = bytes_;
  wrong[wrong.size() - 6] ^= 1;
  EXPECT_THAT(Message(wrong), HasSubstr("corrupt"));
}

TEST_F(DamagedGzip, AnotherKindOfFileUnderTheNameIsReported) {
  EXPECT_THAT(Message({'<', 'h', 't', 'm', 'l', '>'}), HasSubstr("not a gzip file"));
  EXPECT_THAT(Message({}), HasSubstr("not a gzip file"));
}

TEST(IdxFolder, BothSpellingsPlainAndCompressedAreFound) {
  for (const std::string ending : {"", ".gz"}) {
    for (const std::string separator : {"-", "."}) {
      const TemporaryFolder folder;
      const std::string images = folder.File("train-images" + separator + "idx3-ubyte" + ending);
      const std::string labels = folder.File("train-labels" + separator + "idx1-ubyte" + ending);
      EXPECT_FALSE(FindIdxPair(folder.path(), "train"));
      PutFile(images, {});
      EXPECT_FALSE(FindIdxPair(folder.path(), "train"));
      PutFile(labels, {});
      const auto pair = FindIdxPair(folder.path(), "train");
      ASSERT_TRUE(pair);
      EXPECT_EQ(pair->images, images);
      EXPECT_EQ(pair->labels, labels);
    }
  }
}

TEST(IdxFolder, TrainingPrefixFollowsTheTestPrefix) {
  EXPECT_EQ(TrainPrefix("t10k"), "train");
  EXPECT_EQ(TrainPrefix("test"), "train");
  EXPECT_EQ(TrainPrefix("emnist-letters-test"), "emnist-letters-train");
}

TEST(IdxFolder, SamplesKeepTheirPictureLabelAndOrder) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  const ImageSamples samples = ReadIdxSamples(folder.path(), "train", 0);
  EXPECT_EQ(samples.picture, (Shape{1, 2, 3}));
  EXPECT_EQ(samples.classes, 3);
  EXPECT_THAT(samples.labels, ElementsAre(0, 1, 2, 0, 1));
  EXPECT_THAT(samples.Picture(4), ElementsAre(40, 41, 42, 43, 44, 45));
}

TEST(IdxFolder, WrittenSamplesReadBack) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  const ImageSamples samples = ReadIdxSamples(folder.path(), "train", 0);
  WriteIdxSamples(folder.path(), "copy", samples);
  const ImageSamples copy = ReadIdxSamples(folder.path(), "copy", 0);
  EXPECT_THAT(copy.Pixels(), ElementsAreArray(samples.Pixels()));
  EXPECT_EQ(copy.labels, samples.labels);
}

TEST(IdxFolder, MissingFileListsWhatWasLookedFor) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  std::filesystem::remove(folder.File("t10k-labels-idx1-ubyte"));
  EXPECT_THAT(DataErrorOf([&] { ReadIdxSamples(folder.path(), "t10k", 10); }),
              AllOf(HasSubstr("labels"), HasSubstr("t10k-labels-idx1-ubyte.gz"),
                    HasSubstr("t10k-labels.idx1-ubyte")));
}

TEST(IdxFolder, DifferentNumbersOfPicturesAndLabelsAreRefused) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  PutFile(folder.File("train-labels-idx1-ubyte"), IdxBytes(kLabels, {4}, {0, 1, 2, 0}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdxSamples(folder.path(), "train", 3); }),
              AllOf(HasSubstr("5 pictures"), HasSubstr("4 labels")));
}

TEST(IdxFolder, LabelBeyondTheClassesIsNamedWithItsPosition) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  PutFile(folder.File("train-labels-idx1-ubyte"), IdxBytes(kLabels, {5}, {0, 1, 2, 10, 1}));
  EXPECT_THAT(DataErrorOf([&] { ReadIdxSamples(folder.path(), "train", 10); }),
              AllOf(HasSubstr("label 10 at position 3"), HasSubstr("10 classes")));
}

TEST(PixelPermutation, EveryPictureIsPermutedAlike) {
  const TemporaryFolder folder;
  WriteSmallIdxFolder(folder.path());
  ImageSamples samples = ReadIdxSamples(folder.path(), "train", 0);
  PermutePixels(samples, std::vector<int32_t>{5, 0, 3, 1, 2, 4});
  EXPECT_THAT(samples.Picture(0), ElementsAre(5, 0, 3, 1, 2, 4));
  EXPECT_THAT(samples.Picture(4), ElementsAre(45, 40, 43, 41, 42, 44));
}

TEST(PixelPermutation, IsAPermutationThatDependsOnTheSeed) {
  auto places = PixelPermutation(1, 784);
  EXPECT_NE(places, PixelPermutation(2, 784));
  std::sort(places.begin(), places.end());
  for (int32_t i = 0; i < 784; ++i) EXPECT_EQ(places[static_cast<size_t>(i)], i);
}

}  // namespace
}  // namespace seve
