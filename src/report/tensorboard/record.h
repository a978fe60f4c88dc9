// How records lie in TensorBoard's event files, one after the other (the TFRecord format): length,
// checksum of the length, bytes, checksum of the bytes.
#pragma once

#include <string>
#include <string_view>

namespace seve {

// The record that holds these bytes.
std::string Record(std::string_view bytes);

}  // namespace seve
