#include "base/wake_up.h"

#include <fmt/format.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace seve {

WakeUp::WakeUp() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ >= 0) return;
  ThrowCommunication(
      fmt::format("cannot open an event: {}", std::generic_category().message(errno)));
}

WakeUp::~WakeUp() { close(descriptor_); }

void WakeUp::Set() const { eventfd_write(descriptor_, 1); }

}  // namespace seve
