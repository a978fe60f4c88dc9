#include "report/run_report/page.h"

#include <fmt/format.h>

#include "report/run_report/html_text.h"

namespace seve {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2024; --soft: #5c6670; --line: #d9dee3;
  --card: #f4f6f8; --accent: #0060a0; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --ink: #e6e9ec; --soft: #9aa5af; --line: #343b42; --card: #1e2328; --accent: #6db8ee; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.6rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
p { margin: 0.4rem 0; color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.6rem; margin: 1rem 0; }
.tile { background: var(--card); border-radius: 0.5rem; padding: 0.6rem 0.8rem; }
.tile b { display: block; font-size: 1.35rem; line-height: 1.3; color: var(--accent); font-variant-numeric: tabular-nums; }
.tile span { font-size: 0.85rem; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
.scroll table { overflow-wrap: normal; }
th, td { text-align: left; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
.number { text-align: right; }
.facts th { white-space: nowrap; font-weight: 400; }
details { margin: 0.6rem 0; background: var(--card); border-radius: 0.5rem; padding: 0.5rem 0.8rem; }
summary { cursor: pointer; }
pre { overflow-x: auto; font: 0.85rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: normal; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1rem; align-items: start; }
figure { margin: 0; background: #ffffff; border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.5rem; }
figure svg, figure img { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figcaption { color: #4a535c; font-size: 0.85rem; padding: 0.4rem 0.2rem 0; }
@media print { details { display: none; } }
)";

std::string Row(const std::vector<std::string>& cells, const char* element, size_t numbers) {
  std::string row = "<tr>";
  for (size_t i = 0; i < cells.size(); ++i) {
    row += fmt::format("<{0}{1}>{2}</{0}>", element, i >= numbers ? " class=\"number\"" : "",
                       HtmlEscaped(cells[i]));
  }
  return row + "</tr>\n";
}

}  // namespace

Page::Page(const std::string& title)
    : title_(HtmlEscaped(title)), body_("<h1>" + title_ + "</h1>\n") {}

void Page::AddHeading(const std::string& text) { body_ += "<h2>" + HtmlEscaped(text) + "</h2>\n"; }

void Page::AddParagraph(const std::string& text) { body_ += "<p>" + HtmlEscaped(text) + "</p>\n"; }

void Page::AddTiles(const Facts& facts) {
  body_ += "<div class=\"tiles\">\n";
  for (const auto& [name, value] : facts) {
    body_ += fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", HtmlEscaped(value),
                         HtmlEscaped(name));
  }
  body_ += "</div>\n";
}

void Page::AddFacts(const Facts& facts) {
  body_ += "<table class=\"facts\">\n";
  for (const auto& [name, value] : facts) {
    body_ +=
        fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", HtmlEscaped(name), HtmlEscaped(value));
  }
  body_ += "</table>\n";
}

void Page::AddTable(const std::vector<std::vector<std::string>>& rows, size_t numbers) {
  body_ += "<div class=\"scroll\"><table>\n";
  for (size_t i = 0; i < rows.size(); ++i) body_ += Row(rows[i], i == 0 ? "th" : "td", numbers);
  body_ += "</table></div>\n";
}

void Page::AddHidden(const std::string& name, const std::string& text) {
  body_ += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", HtmlEscaped(name),
                       HtmlEscaped(text));
}

void Page::AddPictures(const std::vector<Picture>& pictures) {
  body_ += "<div class=\"pictures\">\n";
  for (const auto& [element, caption] : pictures) {
    body_ += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", element,
                         HtmlEscaped(caption));
  }
  body_ += "</div>\n";
}

std::string Page::Text() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      title_, kStyle, body_);
}

}  // namespace seve
