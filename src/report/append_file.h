// A file that grows at its end, each piece handed to the operating system at once.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace seve {

class AppendFile {
 public:
  enum class Start { kEmpty, kAppend };

  // Throws Error(kData) with path and errno's text, as Append does.
  AppendFile(std::string path, Start start);

  // Of a piece that does not fit on the disk nothing stays.
  void Append(std::string_view piece);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace seve
