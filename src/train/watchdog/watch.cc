#include "train/watchdog/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>
#include <thread>

#include "base/clock.h"

namespace seve {
namespace {

using State = WatchedRank::State;

constexpr double kLongestGoodbye = 0.05;

bool InOnePlace(const Activity::Reading& a, const Activity::Reading& b) {
  return a.step == b.step && std::string_view(a.section) == b.section;
}

}  // namespace

Watch::Watch(Options options, const Activity& activity, std::vector<WatchedRank> others)
    : options_(std::move(options)), own_(activity), others_(std::move(others)) {}

void Watch::Read(double now) {
  own_.Look(now);
  for (WatchedRank& rank : others_) rank.Read(now);
}

void Watch::Send(Heartbeat::Kind kind, double now) {
  const Heartbeat heartbeat =
      MakeHeartbeat(kind, options_.token, options_.rank, own_.reading(), own_.Seconds(now));
  for (WatchedRank& rank : others_) {
    if (!rank.link().ended() && rank.state() != State::kLeft) rank.link().Send(heartbeat);
  }
}

std::vector<std::string> Watch::Findings(double now) const {
  std::vector<std::string> findings;
  // Who raised the alarm ends the job, and may take the others with it in any order.
  if (AnyRecently(State::kAlarm, now)) return findings;
  for (const State state : {State::kDead, State::kTraining, State::kLeft, State::kAlarm}) {
    for (const WatchedRank& rank : others_) {
      if (rank.state() != state) continue;
      if (std::string verdict = VerdictOn(rank, now); !verdict.empty()) {
        findings.push_back(std::move(verdict));
      }
    }
  }
  if (std::string stuck = StuckRank(now); !stuck.empty()) findings.push_back(std::move(stuck));
  std::ranges::move(RanksApart(now), std::back_inserter(findings));
  return findings;
}

bool Watch::AnyRecently(State state, double now) const {
  return std::ranges::any_of(others_, [&](const WatchedRank& rank) {
    return rank.state() == state && rank.InState(now) <= options_.silence;
  });
}

std::string Watch::VerdictOn(const WatchedRank& rank, double now) const {
  const double silence = options_.silence;
  switch (rank.state()) {
    case State::kDead:
      // A rank that fails says goodbye, and then its launcher kills the others: they are not to
      // blame.
      return AnyRecently(State::kLeft, now)
                 ? ""
                 : DiedVerdict(rank.sighting(), rank.Silence(now), OwnSighting());
    case State::kTraining:
      return rank.Silence(now) > silence
                 ? SilentVerdict(rank.sighting(), rank.Silence(now), OwnSighting())
                 : "";
    case State::kLeft:
      return rank.InState(now) > silence ? LeftVerdict(rank.sighting(), OwnSighting()) : "";
    case State::kAlarm:
      return rank.InState(now) > silence ? AlarmVerdict(rank.sighting()) : "";
  }
  return "";
}

std::string Watch::StuckRank(double now) const {
  if (options_.rank != 0) return "";
  std::string verdict;
  double longest = 0;
  const Activity::Reading& own = own_.reading();
  if (!own.waiting && own_.Seconds(now) > own.deadline) {
    longest = own_.Seconds(now);
    verdict = StuckVerdict(OwnSighting(), longest);
  }
  for (const WatchedRank& rank : others_) {
    if (!rank.IsStuck() || rank.unchanged() <= longest) continue;
    longest = rank.unchanged();
    verdict = StuckVerdict(rank.sighting(), longest);
  }
  return verdict;
}

std::vector<std::string> Watch::RanksApart(double now) const {
  std::vector<std::string> verdicts;
  const double silence = options_.silence;
  const bool all_wait = own_.reading().waiting && own_.Seconds(now) > silence &&
                        std::ranges::all_of(others_, [&](const WatchedRank& rank) {
                          return rank.WaitsLongerThan(silence);
                        });
  if (options_.rank != 0 || !all_wait) return verdicts;

  std::vector<Sighting> ranks{OwnSighting()};
  for (const WatchedRank& rank : others_) ranks.push_back(rank.sighting());
  const auto company = [&](const Sighting& rank) {
    return std::ranges::count_if(
        ranks, [&](const Sighting& other) { return InOnePlace(rank.where, other.where); });
  };
  const Sighting& most = *std::ranges::max_element(ranks, {}, company);
  for (const Sighting& rank : ranks) {
    if (!InOnePlace(rank.where, most.where)) verdicts.push_back(ApartVerdict(rank, most));
  }
  return verdicts;
}

std::string Watch::Describe(double now) const {
  const Activity::Reading own = own_.Current();
  std::string text =
      fmt::format("{}: {}{}; unchanged for {:.1f} s", options_.name, own.Text(),
                  own.waiting ? ", waiting" : "", own == own_.reading() ? own_.Seconds(now) : 0);
  for (const WatchedRank& rank : others_) {
    if (options_.rank == 0) text += "\n" + rank.Describe(now);
  }
  return text;
}

void Watch::Leave(double now) {
  Read(now);
  Send(Heartbeat::Kind::kGoodbye, now);
  for (const WatchedRank& rank : others_) rank.link().FinishSending();
  // A connection closed with a message unread ends at once, and what is under way is lost.
  const auto is_done = [&](WatchedRank& rank) {
    rank.Read(now);
    return rank.link().ended() || rank.link().Delivered();
  };
  const Stopwatch watch;
  while (!std::ranges::all_of(others_, is_done) && watch.Seconds() < kLongestGoodbye) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::vector<pollfd> Watch::Ends() const {
  std::vector<pollfd> ends;
  for (const WatchedRank& rank : others_) {
    if (rank.link().ended()) continue;
    ends.push_back({.fd = rank.link().descriptor(), .events = POLLRDHUP, .revents = 0});
  }
  return ends;
}

}  // namespace seve
