// The program's log: plain lines for people, on the terminal and in the run directory's log.txt.
#pragma once

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace seve {

// Ranks other than 0 log warnings and errors only, prefixed with their rank. Messages are finished text.
class Logger {
 public:
  // Writes to standard error.
  explicit Logger(int rank = 0);
  // From now on also appends to this file, with time stamps. Throws Error(kUsage) when it cannot be opened.
  void AddFile(const std::string& path);

  void Info(const std::string& text) const;
  void Warn(const std::string& text) const;
  void Error(const std::string& text) const;

 private:
  int rank_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace seve
