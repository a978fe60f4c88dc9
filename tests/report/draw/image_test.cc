#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/draw/a_png.h"
#include "report/draw/figure.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Images : public testing::Test {
 protected:
  Image Read(const std::string& bytes) const {
    WriteFileAtomically(path(), bytes);
    return ReadPng(path());
  }
  [[nodiscard]] std::string path() const { return folder_.File("picture.png"); }

 private:
  TemporaryFolder folder_;
};

Image Gradient(int64_t height, int64_t width, int channels) {
  Image image{height, width, channels, {}};
  for (int64_t i = 0; i < height * width * channels; ++i) {
    image.pixels.push_back(static_cast<uint8_t>(i * 37));
  }
  return image;
}

TEST_F(Images, ComeBackFromPngAsTheyWere) {
  for (const int channels : {1, 3}) {
    for (const auto& [height, width] : {std::pair{1, 1}, {5, 3}, {2, 257}, {300, 300}}) {
      const Image image = Gradient(height, width, channels);
      const Image read = Read(PngBytes(image));
      // A single pixel of three channels may be grey.
      ASSERT_EQ(read.channels, channels);
      EXPECT_EQ(read.height, height);
      EXPECT_EQ(read.width, width);
      EXPECT_EQ(read.pixels, image.pixels);
    }
  }
}

TEST_F(Images, AreGreyWhereNoPixelHasAColour) {
  const Image read = Read(PngBytes(Image{1, 2, 3, {7, 7, 7, 200, 200, 200}}));
  EXPECT_EQ(read.channels, 1);
  EXPECT_THAT(read.pixels, ElementsAre(7, 200));
}

TEST_F(Images, AreReadAtEveryDepthOfGrey) {
  EXPECT_THAT(Read(APng({1, 0, ""}, 4, {"\xA0"})).pixels, ElementsAre(255, 0, 255, 0));
  EXPECT_THAT(Read(APng({2, 0, ""}, 4, {"\x1B"})).pixels, ElementsAre(0, 85, 170, 255));
  EXPECT_THAT(Read(APng({4, 0, ""}, 2, {"\x3F"})).pixels, ElementsAre(51, 255));
  EXPECT_THAT(Read(APng({8, 0, ""}, 2, {"\x05\xFE"})).pixels, ElementsAre(5, 254));
  EXPECT_THAT(Read(APng({16, 0, ""}, 1, {"\x80\x01"})).pixels, ElementsAre(128));
}

TEST_F(Images, AreReadInColourFromPaletteAndSamples) {
  const std::string palette = Chunk("PLTE", std::string("\x00\x00\xFF\x0A\x14\x1E", 6));
  EXPECT_THAT(Read(APng({1, 3, palette}, 2, {"\x40"})).pixels, ElementsAre(0, 0, 255, 10, 20, 30));
  EXPECT_THAT(Read(APng({8, 2, ""}, 1, {"\x01\x02\x03"})).pixels, ElementsAre(1, 2, 3));
  EXPECT_THAT(Read(APng({16, 2, ""}, 1, {std::string("\x10\0\x20\0\x30\0", 6)})).pixels,
              ElementsAre(16, 32, 48));
}

TEST_F(Images, LieOnWhiteWhereTransparent) {
  EXPECT_THAT(Read(APng({8, 4, ""}, 2, {std::string("\x40\x00\x40\xFF", 4)})).pixels,
              ElementsAre(255, 64));
  EXPECT_THAT(Read(APng({8, 6, ""}, 1, {std::string("\xFF\x00\x00\x80", 4)})).pixels,
              ElementsAre(255, 127, 127));
}

TEST_F(Images, ThatCannotBeReadAreNamed) {
  const std::string png = PngBytes(Gradient(20, 20, 3));
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a"), png.substr(0, 20), png.substr(0, png.size() / 2)}) {
    const std::string message = MessageOf(ExitCode::kData, [&] { Read(bytes); });
    EXPECT_THAT(message, HasSubstr(path()));
  }
  EXPECT_THAT(MessageOf(ExitCode::kData, [] { ReadPng("/nowhere/a.png"); }),
              HasSubstr("/nowhere/a.png: No such file"));
}

TEST_F(Images, OfTheWrongSizeAreABug) {
  EXPECT_THROW(PngBytes(Image{2, 2, 1, {1, 2, 3}}), std::logic_error);
  EXPECT_THROW(PngBytes(Image{1, 1, 2, {1, 2}}), std::logic_error);
}

}  // namespace
}  // namespace seve
