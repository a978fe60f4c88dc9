#include "report/run_report/html_text.h"

#include <algorithm>
#include <cstdint>

namespace seve {
namespace {

// RFC 4648.
std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    uint32_t word = 0;
    for (size_t i = 0; i < 3; ++i) {
      word = word << 8 | (i < group.size() ? static_cast<uint8_t>(group[i]) : 0);
    }
    for (size_t i = 0; i < 4; ++i) {
      text += i <= group.size() ? kDigits[word >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

// Every ` name="…"` of the text goes.
void RemoveAttribute(std::string& text, const std::string& name) {
  const std::string start = " " + name + "=\"";
  for (size_t at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
    text.erase(at, text.find('"', at + start.size()) + 1 - at);
  }
}

}  // namespace

std::string HtmlEscaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

std::string InlineSvg(std::string_view svg) {
  std::string text(svg.substr(std::min(svg.find("<svg"), svg.size())));
  for (const char* name : {"xmlns", "xmlns:xlink"}) RemoveAttribute(text, name);
  return text;
}

std::string ImageOf(std::string_view png, std::string_view name) {
  return "<img alt=\"" + HtmlEscaped(name) + "\" src=\"data:image/png;base64," + Base64(png) +
         "\">";
}

}  // namespace seve
