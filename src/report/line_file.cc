#include "report/line_file.h"

#include <fmt/format.h>
#include <unistd.h>

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
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
}

void LineFile::Write(std::string_view line) {
  std::FILE* file = file_.get();
  const std::string whole = std::string(line) + '\n';
  const off_t before = lseek(fileno(file), 0, SEEK_END);
  if (std::fwrite(whole.data(), 1, whole.size(), file) == whole.size()) return;
  const int error = errno;
  std::clearerr(file);
  // Half a line would spoil the next one. Where even this fails, CutLines mends it.
  const int cut = before < 0 ? 0 : ftruncate(fileno(file), before);
  static_cast<void>(cut);
  errno = error;
  ThrowErrno("write", path_);
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
