// Texts made to fit the room they have.
#pragma once

#include <string>
#include <vector>

#include "report/draw/canvas.h"

namespace seve {

// The text, or as much of it as `width` points hold with "…" at its end.
std::string Fitted(const std::string& text, const Canvas::Font& font, double width);

// The widest of them.
double WidestText(const std::vector<std::string>& texts, const Canvas::Font& font);

// What stands between "\n".
std::vector<std::string> LinesOf(const std::string& text);

}  // namespace seve
