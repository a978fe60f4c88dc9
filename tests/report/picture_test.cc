#include "report/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/text.h"

namespace seve {
namespace {

// A corner of 2 x 4 bright to dark pixels in a dark 6 x 6 picture.
std::vector<uint8_t> Corner() {
  std::vector<uint8_t> pixels(36, 0);
  for (size_t x = 0; x < 4; ++x) {
    pixels[2 * 6 + x + 1] = pixels[3 * 6 + x + 1] = static_cast<uint8_t>(255 - 60 * x);
  }
  return pixels;
}

TEST(Pictures, LoseTheirMarginsAndHaveACaption) {
  const auto pixels = Corner();
  const std::vector<Picture> one{{6, 6, pixels, "7, seen as 2"}};
  EXPECT_EQ(DrawPictures(one, PictureStyle::kAscii, 80), "@#+:\n7, seen as 2\n");
  EXPECT_EQ(DrawPictures(one, PictureStyle::kShades, 80), "█▓▒░\n7, seen as 2\n");
}

TEST(Pictures, ShowTwoRowsOfPixelsALineInGrey) {
  const std::vector<uint8_t> pixels{255, 0, 128};
  EXPECT_EQ(DrawPictures({{3, 1, pixels, "x"}}, PictureStyle::kGrey, 80),
            "\x1b[38;5;255;48;5;232m▀\x1b[0m\n"
            "\x1b[38;5;243;48;5;232m▀\x1b[0m\nx\n");
}

TEST(Pictures, StandSideBySideAsColumnsAllow) {
  const auto pixels = Corner();
  const std::vector<Picture> three(3, {6, 6, pixels, "caption"});
  EXPECT_EQ(DrawPictures(three, PictureStyle::kAscii, 31),
            "@#+:             @#+:\ncaption          caption\n\n@#+:\ncaption\n");
  EXPECT_EQ(DrawPictures(three, PictureStyle::kAscii, 10),
            "@#+:\ncaption\n\n@#+:\ncaption\n\n@#+:\ncaption\n");
}

TEST(Pictures, CutCaptionsThatAreTooLong) {
  const auto pixels = Corner();
  EXPECT_EQ(DrawPictures({{6, 6, pixels, "a caption without any end"}}, PictureStyle::kAscii, 80),
            "@#+:\na caption witho~\n");
}

TEST(Pictures, MayBeBlankOrNone) {
  EXPECT_EQ(DrawPictures({}, PictureStyle::kAscii, 80), "");
  const std::vector<uint8_t> pixels(4, 0);
  EXPECT_EQ(DrawPictures({{2, 2, pixels, "blank"}}, PictureStyle::kAscii, 80), "\nblank\n");
}

TEST(Pictures, OfTheWrongSizeAreABug) {
  const std::vector<uint8_t> pixels(3);
  EXPECT_THROW(DrawPictures({{2, 2, pixels, ""}}, PictureStyle::kAscii, 80), std::logic_error);
}

TEST(Pictures, UseWhatTheTerminalShows) {
  EXPECT_EQ(StyleFor({true, true, true, 80}), PictureStyle::kGrey);
  EXPECT_EQ(StyleFor({true, false, true, 80}), PictureStyle::kShades);
  EXPECT_EQ(StyleFor({true, true, false, 80}), PictureStyle::kAscii);
}

}  // namespace
}  // namespace seve
