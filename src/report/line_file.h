// A text file that grows line by line, each handed to the operating system at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "report/append_file.h"

namespace seve {

class LineFile {
 public:
  using Start = AppendFile::Start;

  // As AppendFile's.
  LineFile(std::string path, Start start) : file_(std::move(path), start) {}

  // Appends the line and a line end.
  void Write(std::string_view line) { file_.Append(std::string(line) + '\n'); }

  // True for a file of no bytes, or none.
  static bool IsEmpty(const std::string& path);

 private:
  AppendFile file_;
};

// Rewrites the file (atomically) with only the lines for which keep(line) holds; a last line
// without its end, which an interrupted write leaves, goes in any case. A missing file stays
// missing.
void CutLines(const std::string& path, const std::function<bool(std::string_view line)>& keep);

}  // namespace seve
