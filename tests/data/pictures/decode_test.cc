#include "data/pictures/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include "data/picture_files_testing.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Pointwise;

Bitmap Decode(const Bytes& file, int64_t channels = 0) {
  return DecodePicture(std::as_bytes(std::span(file)), "a picture", channels);
}

std::string Fault(const Bytes& file) {
  return DataErrorOf([&] { Decode(file); });
}

MATCHER_P(IsWithin, most, "") {
  return std::abs(int{std::get<0>(arg)} - int{std::get<1>(arg)}) <= most;
}

TEST(DecodePicture, PngsComeBackAsTheyWere) {
  for (const int64_t channels : {1, 3}) {
    const Bitmap stored = SmoothBitmap(5, 7, channels);
    const Bitmap decoded = Decode(PngBytes(stored));
    EXPECT_EQ(decoded.height, 5);
    EXPECT_EQ(decoded.width, 7);
    EXPECT_EQ(decoded.channels, channels);
    EXPECT_EQ(decoded.pixels, stored.pixels);
  }
}

// Quality 100 with colours at half resolution changes a smooth picture by a few values.
TEST(DecodePicture, JpegsComeBackNearly) {
  for (const int64_t channels : {1, 3}) {
    const Bitmap stored = SmoothBitmap(19, 33, channels);
    const Bitmap decoded = Decode(JpegBytes(stored));
    EXPECT_EQ(decoded.channels, channels);
    EXPECT_THAT(decoded.pixels, Pointwise(IsWithin(12), stored.pixels));
  }
}

TEST(DecodePicture, SizesAreReadFromHeadersAlone) {
  Bytes jpeg = JpegBytes(SmoothBitmap(19, 33, 3));
  Bytes png = PngBytes(SmoothBitmap(19, 33, 1));
  for (Bytes* file : {&jpeg, &png}) {
    EXPECT_EQ(SizeOfPicture(std::as_bytes(std::span(*file)), ""), (PictureSize{19, 33}));
  }
}

TEST(DecodePicture, ConvertsGreyAndColour) {
  EXPECT_THAT(Decode(PngBytes({1, 1, 3, {100, 50, 200}}), 1).pixels, ElementsAre(82));
  EXPECT_THAT(Decode(PngBytes({1, 2, 1, {9, 7}}), 3).pixels, ElementsAre(9, 9, 9, 7, 7, 7));
}

TEST(DecodePicture, ReadsPalettesFewBitsAndSixteen) {
  // Entries 2 and 3 of a palette, two bits each.
  EXPECT_THAT(Decode(PngBytes(1, 2, PNG_COLOR_TYPE_PALETTE, 2, {0xB0})).pixels,
              ElementsAre(0, 0, 255, 10, 20, 30));
  EXPECT_THAT(Decode(PngBytes(1, 4, PNG_COLOR_TYPE_GRAY, 1, {0xA0})).pixels,
              ElementsAre(255, 0, 255, 0));
  EXPECT_THAT(Decode(PngBytes(1, 2, PNG_COLOR_TYPE_GRAY, 16, {0x80, 0x80, 0xFF, 0xFF})).pixels,
              ElementsAre(0x80, 0xFF));
}

TEST(DecodePicture, LaysTransparencyOnWhite) {
  const Bytes pixels = {10, 20, 30, 255, 10, 20, 30, 0, 0, 0, 0, 128};
  EXPECT_THAT(Decode(PngBytes(1, 3, PNG_COLOR_TYPE_RGB_ALPHA, 8, pixels)).pixels,
              ElementsAre(10, 20, 30, 255, 255, 255, 127, 127, 127));
  EXPECT_THAT(Decode(PngBytes(1, 1, PNG_COLOR_TYPE_GRAY_ALPHA, 8, {0, 128})).pixels,
              ElementsAre(127));
}

// Inverted inks: 255 means none.
TEST(DecodePicture, ReadsInks) {
  Bitmap inks{8, 8, 4, {}};
  for (int i = 0; i < 64; ++i) inks.pixels.insert(inks.pixels.end(), {200, 100, 50, 255});
  const Bitmap decoded = Decode(JpegBytes(inks));
  ASSERT_EQ(decoded.channels, 3);
  Bytes expected;
  for (int i = 0; i < 64; ++i) expected.insert(expected.end(), {200, 100, 50});
  EXPECT_THAT(decoded.pixels, Pointwise(IsWithin(2), expected));
}

TEST(DecodePicture, RefusesWhatIsCutShort) {
  for (Bytes file : {JpegBytes(SmoothBitmap(40, 40, 3)), PngBytes(SmoothBitmap(40, 40, 3))}) {
    file.resize(file.size() * 2 / 3);
    EXPECT_THAT(Fault(file), AllOf(HasSubstr("a picture: "), HasSubstr("can be decoded: ")));
    file.resize(20);
    EXPECT_THAT(Fault(file), HasSubstr("can be decoded: "));
  }
}

TEST(DecodePicture, RefusesDamage) {
  Bytes png = PngBytes(SmoothBitmap(40, 40, 3));
  png[png.size() / 2] ^= 0x40;
  EXPECT_THAT(Fault(png), HasSubstr("no PNG picture that can be decoded"));
}

TEST(DecodePicture, RefusesOtherFiles) {
  EXPECT_THAT(Fault({}), HasSubstr("a picture: is an empty file"));
  EXPECT_THAT(Fault({'G', 'I', 'F', '8', '9', 'a'}), HasSubstr("neither a JPEG nor a PNG"));
}

TEST(NamesPicture, GoesByTheEndingWhateverItsCase) {
  for (const char* name : {"a.jpg", "a.JPEG", "b/c.Png"}) EXPECT_TRUE(NamesPicture(name)) << name;
  for (const char* name : {"a.gif", "png", ".png", "a.jpg.txt"}) {
    EXPECT_FALSE(NamesPicture(name)) << name;
  }
}

}  // namespace
}  // namespace seve
