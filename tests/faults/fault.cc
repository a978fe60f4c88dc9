#include "faults/fault.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include "base/error.h"

namespace seve::faults {
namespace {

const std::set<std::string> kPlaces{"before_sum", "in_sum", "after_sum", "write", "sync", "rename"};
const std::set<std::string> kActions{"kill", "stop", "exit", "hang",  "throw", "leave",
                                     "slow", "nan",  "flip", "short", "full"};

void Announce(const Fault& fault) {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  fmt::print(stderr, "fault: {} at {:.3f}\n", fault.action, now.count());
}

}  // namespace

Fault FaultFromEnvironment() {
  const char* text = std::getenv("SEVE_FAULT");
  if (text == nullptr) return {};
  Fault fault;
  std::istringstream words(text);
  words >> fault.rank >> fault.place >> fault.count >> fault.action;
  if (!words || !kPlaces.contains(fault.place) || !kActions.contains(fault.action)) {
    ThrowUsage(fmt::format("SEVE_FAULT: '{}' is no fault", text));
  }
  return fault;
}

void Do(const Fault& fault) {
  Announce(fault);
  if (fault.action == "kill") std::raise(SIGKILL);
  if (fault.action == "stop") std::raise(SIGSTOP);
  if (fault.action == "exit") std::exit(0);
  if (fault.action == "throw") ThrowData("the data of this rank went away");
  // Known to this rank alone, but it ends as if all knew: in the barrier at the end.
  if (fault.action == "leave") throw AgreedError(ExitCode::kDone, "this rank leaves");
  if (fault.action == "hang") std::this_thread::sleep_for(std::chrono::hours(1));
}

FileCalls FaultyFileCalls(const Fault& fault) {
  FileCalls calls = SystemFileCalls();
  auto count = std::make_shared<std::atomic<int>>(0);
  const auto due = [fault, count](const char* place) {
    return fault.place == place && ++*count >= fault.count;
  };
  const auto fails = [fault, due, count](const char* place) {
    if (!due(place)) return false;
    if (fault.action == "full") {
      if (*count == fault.count) Announce(fault);
      errno = ENOSPC;
      return true;
    }
    if (*count == fault.count) Do(fault);
    return false;
  };
  calls.write = [fails, fault, count](int file, const void* bytes, size_t size) -> ssize_t {
    if (fails("write")) return -1;
    const bool cut = fault.action == "short" && *count >= fault.count;
    return SystemFileCalls().write(file, bytes, cut ? (size + 1) / 2 : size);
  };
  calls.sync = [fails](int file) { return fails("sync") ? -1 : SystemFileCalls().sync(file); };
  calls.rename = [fails](const char* from, const char* to) {
    return fails("rename") ? -1 : SystemFileCalls().rename(from, to);
  };
  return calls;
}

}  // namespace seve::faults
