#include "train/watchdog/watchdog.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/socket.h"
#include "base/text.h"
#include "train/watchdog/rendezvous.h"

namespace seve {
namespace {

constexpr double kBeatsInSilence = 10;
constexpr double kLongestInterval = 0.25;
// A turn that comes later than this many intervals after the one before: the thread did not run.
constexpr double kLateIntervals = 2;
constexpr size_t kMostFindings = 8;

Watch MakeWatch(Communicator& communicator, double silence) {
  std::vector<WatchedRank> others;
  const int rank = communicator.rank();
  Watch::Options options{
      .rank = rank, .name = communicator.Describe(rank), .token = 0, .silence = silence};
  if (communicator.size() > 1) {
    Rendezvous rendezvous = Meet(communicator);
    options.token = rendezvous.token;
    int other = rank == 0 ? 1 : 0;
    for (HeartbeatLink& link : rendezvous.links) {
      others.emplace_back(communicator.Describe(other++), std::move(link),
                          communicator.activity().Read());
    }
  }
  return {std::move(options), communicator.activity(), std::move(others)};
}

std::string Lines(std::vector<std::string> findings) {
  return Join(FirstOf(std::move(findings), kMostFindings), "\n");
}

}  // namespace

Watchdog::Watchdog(Communicator& communicator, double silence_seconds,
                   std::function<void(const std::string&)> fail)
    : activity_(communicator.activity()),
      interval_(std::min(silence_seconds / kBeatsInSilence, kLongestInterval)),
      fail_(std::move(fail)),
      watch_(MakeWatch(communicator, silence_seconds)),
      clock_(interval_ * kLateIntervals) {
  Check(silence_seconds > 0, "a watchdog needs a time of silence");
  if (communicator.size() == 1) return;
  thread_ = std::thread([this] { Run(); });
  activity_.SetWatched(true);
}

Watchdog::~Watchdog() {
  if (!thread_.joinable()) return;
  leaving_ = true;
  wake_up_.Set();
  thread_.join();
  activity_.SetWatched(false);
}

std::string Watchdog::Describe() const {
  const std::lock_guard lock(mutex_);
  return watch_.Describe(clock_.seconds());
}

void Watchdog::Run() {
  try {
    while (!leaving_) {
      if (const std::string finding = Turn(); !finding.empty()) fail_(finding);
      Sleep();
    }
    const std::lock_guard lock(mutex_);
    watch_.Leave(clock_.seconds());
  } catch (const std::exception& error) {  // out of memory
    FailWith(error.what());
  }
}

void Watchdog::FailWith(const char* what) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(failed_, true)) return;
  }
  fail_(fmt::format("the watchdog failed: {}", what));
}

std::string Watchdog::Turn() {
  const std::lock_guard lock(mutex_);
  clock_.Tick();
  const double now = clock_.seconds();
  watch_.Read(now);
  if (now >= next_beat_) {
    watch_.Send(Heartbeat::Kind::kBeat, now);
    next_beat_ = now + interval_;
  }
  if (failed_) return "";
  const std::vector<std::string> findings = watch_.Findings(now);
  if (findings.empty()) return "";
  failed_ = true;
  watch_.Send(Heartbeat::Kind::kAlarm, now);
  return Lines(findings);
}

void Watchdog::Sleep() const {
  std::vector<pollfd> awaited;
  double seconds = 0;
  {
    const std::lock_guard lock(mutex_);
    awaited = watch_.Ends();
    seconds = next_beat_ - clock_.seconds();
  }
  awaited.push_back({.fd = wake_up_.descriptor(), .events = POLLIN, .revents = 0});
  Poll(awaited, seconds);
}

}  // namespace seve
