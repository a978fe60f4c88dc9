#include "train/watchdog/link_testing.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/clock.h"

namespace seve::testing {
namespace {

constexpr double kPatience = 5;

}  // namespace

Links ConnectLinks() {
  const Socket listener = Socket::Listen();
  Socket connecting = Socket::Connect("127.0.0.1", listener.port(), kPatience);
  WaitForInput(listener.descriptor());
  return {HeartbeatLink(listener.Accept()), HeartbeatLink(std::move(connecting))};
}

void WaitForInput(int descriptor) {
  pollfd input{.fd = descriptor, .events = POLLIN, .revents = 0};
  const Stopwatch watch;
  while (input.revents == 0 && watch.Seconds() < kPatience) Poll({&input, 1}, kPatience);
  EXPECT_NE(input.revents, 0) << "nothing came";
}

}  // namespace seve::testing
