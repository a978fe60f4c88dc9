#include "report/run_report/run_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "report/draw/charts.h"
#include "report/folded_layers.h"
#include "report/learning_curves.h"
#include "report/run_report/html_text.h"
#include "report/run_report/page.h"
#include "report/run_report/report_pictures.h"
#include "report/style.h"

namespace seve {
namespace {

// A fact whose text is empty is none.
void Add(const std::string& name, const std::string& text, Page::Facts* facts) {
  if (!text.empty()) facts->emplace_back(name, text);
}

// "97.80 %", or the loss where there is no accuracy.
std::string FigureText(const EvaluationEvent& evaluation) {
  return evaluation.accuracy ? Percent(*evaluation.accuracy) : LossText(evaluation.loss);
}

std::string HowEnded(std::string_view reason) {
  if (reason == "done") return "Done";
  constexpr std::string_view kStopped = "stopped early: ";
  if (reason.starts_with(kStopped)) reason.remove_prefix(kStopped.size());
  return fmt::format("Ended early: {}", reason);
}

std::string StateOf(const RunRecord& run) {
  const auto epochs = run.start() ? run.start()->epochs : 0;
  if (!run.end()) {
    return fmt::format("Not ended yet: {:.4g} of {:.4g} epochs when this was written", run.epoch(),
                       epochs);
  }
  return fmt::format("{}, after {} steps ({:.4g} epochs) in {}", HowEnded(run.end()->reason),
                     WithThousands(run.end()->step), run.end()->epoch, HumanSeconds(run.seconds()));
}

void AddVerdict(const RunRecord& run, Page* page) {
  page->AddParagraph(StateOf(run));
  Page::Facts facts;
  const auto add = [&](const std::string& split, const EvaluationEvent* evaluation) {
    if (evaluation == nullptr) return;
    facts.emplace_back(evaluation->accuracy
                           ? split + " accuracy; loss " + LossText(evaluation->loss)
                           : split + " loss",
                       FigureText(*evaluation));
  };
  const EvaluationEvent* best = run.Best();
  if (best != nullptr) add(fmt::format("best (epoch {:.4g}) validation", best->epoch), best);
  if (best == nullptr) add("validation", run.Latest("validation"));
  add(run.end() && run.end()->restored_best ? "test (of the best)" : "test", run.Latest("test"));
  if (run.start()) facts.emplace_back("parameters", WithThousands(run.start()->parameters));
  page->AddTiles(facts);
}

void AddLayers(const RunSummary& start, Page* page) {
  page->AddHeading("Model");
  std::vector<std::vector<std::string>> rows = {{"layer", "kind", "input", "output", "parameters"}};
  for (const LayerRow& layer : WithoutCopies(start.layers)) {
    rows.push_back({layer.name, layer.kind + (layer.frozen ? ", frozen" : ""), layer.inputs,
                    layer.output.ToString(),
                    layer.parameters == 0 ? "–" : WithThousands(layer.parameters)});
  }
  rows.push_back({"total", "", "", "", WithThousands(start.parameters)});
  page->AddTable(rows, 4);
}

void AddTraining(const RunRecord& run, Page* page) {
  page->AddHeading("Training");
  Page::Facts facts;
  const RunSummary& start = *run.start();
  Add("data", start.data, &facts);
  Add("samples",
      fmt::format("{} training, {} validation, {} test", WithThousands(start.train_samples),
                  WithThousands(start.validation_samples), WithThousands(start.test_samples)),
      &facts);
  Add("batch",
      fmt::format("{} samples a step, {} on each rank, {} micro-batch{}", start.batch,
                  start.batch_per_rank, start.micro_batches, start.micro_batches == 1 ? "" : "es"),
      &facts);
  Add("optimizer", start.optimizer, &facts);
  Add("learning rate", fmt::format("{:.4g}, {}", start.learning_rate, start.schedule), &facts);
  Add("length",
      fmt::format("{:.4g} epochs of {} steps", start.epochs, WithThousands(start.steps_per_epoch)),
      &facts);
  if (start.reproducible) Add("reproducible", "yes, on any number of ranks", &facts);
  page->AddFacts(facts);
  page->AddHidden("Configuration as it was resolved", run.configuration());
}

std::string PausesText(const std::vector<CheckpointEvent>& checkpoints) {
  if (checkpoints.empty()) return "";
  double pauses = 0, longest = 0, writes = 0;
  for (const CheckpointEvent& checkpoint : checkpoints) {
    pauses += checkpoint.pause_seconds;
    writes += checkpoint.write_seconds;
    longest = std::max(longest, checkpoint.pause_seconds);
  }
  const auto count = static_cast<double>(checkpoints.size());
  return fmt::format(
      "{} written; training stood still {:.1f} ms each, at most {:.1f} ms; written behind it in "
      "{:.1f} ms each",
      checkpoints.size(), 1e3 * pauses / count, 1e3 * longest, 1e3 * writes / count);
}

void AddTimings(const RunRecord& run, Page* page) {
  page->AddHeading("Time");
  Page::Facts facts;
  const Curve rates = run.SamplesPerSecond();
  if (run.end()) {
    Add("speed", RateText(run.end()->samples_per_second) + " samples/s in training", &facts);
  } else if (!rates.value.empty()) {
    Add("speed", RateText(rates.value.back()) + " samples/s lately", &facts);
  }
  if (run.epoch() > 0) {
    Add("an epoch", HumanSeconds(run.seconds() / run.epoch()) + ", evaluations included", &facts);
  }
  Add("in all", HumanSeconds(run.seconds()), &facts);
  Add("checkpoints", PausesText(run.checkpoints()), &facts);
  page->AddFacts(facts);
}

void AddEnvironment(const RunRecord& run, Page* page) {
  page->AddHeading("Environment");
  const Environment& environment = run.environment();
  Page::Facts facts;
  Add("started", environment.started, &facts);
  Add("ranks", run.start()->devices + ", " + run.start()->transport, &facts);
  if (run.start()->device != "CPU") Add("device", run.start()->device, &facts);
  Add("host", environment.host, &facts);
  Add("processor", environment.processor, &facts);
  Add("program", "Sève " + environment.version + " " + environment.commit, &facts);
  Add("run directory", run.directory(), &facts);
  Add("configuration", run.start()->configuration, &facts);
  page->AddFacts(facts);
}

std::string TitleOf(const RunRecord& run) {
  const auto folder = std::filesystem::path(run.directory()).lexically_normal();
  return "Sève: " + (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

}  // namespace

std::string ReportPage(const RunRecord& run, const std::string& curves) {
  Page page(TitleOf(run));
  AddVerdict(run, &page);
  if (!curves.empty()) {
    page.AddHeading("Learning curves");
    page.AddPictures({{InlineSvg(curves), "Over the epochs; the best checkpoint is marked"}});
  }
  const auto pictures = ReportPictures(run.directory());
  if (!pictures.empty()) {
    page.AddHeading("Pictures");
    page.AddPictures(pictures);
  }
  if (run.start()) {
    AddLayers(*run.start(), &page);
    AddTraining(run, &page);
    AddTimings(run, &page);
    AddEnvironment(run, &page);
  }
  return page.Text();
}

void WriteReport(const std::string& run_directory) {
  const RunRecord run(run_directory);
  std::string curves;
  if (auto charts = LearningCurves(run); !charts.empty()) {
    const auto figure = StackedCharts(std::move(charts));
    SaveFigure(*figure, run_directory + "/curves");
    curves = SvgText(*figure);
  }
  WriteFileAtomically(run_directory + "/report.html", ReportPage(run, curves));
}

}  // namespace seve
