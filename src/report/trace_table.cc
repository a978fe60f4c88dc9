#include "report/trace_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text_table.h"

namespace seve {
namespace {

std::string Micro(double seconds) { return fmt::format("{:.1f}", seconds * 1e6); }

std::vector<std::string> RowOf(const std::string& name, const RankTimes& times) {
  return {name,
          Micro(times.reading),
          Micro(times.forward),
          Micro(times.backward),
          Micro(times.exposed),
          Micro(times.update),
          Micro(times.step()),
          Micro(times.summing),
          Micro(times.between_hosts)};
}

// The rank that the others wait for, where one is clearly later than the rest.
std::string Slowest(const TraceEvent& event) {
  const auto own = [](const RankTimes& times) { return times.own(); };
  const auto slowest = std::ranges::max_element(event.ranks, {}, own);
  std::vector<double> times;
  for (const auto& rank : event.ranks) times.push_back(rank.own());
  std::ranges::sort(times);
  const double median = times[(times.size() - 1) / 2];
  return fmt::format(
      "slowest rank: {}, {:.1f} us until its gradients are there, {:.1f} % more "
      "than the median\n",
      event.names[static_cast<size_t>(slowest - event.ranks.begin())], slowest->own() * 1e6,
      (slowest->own() / median - 1) * 100);
}

std::string Exposed(const TraceEvent& event) {
  double exposed = 0, step = 0;
  for (const auto& rank : event.ranks) {
    exposed += rank.exposed;
    step += rank.step();
  }
  const double ranks = static_cast<double>(event.ranks.size());
  return fmt::format("exposed communication: {:.1f} us of a step of {:.1f} us, {:.1f} %\n",
                     exposed / ranks * 1e6, step / ranks * 1e6, exposed / step * 100);
}

}  // namespace

std::string TraceTable(const TraceEvent& event, const Terminal& terminal) {
  TextTable table({{"us a step"},
                   {"reading", true},
                   {"forward", true},
                   {"backward", true},
                   {"exposed", true},
                   {"update", true},
                   {"step", true},
                   {"summing", true},
                   {"between hosts", true}});
  for (size_t i = 0; i < event.ranks.size(); ++i) table.Add(RowOf(event.names[i], event.ranks[i]));
  std::string text = fmt::format("traced steps {} to {}\n", event.first, event.last);
  text += table.Text(terminal);
  text += "exposed: waiting for sums after backward; summing and between hosts are hidden or not\n";
  if (event.ranks.size() > 1) text += Exposed(event) + Slowest(event);
  if (event.left_out > 0) {
    text += fmt::format("{} intervals did not fit and are left out: trace fewer steps\n",
                        event.left_out);
  }
  text += fmt::format("trace      {} (open it in ui.perfetto.dev or chrome://tracing", event.path);
  if (event.clock_error > 0) text += "; clocks within " + Micro(event.clock_error) + " us";
  return text + ")";
}

}  // namespace seve
