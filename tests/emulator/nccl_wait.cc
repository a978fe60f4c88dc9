#include "emulator/nccl_wait.h"

#include <sched.h>

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

namespace seve::emulator {
namespace {

constexpr std::chrono::seconds kEnd{60};
// After so many yields the wait is a long one: leave the core to others.
constexpr int kYields = 1000;
constexpr std::chrono::microseconds kNap{50};

}  // namespace

PeerWait::PeerWait(std::function<std::string()> complaint)
    : complaint_(std::move(complaint)), start_(std::chrono::steady_clock::now()) {}

void PeerWait::Restart() {
  start_ = std::chrono::steady_clock::now();
  yields_ = 0;
}

void PeerWait::Wait() {
  if (yields_ < kYields) {
    ++yields_;
    sched_yield();
    return;
  }
  if (Waited() > kEnd) {
    std::fprintf(stderr, "emulated NCCL: waited 60 s: %s\n", complaint_().c_str());
    std::abort();
  }
  std::this_thread::sleep_for(kNap);
}

std::chrono::steady_clock::duration PeerWait::Waited() const {
  return std::chrono::steady_clock::now() - start_;
}

}  // namespace seve::emulator
