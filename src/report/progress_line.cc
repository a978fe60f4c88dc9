#include "report/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/text.h"
#include "report/style.h"

namespace seve {
namespace {

constexpr size_t kLongestBar = 24;
constexpr size_t kShortestBar = 6;

// The epoch in work and how much of it is done.
struct EpochPosition {
  double number, done;
};

EpochPosition PositionOf(const ProgressState& state) {
  const double number = std::max(1.0, std::ceil(state.step.epoch - 1e-6));
  const double length = std::min(1.0, state.epochs - (number - 1));  // the last may be a part
  const double done = length > 0 ? (state.step.epoch - (number - 1)) / length : 1.0;
  return {number, std::clamp(done, 0.0, 1.0)};
}

std::string Head(const ProgressState& state) {
  return "epoch " + EpochText(PositionOf(state).number, state.epochs);
}

std::string DoneText(const ProgressState& state) {
  return fmt::format("{:3.0f} %", std::floor(100 * PositionOf(state).done + 1e-6));
}

std::string AccuracyText(const std::optional<double>& accuracy) {
  return accuracy ? "acc " + Percent(*accuracy) : "";
}

std::string LeftText(const ProgressState& state) {
  return state.seconds_left ? ClockTime(*state.seconds_left) + " left" : "";
}

// Columns of the bar that are drawn full, in half columns.
std::string Bar(double done, size_t width, const Terminal& terminal) {
  const auto halves = static_cast<size_t>(done * 2 * static_cast<double>(width) + 1e-6);
  std::string full, rest;
  for (size_t i = 0; i < halves / 2; ++i) full += terminal.utf8 ? "━" : "=";
  if (halves % 2 == 1) full += terminal.utf8 ? "╸" : "-";
  const bool track = terminal.utf8 && terminal.colour;
  for (size_t i = (halves + 1) / 2; i < width; ++i) rest += track ? "━" : terminal.utf8 ? " " : ".";
  return Painted(terminal, Ink::kGreen, full) + Painted(terminal, Ink::kDim, rest);
}

std::string JoinPresent(const std::vector<std::string>& parts) {
  std::vector<std::string> present;
  for (const auto& part : parts) {
    if (!part.empty()) present.push_back(part);
  }
  return Join(present, "  ");
}

// The first candidate that fits, otherwise the last, cut.
std::string FirstThatFits(const std::vector<std::string>& candidates, size_t width) {
  for (const auto& candidate : candidates) {
    if (DisplayWidth(candidate) <= width) return candidate;
  }
  return Shorten(candidates.back(), width);
}

size_t UsableWidth(const Terminal& terminal) {
  return static_cast<size_t>(std::max(terminal.columns - 1, 1));
}

}  // namespace

std::string ProgressLine(const ProgressState& state, const Terminal& terminal) {
  const std::string done = DoneText(state);
  const std::string loss = "loss " + LossText(state.step.loss);
  const std::string accuracy = AccuracyText(state.step.accuracy);
  const std::string rate = RateText(state.step.samples_per_second);
  const std::string left = LeftText(state);
  const std::string head = Head(state) + " ";
  const size_t width = UsableWidth(terminal);
  const size_t without_tail = std::min(width, head.size() + kShortestBar + 1);
  const std::string tail =
      FirstThatFits({JoinPresent({done, loss, accuracy, rate + " samples/s", left}),
                     JoinPresent({done, loss, accuracy, rate + "/s", left}),
                     JoinPresent({done, loss, accuracy, left}), JoinPresent({done, loss, left}),
                     JoinPresent({done, loss}), done},
                    width - without_tail);
  if (width < without_tail + done.size()) return Shorten(head + done, width);
  const size_t room = width - head.size() - 1 - DisplayWidth(tail);
  return head + Bar(PositionOf(state).done, std::min(room, kLongestBar), terminal) + " " + tail;
}

std::string PlainProgressLine(const ProgressState& state) {
  return JoinPresent({Head(state), DoneText(state), "loss " + LossText(state.step.loss),
                      AccuracyText(state.step.accuracy),
                      RateText(state.step.samples_per_second) + " samples/s", LeftText(state)});
}

std::string EvaluationLine(const EvaluationEvent& event, double epochs, double epoch_seconds,
                           const Terminal& terminal) {
  const auto score = [](const char* split, const char* word, const std::optional<double>& loss,
                        const std::optional<double>& accuracy) -> std::string {
    if (!loss) return "";
    std::string text = fmt::format("{} {}{}", split, word, LossText(*loss));
    if (accuracy) text += (*word == '\0' ? " " : " acc ") + PadLeft(Percent(*accuracy), 7);
    return text;
  };
  const auto train = [&](const char* word) {
    return score("train", word, event.train_loss, event.train_accuracy);
  };
  const auto held_out = [&](const char* word) {
    return score(event.split.c_str(), word, event.loss, event.accuracy);
  };
  const std::string head = "epoch " + EpochText(event.epoch, epochs);
  const std::string rate = RateText(event.train_samples_per_second);
  const std::string time = HumanSeconds(epoch_seconds);
  std::string more;
  for (const auto& [name, value] : event.metrics) {
    more += (more.empty() ? "" : " ") + name + " " + PadLeft(Percent(value), 7);
  }
  const std::vector<std::string> candidates{
      JoinPresent({head, train("loss "), held_out("loss "), more, rate + " samples/s", time}),
      JoinPresent({head, train("loss "), held_out("loss "), more, rate + "/s", time}),
      JoinPresent({head, train(""), held_out(""), more, rate + "/s", time}),
      JoinPresent({head, train(""), held_out(""), more, time}),
      JoinPresent({head, train(""), held_out(""), time}),
      JoinPresent({head, held_out(""), time}),
      JoinPresent({head, held_out("")}),
  };
  return terminal.interactive ? FirstThatFits(candidates, UsableWidth(terminal))
                              : candidates.front();
}

std::string NoteLine(const std::string& note, double epochs) {
  return std::string(("epoch " + EpochText(epochs, epochs)).size() + 2, ' ') + note;
}

std::string ImprovementLine(const Improvement& improvement, double epochs,
                            const Terminal& terminal) {
  const bool loss = improvement.metric == "loss";
  const auto figure = [loss](double value) {
    return loss ? LossText(value) : fmt::format("{:.2f}", 100 * value);
  };
  const std::string unit = loss ? "" : " %";
  std::string text = NoteLine("validation " + improvement.metric, epochs);
  text += improvement.from ? fmt::format(" improved from {} to {}{}", figure(*improvement.from),
                                         figure(improvement.to), unit)
                           : fmt::format(" {}{}", figure(improvement.to), unit);
  return Painted(terminal, Ink::kGreen, text + ", saved");
}

}  // namespace seve
