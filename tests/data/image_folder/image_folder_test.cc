#include "data/image_folder/image_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/temporary_folder.h"
#include "base/worker_pool.h"
#include "data/image_folder/streamed_pictures.h"
#include "data/open_testing.h"
#include "data/picture_files_testing.h"
#include "data/pictures/decode.h"
#include "data/pictures/resample.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<float> Values(const Bitmap& bitmap) {
  std::vector<float> values;
  for (const uint8_t byte : bitmap.pixels) values.push_back(static_cast<float>(byte) / 255);
  return values;
}

MATCHER_P(AreNear, expected, "") {
  if (arg.size() != expected.size()) return false;
  for (size_t i = 0; i < arg.size(); ++i) {
    if (std::abs(arg[i] - expected[i]) > 1e-6F) return false;
  }
  return true;
}

class ImageFolderTest : public ::testing::Test {
 protected:
  // Opens the small folder after a change of its files.
  std::string FaultAfter(const std::function<void(const std::string& folder)>& change) {
    const TemporaryFolder folder;
    PutFiles(folder.path(), SmallPictureFolder());
    change(folder.path());
    return DataErrorOf([&] { OpenText("image_folder { path: '" + folder.path() + "' }"); });
  }
};

TEST_F(ImageFolderTest, PicturesComeInByteOrderOfClassesAndNames) {
  const TemporaryFolder root;
  PutFiles(root.File("pets"), SmallPictureFolder());
  const DataSets sets = OpenText("image_folder { path: 'pets' }", root.path());
  ASSERT_EQ(sets.train->size(), 6);
  EXPECT_EQ(sets.test->size(), 4);
  EXPECT_THAT(sets.train->ClassNames(), ElementsAre("cat", "dog"));
  EXPECT_EQ(sets.train->classes(), 2);
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{3, 4, 6}));
  EXPECT_EQ(sets.train->Describe(), "pictures from " + root.File("pets") + " (6 samples)");
  for (int64_t i = 0; i < 6; ++i) EXPECT_EQ(ClassOf(*sets.train, i), i / 3);
  EXPECT_THAT(ValuesOf(*sets.train, 0), AreNear(Values(SmoothBitmap(4, 6, 3, 4))));
  EXPECT_THAT(ValuesOf(*sets.train, 1), AreNear(Values(WithChannels(SmoothBitmap(4, 6, 1, 5), 3))));
  EXPECT_THAT(ValuesOf(*sets.train, 3), AreNear(Values(SmoothBitmap(4, 6, 3, 2))));
  EXPECT_THAT(ValuesOf(*sets.test, 2), AreNear(Values(SmoothBitmap(4, 6, 3, 9))));
}

TEST_F(ImageFolderTest, AnArchiveIsReadLikeItsFolder) {
  const TemporaryFolder root;
  PutFiles(root.File("pets"), SmallPictureFolder());
  NamedFiles packed, below;
  for (const auto& [name, contents] : SmallPictureFolder()) {
    packed.insert(packed.begin(), {"./" + name, contents});
    below.emplace_back("pets/" + name, contents);
  }
  PutFile(root.File("packed.tar"), TarBytes(packed));
  PutFile(root.File("below.tar"), TarBytes(below));
  for (const std::string size : {"", " height: 3 width: 3 resize: 4"}) {
    const auto open = [&](const std::string& name) {
      return OpenText("image_folder { path: '" + name + "'" + size + " }", root.path());
    };
    const DataSets folder = open("pets");
    for (const std::string name : {"packed.tar", "below.tar"}) {
      const DataSets archive = open(name);
      EXPECT_EQ(archive.train->ContentHash(), folder.train->ContentHash());
      EXPECT_EQ(archive.test->ContentHash(), folder.test->ContentHash());
      EXPECT_EQ(ValuesOf(*archive.train, 4), ValuesOf(*folder.train, 4));
    }
  }
}

TEST_F(ImageFolderTest, PicturesAreScaledAndTheirMiddleCutOut) {
  const TemporaryFolder root;
  PutFiles(root.path(), SmallPictureFolder());
  const DataSets sets =
      OpenText("image_folder { path: '.' height: 6 width: 5 resize: 8 channels: 1 }", root.path());
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{1, 6, 5}));
  const Bitmap whole = Resized(WithChannels(SmoothBitmap(4, 6, 3, 4), 1), {8, 12});
  Bitmap middle{6, 5, 1, {}};
  for (size_t y = 1; y < 7; ++y) {
    const auto* row = whole.pixels.data() + y * 12 + 4;  // 3.5 rounds to the even number
    middle.pixels.insert(middle.pixels.end(), row, row + 5);
  }
  EXPECT_THAT(ValuesOf(*sets.train, 0), AreNear(Values(middle)));
}

TEST_F(ImageFolderTest, PeekSaysWhatOpeningBrings) {
  const TemporaryFolder root;
  PutFiles(root.path(), SmallPictureFolder());
  for (const std::string size : {"", " height: 3 width: 5"}) {
    const auto data = ParseData("image_folder { path: '.'" + size + " }");
    const DataShape shape = PeekData(data, root.path());
    const DataSets sets = OpenData(data, root.path());
    EXPECT_EQ(shape.classes, 2);
    EXPECT_EQ(shape.fields[0].shape, sets.train->Fields()[0].shape);
  }
}

class StreamedPicturesTest : public ::testing::Test {
 protected:
  StreamedPicturesTest() { PutFiles(folder_.path(), SmallPictureFolder()); }

  std::unique_ptr<StreamedPictures> Open(int threads, int64_t height = 0) {
    auto pool = std::make_shared<WorkerPool>(threads);
    ImageFolderRequest request{.path = folder_.path(), .splits = {"train", ""}};
    request.height = request.width = height;
    request.resize = height;
    ImageFolder folder = OpenImageFolder(request, *pool);
    return std::make_unique<StreamedPictures>(std::move(folder.train), folder.class_names,
                                              ImageDataset::Options{PixelScale(0.5F, 0.25F), "pictures"}, pool);
  }

  TemporaryFolder folder_;
};

TEST_F(StreamedPicturesTest, BringWhatMemoryBrings) {
  const DataSets sets = OpenText(
      "image_folder { path: '.' } normalize { mean: 0.5 deviation: 0.25 }", folder_.path());
  const auto streamed = Open(1);
  EXPECT_FALSE(streamed->InMemory());
  EXPECT_TRUE(streamed->Stored().empty());
  EXPECT_EQ(streamed->Describe(), "pictures (6 samples)");
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(ValuesOf(*streamed, i), ValuesOf(*sets.train, i));
    EXPECT_EQ(ClassOf(*streamed, i), ClassOf(*sets.train, i));
  }
}

TEST_F(StreamedPicturesTest, AreTheSameForAnyNumberOfThreads) {
  const auto one = Open(1, 3), three = Open(3, 3);
  EXPECT_EQ(one->ContentHash(), three->ContentHash());
  const std::vector<int64_t> indices = {5, 0, 3, 3, 1, 2, 4};
  Buffer input[2] = {Buffer(7 * 27 * 4), Buffer(7 * 27 * 4)};
  Buffer target[2] = {Buffer(7 * 4), Buffer(7 * 4)};
  int at = 0;
  for (const auto* set : {one.get(), three.get()}) {
    set->Gather(indices, {Tensor(input[at].data(), DType::kFloat32, {7, 3, 3, 3}),
                          Tensor(target[at].data(), DType::kInt32, {7})});
    ++at;
  }
  EXPECT_THAT(input[0].As<float>(), ::testing::ElementsAreArray(input[1].As<float>()));
  EXPECT_THAT(target[0].As<int32_t>(), ElementsAre(1, 0, 1, 1, 0, 0, 1));
  EXPECT_THAT(target[1].As<int32_t>(), ElementsAre(1, 0, 1, 1, 0, 0, 1));
}

TEST_F(StreamedPicturesTest, NameTheFirstPictureThatCannotBeRead) {
  PutFile(folder_.File("train/dog/a.png"), {1, 2, 3});
  PutFile(folder_.File("train/dog/b.jpg"), {1, 2, 3});
  const auto streamed = Open(3);
  Buffer input(6 * 72 * 4), target(6 * 4);
  EXPECT_THAT(DataErrorOf([&] {
                streamed->Gather(std::vector<int64_t>{0, 4, 3, 1, 2, 5},
                                 {Tensor(input.data(), DType::kFloat32, {6, 3, 4, 6}),
                                  Tensor(target.data(), DType::kInt32, {6})});
              }),
              HasSubstr("train/dog/b.jpg: is neither a JPEG nor a PNG"));
}

TEST_F(StreamedPicturesTest, TheHashKnowsNamesAndSizes) {
  const uint64_t before = Open(1)->ContentHash();
  std::filesystem::rename(folder_.File("train/cat/1.png"), folder_.File("train/cat/0.png"));
  const uint64_t renamed = Open(1)->ContentHash();
  EXPECT_NE(before, renamed);
  PutFile(folder_.File("train/cat/0.png"), PngBytes(Bitmap{4, 6, 1, Bytes(24, 9)}));
  EXPECT_NE(Open(1)->ContentHash(), renamed);
  EXPECT_NE(Open(1, 3)->ContentHash(), Open(1, 2)->ContentHash());
}

// Stands for augmentation: the left half of every picture.
TEST_F(StreamedPicturesTest, ASourceReadsTheRectangleThatIsChosen) {
  WorkerPool pool(1);
  const ImageFolder folder =
      OpenImageFolder({.path = folder_.path(), .splits = {"train", ""}}, pool);
  std::vector<uint8_t> pixels(72);
  folder.train->Read(
      0,
      [](const PictureSize& size) {
        return Crop{0, 0, size.height, 3};
      },
      pixels);
  std::vector<uint8_t> expected(72);
  Resample(SmoothBitmap(4, 6, 3, 4), {0, 0, 4, 3}, {4, 6}, {0, 0, 4, 6}, expected);
  EXPECT_EQ(pixels, expected);
}

TEST_F(ImageFolderTest, UnreadablePicturesEndTheRunOrAreLeftOutAsAsked) {
  const TemporaryFolder root;
  PutFiles(root.path(), SmallPictureFolder());
  PutFile(root.File("train/cat/1.png"), {1, 2, 3});
  PutFile(root.File("train/dog/c.JPEG"), {});
  EXPECT_THAT(DataErrorOf([&] { OpenText("image_folder { path: '.' }", root.path()); }),
              HasSubstr("train/cat/1.png: is neither"));
  const std::string leave_out = "image_folder { path: '.' unreadable: LEAVE_OUT }";
  const DataSets sets = OpenText(leave_out, root.path());
  EXPECT_EQ(sets.train->size(), 4);
  EXPECT_EQ(sets.test->size(), 4);
  EXPECT_EQ(ClassOf(*sets.train, 2), 1);
  EXPECT_THAT(sets.notes, ElementsAre(HasSubstr("train/cat/1.png: is neither"),
                                      HasSubstr("train/dog/c.JPEG: is an empty file"),
                                      "2 of 6 training pictures cannot be read and are left out"));
  EXPECT_EQ(PeekData(ParseData(leave_out), root.path()).fields[0].shape, (Shape{3, 4, 6}));
}

TEST_F(ImageFolderTest, FaultsOfTheFolderAreNamedWithTheRemedy) {
  namespace fs = std::filesystem;
  EXPECT_THAT(FaultAfter([](const std::string& at) { fs::rename(at + "/train", at + "/Train"); }),
              AllOf(HasSubstr("no folder 'train'"), HasSubstr("its folders are Train, val"),
                    HasSubstr("with 'train'")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { fs::rename(at + "/val", at + "/exam"); }),
              AllOf(HasSubstr("no folder 'test' or 'val'"), HasSubstr("with 'test'")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { fs::remove_all(at + "/val/dog"); }),
              AllOf(HasSubstr("val lacks the class dog"), HasSubstr("add pictures")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { fs::remove_all(at + "/train/cat"); }),
              HasSubstr("train lacks the class cat"));
  EXPECT_THAT(FaultAfter([](const std::string& at) {
                for (const char* name : {"1.png", "2.png"}) fs::remove(at + "/val/cat/" + name);
              }),
              AllOf(HasSubstr("val/cat holds no pictures"), HasSubstr("remove the class's")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { PutFile(at + "/val/x.png", {1}); }),
              AllOf(HasSubstr("val/x.png lies in the folder of a split"), HasSubstr("val/CLASS/")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { PutFile(at + "/val/cat/x.gif", {1}); }),
              AllOf(HasSubstr("val/cat/x.gif is no picture by its name"), HasSubstr("convert")));
  EXPECT_THAT(FaultAfter([](const std::string& at) { fs::create_directory(at + "/val/cat/x"); }),
              HasSubstr("val/cat/x is a folder within a class"));
  EXPECT_THAT(FaultAfter([](const std::string& at) {
                PutFile(at + "/val/cat/2.png", PngBytes(SmoothBitmap(5, 6, 3)));
              }),
              AllOf(HasSubstr("val/cat/2.png is 6 pixels wide and 5 high"),
                    HasSubstr("set 'height' and 'width'")));
}

TEST_F(ImageFolderTest, AMissingPathIsNamedWithItsPlaces) {
  const TemporaryFolder root;
  PutFiles(root.File("pets"), SmallPictureFolder());
  EXPECT_THAT(DataErrorOf([&] { OpenText("image_folder { path: 'pet' }", root.path()); }),
              AllOf(HasSubstr("data.image_folder"), HasSubstr(root.File("pet")),
                    HasSubstr("did you mean '" + root.File("pets"))));
}

}  // namespace
}  // namespace seve
