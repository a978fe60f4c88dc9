#include "report/append_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace seve {
namespace {

[[noreturn]] void ThrowErrno(const char* verb, const std::string& path) {
  ThrowData(fmt::format("cannot {} {}: {}", verb, path, std::strerror(errno)));
}

}  // namespace

AppendFile::AppendFile(std::string path, Start start) : path_(std::move(path)) {
  file_.reset(std::fopen(path_.c_str(), start == Start::kEmpty ? "we" : "ae"));
  if (file_ == nullptr) ThrowErrno("open", path_);
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
}

void AppendFile::Append(std::string_view piece) {
  std::FILE* file = file_.get();
  const off_t before = lseek(fileno(file), 0, SEEK_END);
  if (std::fwrite(piece.data(), 1, piece.size(), file) == piece.size()) return;
  const int error = errno;
  std::clearerr(file);
  // Half a piece would spoil the next one. Where even this fails, readers must cope.
  const int cut = before < 0 ? 0 : ftruncate(fileno(file), before);
  static_cast<void>(cut);
  errno = error;
  ThrowErrno("write", path_);
}

}  // namespace seve
