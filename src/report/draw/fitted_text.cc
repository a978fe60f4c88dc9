#include "report/draw/fitted_text.h"

#include <algorithm>
#include <sstream>

#include "base/text.h"

namespace seve {

std::string Fitted(const std::string& text, const Canvas::Font& font, double width) {
  if (TextWidth(text, font) <= width) return text;
  for (size_t columns = DisplayWidth(text) - 1; columns > 1; --columns) {
    std::string cut = Shorten(text, columns);
    cut.replace(cut.size() - 1, 1, "…");
    if (TextWidth(cut, font) <= width) return cut;
  }
  return "";
}

double WidestText(const std::vector<std::string>& texts, const Canvas::Font& font) {
  double widest = 0;
  for (const std::string& text : texts) widest = std::max(widest, TextWidth(text, font));
  return widest;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace seve
