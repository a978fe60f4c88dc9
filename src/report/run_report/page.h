// The parts of an HTML page that needs nothing but itself: no scripts, no network. Readable on a
// phone and on paper, in the dark and in the light.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace seve {

class Page {
 public:
  // Texts are plain, here and below: the page escapes them.
  explicit Page(const std::string& title);

  void AddHeading(const std::string& text);
  void AddParagraph(const std::string& text);
  // Large figures beside each other with their names.
  using Facts = std::vector<std::pair<std::string, std::string>>;
  void AddTiles(const Facts& facts);
  // A row each.
  void AddFacts(const Facts& facts);
  // The first row is the heading; `numbers`: from this column on cells stand at the right.
  void AddTable(const std::vector<std::vector<std::string>>& rows, size_t numbers);
  // Shown when asked for.
  void AddHidden(const std::string& name, const std::string& text);
  struct Picture {
    std::string element;  // of the page: InlineSvg's or ImageOf's
    std::string caption;
  };
  // Beside each other where there is room.
  void AddPictures(const std::vector<Picture>& pictures);

  [[nodiscard]] std::string Text() const;

 private:
  std::string title_, body_;
};

}  // namespace seve
