// A word from the command line -> the value of a field that holds no message.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace seve {

// Sets a singular field, element `index` of a repeated one, or adds an element (index = size).
// Numbers must be whole words in range; true/false and enumeration names may be in either case;
// quotes around text are dropped. Returns false, changing nothing, when `text` is no value of the
// field.
[[nodiscard]] bool SetScalar(const std::string& text,
                             const google::protobuf::FieldDescriptor& field, int index,
                             google::protobuf::Message* message);

}  // namespace seve
