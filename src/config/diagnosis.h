// Says in the user's words what protobuf's text parser refused.
#pragma once

#include <string>

#include "config/source_text.h"

namespace google::protobuf {
class Descriptor;
}

namespace seve {

// The parser's own message for a text that holds a message of type `root` and stopped at (line,
// column), counted from 0.
struct Refusal {
  int line = 0;
  int column = 0;
  std::string message;
};

// "file:line:column: …" pointing at the offending field or value, with near names. The parser
// reports many errors at the token after the culprit (3.21) and in varying words, so what it meant
// is worked out from the tokens before that place; its own words are used for what is left.
std::string Diagnose(const SourceText& source, const google::protobuf::Descriptor& root,
                     const Refusal& refusal);

}  // namespace seve
