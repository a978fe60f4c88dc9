#include <google/protobuf/text_format.h>

#include "base/error.h"
#include "config/load.h"

namespace seve {

std::string ResolvedText(const config::Config& config) {
  config::Config flat = config;
  flat.clear_base();
  google::protobuf::TextFormat::Printer printer;
  printer.SetUseShortRepeatedPrimitives(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  Check(printer.PrintToString(flat, &text), "a configuration could not be printed");
  return text;
}

}  // namespace seve
