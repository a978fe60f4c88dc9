// Files written without waiting for the disk, for tests that write many.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace seve {

inline FileCalls CallsThatDoNotWait() {
  FileCalls calls = SystemFileCalls();
  calls.sync = [](int) { return 0; };
  return calls;
}

inline void WriteQuickly(const std::string& path, std::string_view text) {
  WriteFileDurably(path, BytesOf(text), CallsThatDoNotWait());
}

}  // namespace seve
