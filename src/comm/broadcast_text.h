// Text from one rank to all.
#pragma once

#include <string>

#include "comm/communicator.h"

namespace seve {

// Collective: every rank gets the root's text, whatever it passed itself.
inline std::string BroadcastText(Communicator& communicator, std::string text, int root = 0) {
  uint64_t size = text.size();
  communicator.Broadcast(std::as_writable_bytes(std::span(&size, 1)), root);
  text.resize(size);
  communicator.Broadcast(std::as_writable_bytes(std::span(text)), root);
  return text;
}

}  // namespace seve
