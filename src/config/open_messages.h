// Follows the tokens of a text and knows which messages are open at some point of it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

#include "config/source_text.h"

namespace seve {

// A message whose closing brace has not come yet, and the field in it that is being read.
struct OpenMessage {
  const google::protobuf::Descriptor* type = nullptr;  // null below an unknown field
  std::string name;                                    // of the field it is; empty for the text
  size_t opened = 0;                                   // token of that name
  std::map<std::string, size_t> given;                 // fields so far: token of the first mention
  std::string field;                                   // the current one; empty before the first
  size_t field_token = 0;
  size_t value_token = 0;  // first token of its value; 0 while none is due
  bool value_read = false;
  bool in_list = false;

  // Descriptor of the current field; null when there is none.
  [[nodiscard]] const google::protobuf::FieldDescriptor* Field() const {
    return type == nullptr || field.empty() ? nullptr : type->FindFieldByName(field);
  }
};

// The messages open after the first `count` tokens, outermost first; never empty.
std::vector<OpenMessage> OpenMessages(const SourceText& source,
                                      const google::protobuf::Descriptor& root, size_t count);

}  // namespace seve
