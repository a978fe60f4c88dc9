#include "report/line_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"

namespace seve {
namespace {

[[noreturn]] void ThrowErrno(const char* verb, const std::string& path) {
  ThrowData(fmt::format("cannot {} {}: {}", verb, path, std::strerror(errno)));
}

}  // namespace

LineFile::LineFile(std::string path, Start start) : path_(std::move(path)) {
  file_.reset(std::fopen(path_.c_str(), start == Start::kEmpty ? "we" : "ae"));
  if (file_ == nullptr) ThrowErrno("open", path_);
}

void LineFile::Write(std::string_view line) {
  const bool written = std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
                       std::fputc('\n', file_.get()) != EOF && std::fflush(file_.get()) == 0;
  if (!written) ThrowErrno("write", path_);
}

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
