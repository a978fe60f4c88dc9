// The type and the greys that all figures share.
#pragma once

#include <algorithm>
#include <string>

#include "report/draw/canvas.h"

namespace seve {

inline constexpr Colour kInk{0.13, 0.13, 0.13};
inline constexpr Colour kSoftInk{0.38, 0.38, 0.38};
inline constexpr Colour kAxisGrey{0.45, 0.45, 0.45};
inline constexpr Colour kGridGrey{0.88, 0.88, 0.88};
inline constexpr Colour kPaper{1, 1, 1};

inline constexpr double kFigureWidth = 396;  // 5.5 inches: a column of a paper, a phone's screen
inline constexpr double kMargin = 8;         // around everything

inline const Canvas::Font kTitleFont{12, true, kInk};
inline const Canvas::Font kPanelFont{10, true, kInk};
inline const Canvas::Font kLabelFont{10, false, kInk};
inline const Canvas::Font kTickFont{9, false, kSoftInk};

// From the base line to that of the next, and from a line's middle down to its base line.
inline double LineHeight(const Canvas::Font& font) { return 1.3 * font.size; }
inline double BelowMiddle(const Canvas::Font& font) { return 0.36 * font.size; }

// What a figure's title takes at the top; nothing where there is none.
inline double TitleHeight(const std::string& title) {
  return title.empty() ? 0 : LineHeight(kTitleFont) + 6;
}

// Margin and title; longer ones than a figure is wide are shortened.
inline double WidthForTitle(const std::string& title) {
  return std::min(kMargin + TextWidth(title, kTitleFont), kFigureWidth);
}

}  // namespace seve
