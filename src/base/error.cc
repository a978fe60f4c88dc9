#include "base/error.h"

namespace seve {

void ThrowUsage(const std::string& message, std::source_location where) {
  throw Error(ExitCode::kUsage, message, where);
}

void ThrowData(const std::string& message, std::source_location where) {
  throw Error(ExitCode::kData, message, where);
}

void ThrowCommunication(const std::string& message, std::source_location where) {
  throw Error(ExitCode::kCommunication, message, where);
}

void Check(bool holds, const char* message, std::source_location where) {
  if (holds) return;
  throw std::logic_error(std::string("internal error at ") + where.file_name() + ":" +
                         std::to_string(where.line()) + ": " + message +
                         " (a bug in Sève, please report it)");
}

}  // namespace seve
