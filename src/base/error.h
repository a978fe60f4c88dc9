// What can go wrong, and with which exit code the job ends because of it.
#pragma once

#include <source_location>
#include <stdexcept>
#include <string>

namespace seve {

// The exit codes of `seve`; launch scripts act on these alone.
enum class ExitCode : int {
  kDone = 0,
  kUsage = 2,          // command line or configuration
  kData = 3,           // a data set or a file that cannot be used
  kCommunication = 4,  // a rank died, hung or diverged
  kNumerical = 5,      // a loss or gradient became non-finite
  kStopped = 75,       // stopped on request, checkpoint written: submit again
};

// Every failure a user can meet. The message starts from the user's point of view (file, line,
// field, remedy); `where` is the place in our source that noticed.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message,
        std::source_location where = std::source_location::current())
      : std::runtime_error(message), code_(code), where_(where) {}

  [[nodiscard]] ExitCode code() const { return code_; }
  [[nodiscard]] const std::source_location& where() const { return where_; }

 private:
  ExitCode code_;
  std::source_location where_;
};

// Met by every rank at the same place, because it was decided from what all of them know: all end
// together and in order. Any other Error is taken to be this rank's alone.
class AgreedError : public Error {
 public:
  // Written out: nvcc 13 fails on an inherited one.
  AgreedError(ExitCode code, const std::string& message,
              std::source_location where = std::source_location::current())
      : Error(code, message, where) {}
};

[[noreturn]] void ThrowUsage(const std::string& message,
                             std::source_location where = std::source_location::current());
[[noreturn]] void ThrowData(const std::string& message,
                            std::source_location where = std::source_location::current());
[[noreturn]] void ThrowCommunication(const std::string& message,
                                     std::source_location where = std::source_location::current());

// Invariants of ours: a failure is a bug in Sève, reported as std::logic_error with file and line.
void Check(bool holds, const char* message,
           std::source_location where = std::source_location::current());

}  // namespace seve
