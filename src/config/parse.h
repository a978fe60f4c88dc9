// One text of the configuration language -> a message and the places its fields were given.
#pragma once

#include <string>

#include "config/config.pb.h"
#include "config/places.h"

namespace seve {

// A configuration as far as it has been put together.
struct Draft {
  config::Config proto;
  Places places;
};

// Reads one text into `message`, replacing it, and notes where each of its fields was given; `name`
// stands for the file. Throws Error(kUsage) for what is not in the language of this message.
void ParseText(const std::string& text, const std::string& name, google::protobuf::Message* message,
               Places* places);

// Reads one text; `name` stands for the file in places and errors. Throws Error(kUsage) for what is
// not in the language and for two layers of one name.
Draft ParseDraft(const std::string& text, const std::string& name);

// Reads `text` into `message`, replacing it; errors start with `name` and carry no line.
void ParseValue(const std::string& text, const std::string& name,
                google::protobuf::Message* message);

}  // namespace seve
