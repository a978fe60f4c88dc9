#include "report/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr uint8_t kBackground = 32;  // darker pixels are margin
constexpr int64_t kGap = 3;
constexpr int64_t kNarrowestCaption = 14;

// The part of the pictures that is drawn: [top, bottom) x [left, right).
struct Frame {
  int64_t top, bottom, left, right;

  [[nodiscard]] int64_t width() const { return right - left; }
  [[nodiscard]] int64_t height() const { return bottom - top; }
};

uint8_t PixelAt(const Picture& picture, int64_t y, int64_t x) {
  if (y >= picture.height || x >= picture.width) return 0;
  return picture.pixels[static_cast<size_t>(y * picture.width + x)];
}

Frame CommonFrame(const std::vector<Picture>& pictures) {
  Frame frame{INT64_MAX, 0, INT64_MAX, 0};
  for (const Picture& picture : pictures) {
    for (int64_t y = 0; y < picture.height; ++y) {
      for (int64_t x = 0; x < picture.width; ++x) {
        if (PixelAt(picture, y, x) < kBackground) continue;
        frame = {std::min(frame.top, y), std::max(frame.bottom, y + 1), std::min(frame.left, x),
                 std::max(frame.right, x + 1)};
      }
    }
  }
  if (frame.bottom == 0) return {0, 2, 0, 2};  // nothing but background
  return frame;
}

// xterm's grey ramp: 232 (nearly black) to 255 (nearly white).
int GreyCode(uint8_t pixel) { return 232 + pixel * 23 / 255; }

std::string GreyCells(const Picture& picture, const Frame& frame, int64_t y) {
  std::string line;
  for (int64_t x = frame.left; x < frame.right; ++x) {
    const int upper = GreyCode(PixelAt(picture, y, x));
    const int lower = GreyCode(y + 1 < frame.bottom ? PixelAt(picture, y + 1, x) : uint8_t{0});
    line += fmt::format("\x1b[38;5;{};48;5;{}m▀", upper, lower);
  }
  return line + "\x1b[0m";
}

std::string RampCells(const Picture& picture, const Frame& frame, int64_t y,
                      std::span<const char* const> ramp) {
  std::string line;
  for (int64_t x = frame.left; x < frame.right; ++x) {
    const int lower = y + 1 < frame.bottom ? PixelAt(picture, y + 1, x) : 0;
    const auto mean = static_cast<size_t>((PixelAt(picture, y, x) + lower) / 2);
    line += ramp[mean * ramp.size() / 256];
  }
  return line;
}

std::string Cells(const Picture& picture, const Frame& frame, int64_t y, PictureStyle style) {
  static constexpr std::array<const char*, 5> kShadeRamp = {" ", "░", "▒", "▓", "█"};
  static constexpr std::array<const char*, 8> kAsciiRamp = {" ", ".", ":", "-", "+", "*", "#", "@"};
  switch (style) {
    case PictureStyle::kGrey:
      return GreyCells(picture, frame, y);
    case PictureStyle::kShades:
      return RampCells(picture, frame, y, kShadeRamp);
    case PictureStyle::kAscii:
      return RampCells(picture, frame, y, kAsciiRamp);
  }
  return "";
}

// One row of pictures and their captions.
std::string DrawBand(std::span<const Picture> band, const Frame& frame, int64_t cell,
                     PictureStyle style) {
  const std::string fill(static_cast<size_t>(cell - frame.width()), ' ');
  std::string text;
  for (int64_t y = frame.top; y < frame.bottom; y += 2) {
    for (const Picture& picture : band) text += Cells(picture, frame, y, style) + fill;
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  std::string captions;
  for (const Picture& picture : band) {
    const auto width = static_cast<size_t>(cell);
    captions += PadRight(Shorten(picture.caption, width - 1), width);
  }
  return text + captions.erase(captions.find_last_not_of(' ') + 1) + '\n';
}

}  // namespace

PictureStyle StyleFor(const Terminal& terminal) {
  if (!terminal.utf8) return PictureStyle::kAscii;
  return terminal.colour ? PictureStyle::kGrey : PictureStyle::kShades;
}

std::string DrawPictures(const std::vector<Picture>& pictures, PictureStyle style, int columns) {
  for (const Picture& picture : pictures) {
    Check(picture.pixels.size() == static_cast<size_t>(picture.height * picture.width),
          "a picture has other bytes than its height times its width");
  }
  if (pictures.empty()) return "";
  const Frame frame = CommonFrame(pictures);
  const int64_t cell = std::max(frame.width(), kNarrowestCaption) + kGap;
  const auto beside = static_cast<size_t>(std::max<int64_t>((columns + kGap) / cell, 1));
  std::string text;
  for (size_t first = 0; first < pictures.size(); first += beside) {
    const std::span<const Picture> all(pictures);
    if (first > 0) text += '\n';
    text += DrawBand(all.subspan(first, std::min(beside, all.size() - first)), frame, cell, style);
  }
  return text;
}

}  // namespace seve
