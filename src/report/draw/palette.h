// Colours: those of series by Okabe & Ito (2008), https://jfly.uni-koeln.de/color/, and the shades
// of quantities.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "report/draw/canvas.h"

namespace seve {

constexpr Colour FromHex(uint32_t rgb) {
  return {static_cast<double>(rgb >> 16 & 0xFF) / 255, static_cast<double>(rgb >> 8 & 0xFF) / 255,
          static_cast<double>(rgb & 0xFF) / 255};
}

// In an order of ours: of the first four, no two are nearer than 24 (CIE 1976) with any kind of
// dichromacy.
inline constexpr std::array<Colour, 8> kPalette = {
    FromHex(0x0072B2),  // blue
    FromHex(0xD55E00),  // vermilion
    FromHex(0x56B4E9),  // sky blue
    FromHex(0x000000),  // black
    FromHex(0x009E73),  // bluish green
    FromHex(0xE69F00),  // orange
    FromHex(0xCC79A7),  // reddish purple
    FromHex(0xF0E442),  // yellow
};
inline constexpr Colour kEmphasis = kPalette[1];

inline Colour PaletteColour(int index) {
  return kPalette[static_cast<size_t>(index) % kPalette.size()];
}

// From nearly white at 0 to deep blue at 1: ColorBrewer's "Blues" (Brewer 2003), darker steadily.
inline Colour Shade(double share) {
  constexpr std::array<Colour, 9> kSteps = {
      FromHex(0xF7FBFF), FromHex(0xDEEBF7), FromHex(0xC6DBEF), FromHex(0x9ECAE1), FromHex(0x6BAED6),
      FromHex(0x4292C6), FromHex(0x2171B5), FromHex(0x08519C), FromHex(0x08306B)};
  const double at = std::clamp(share, 0.0, 1.0) * (kSteps.size() - 1);
  const auto below = std::min(static_cast<size_t>(at), kSteps.size() - 2);
  const double rest = at - static_cast<double>(below);
  const Colour& a = kSteps[below];
  const Colour& b = kSteps[below + 1];
  return {std::lerp(a.red, b.red, rest), std::lerp(a.green, b.green, rest),
          std::lerp(a.blue, b.blue, rest)};
}

inline void AppendPixel(Image& image, const Colour& colour) {
  for (const double part : {colour.red, colour.green, colour.blue}) {
    image.pixels.push_back(static_cast<uint8_t>(std::lround(part * 255)));
  }
}

}  // namespace seve
