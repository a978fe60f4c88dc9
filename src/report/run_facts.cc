#include "report/run_facts.h"

#include <fmt/format.h>

#include "report/style.h"

namespace seve {
namespace {

const EvaluationEvent* Validation(const History& history) {
  const EvaluationEvent* best = history.Best();
  return best != nullptr ? best : history.Latest("validation");
}

const EvaluationEvent* Training(const History& history) { return history.Latest("train"); }
const EvaluationEvent* Test(const History& history) { return history.Latest("test"); }

// Losses are written as everywhere, other figures in %.
RunFact FigureFact(const std::string& name, const std::string& figure,
                   const EvaluationEvent* (*find)(const History&)) {
  const bool loss = figure == "loss";
  return {.name = name,
          .value = [figure, find](const History& history) -> std::optional<double> {
            const EvaluationEvent* evaluation = find(history);
            return evaluation == nullptr ? std::nullopt : FigureOf(*evaluation, figure);
          },
          .text =
              [loss](double value) {
                return loss ? LossText(value) : fmt::format("{:.2f}", 100 * value);
              },
          .unit = loss ? "" : " %"};
}

RunFact Speed() {
  return {.name = "samples/s",
          .value = [](const History& history) -> std::optional<double> {
            if (!history.end()) return std::nullopt;
            return history.end()->samples_per_second;
          },
          .text = RateText,
          .unit = ""};
}

RunFact Time() {
  return {.name = "time",
          .value = [](const History& history) { return std::optional(history.seconds()); },
          .text = [](double seconds) { return fmt::format("{:.1f}", seconds); },
          .unit = " s"};
}

}  // namespace

std::vector<RunFact> RunFacts(const std::string& figure) {
  std::vector<std::string> figures = {figure};
  if (figure != "loss") figures.emplace_back("loss");
  std::vector<RunFact> facts;
  for (const auto& name : figures) facts.push_back(FigureFact(name, name, Validation));
  for (const auto& name : figures) facts.push_back(FigureFact("train " + name, name, Training));
  for (const auto& name : figures) facts.push_back(FigureFact("test " + name, name, Test));
  facts.push_back(Speed());
  facts.push_back(Time());
  return facts;
}

}  // namespace seve
