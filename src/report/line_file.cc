#include "report/line_file.h"

#include <filesystem>

#include "base/file.h"

namespace seve {

bool LineFile::IsEmpty(const std::string& path) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(path, missing);
  return missing || size == 0;
}

void CutLines(const std::string& path, const std::function<bool(std::string_view line)>& keep) {
  if (LineFile::IsEmpty(path)) return;
  const std::string text = ReadFile(path);
  std::string kept;
  std::string_view rest = text;
  for (size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    if (keep(rest.substr(0, end))) kept += rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
  }
  if (kept != text) WriteFileAtomically(path, kept);
}

}  // namespace seve
