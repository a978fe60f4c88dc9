// A text file that grows line by line, each handed to the operating system at once.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace seve {

class LineFile {
 public:
  enum class Start { kEmpty, kAppend };

  // Throws Error(kData) with path and errno's text, as Write does.
  LineFile(std::string path, Start start);

  // Appends the line and a line end; of a line that does not fit on the disk nothing stays.
  void Write(std::string_view line);

  // True for a file of no bytes, or none.
  static bool IsEmpty(const std::string& path);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

// Rewrites the file (atomically) with only the lines for which keep(line) holds; a last line
// without its end, which an interrupted write leaves, goes in any case. A missing file stays
// missing.
void CutLines(const std::string& path, const std::function<bool(std::string_view line)>& keep);

}  // namespace seve
