#include "cli/picture_samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/draw/figure.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Resized, AveragesWhatAPixelCovers) {
  const Image image{2, 4, 1, {0, 100, 10, 20, 200, 100, 30, 40}};
  EXPECT_THAT(Resized(image, 1, 2).pixels, ElementsAre(100, 25));
}

TEST(Resized, SplitsPixelsThatLieInTwo) {
  const Image image{1, 3, 1, {0, 90, 210}};
  EXPECT_THAT(Resized(image, 1, 2).pixels, ElementsAre(30, 170));
}

TEST(Resized, RepeatsPixelsOfSmallerPictures) {
  const Image image{1, 2, 1, {7, 9}};
  EXPECT_THAT(Resized(image, 2, 4).pixels, ElementsAre(7, 7, 9, 9, 7, 7, 9, 9));
}

TEST(WithChannels, WeighsColoursByTheirLightAndRepeatsGrey) {
  const Image colour{1, 2, 3, {255, 0, 0, 0, 255, 255}};
  EXPECT_THAT(WithChannels(colour, 1).pixels, ElementsAre(76, 179));
  EXPECT_THAT(WithChannels(Image{1, 1, 1, {5}}, 3).pixels, ElementsAre(5, 5, 5));
}

class ReadPicturesTest : public testing::Test {
 protected:
  std::string Put(const std::string& name, const Image& image) {
    WriteFileAtomically(folder_.File(name), PngBytes(image));
    return folder_.File(name);
  }
  TemporaryFolder folder_;
  std::vector<std::string> notes_;
};

TEST_F(ReadPicturesTest, LeavesThoseThatFitAsTheyAre) {
  const auto path = Put("a.png", {2, 2, 1, {1, 2, 3, 4}});
  const auto pictures = ReadPictures({path}, {}, {1, 2, 2}, false, &notes_);
  EXPECT_THAT(pictures.front().pixels, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(ReadPicturesTest, TellsWhatItChanged) {
  const auto path = Put("a.png", {1, 2, 3, {255, 0, 0, 255, 0, 0}});
  const auto pictures = ReadPictures({path}, {}, {1, 1, 1}, true, &notes_);
  EXPECT_THAT(pictures.front().pixels, ElementsAre(255 - 76));
  EXPECT_THAT(notes_, ElementsAre(path + ": colour made grey, 2x1 stretched to 1x1"));
}

TEST_F(ReadPicturesTest, NamesAFileThatIsNoPicture) {
  WriteFileAtomically(folder_.File("a.png"), "no picture");
  EXPECT_THAT(MessageOf(ExitCode::kData,
                        [&] {
                          ReadPictures({folder_.File("a.png")}, {}, {1, 2, 2}, false, &notes_);
                        }),
              HasSubstr(folder_.File("a.png") + ": is neither a JPEG nor a PNG picture"));
}

TEST_F(ReadPicturesTest, ScalesAndCutsAsTheModelsTestPictures) {
  const auto path = Put("a.png", {2, 6, 1, {0, 0, 7, 9, 0, 0, 0, 0, 7, 9, 0, 0}});
  config::Data data;
  data.mutable_image_folder()->set_height(2);
  data.mutable_image_folder()->set_width(2);
  data.mutable_image_folder()->set_resize(2);
  const auto pictures = ReadPictures({path}, data, {1, 2, 2}, false, &notes_);
  EXPECT_THAT(pictures.front().pixels, ElementsAre(7, 9, 7, 9));
  EXPECT_THAT(notes_, ElementsAre(path + ": 6x2 scaled and cut to 2x2"));
}

TEST(ToSamples, LieAsPicturesDo) {
  const auto samples = ToSamples({Image{1, 2, 3, {1, 2, 3, 4, 5, 6}}}, {3, 1, 2});
  EXPECT_THAT(samples.Pixels(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(samples.labels, ElementsAre(0));
}

}  // namespace
}  // namespace seve
