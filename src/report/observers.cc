#include "report/observers.h"

#include <unistd.h>

#include <iostream>

#include "report/metrics_csv.h"
#include "report/metrics_jsonl.h"
#include "report/pictures/run_pictures.h"
#include "report/pictures/weight_pictures.h"
#include "report/progress.h"
#include "report/run_report/report_writer.h"
#include "report/start_table.h"
#include "report/summary.h"
#include "report/tensorboard/tensorboard_observer.h"

namespace seve {

std::vector<std::unique_ptr<RunObserver>> ConsoleObservers(std::ostream& out,
                                                           std::function<Terminal()> terminal) {
  std::vector<std::unique_ptr<RunObserver>> observers;
  observers.push_back(std::make_unique<StartTable>(out, terminal));
  observers.push_back(std::make_unique<Progress>(out, terminal));
  observers.push_back(std::make_unique<Summary>(out, terminal));
  return observers;
}

std::vector<std::unique_ptr<RunObserver>> ConsoleObservers() {
  return ConsoleObservers(std::cout, [] { return DetectTerminal(STDOUT_FILENO); });
}

std::vector<std::unique_ptr<RunObserver>> FileObservers(const RunDirectory& directory,
                                                        const config::Reporting& reporting,
                                                        std::optional<int64_t> resumed_at,
                                                        const Warn& warn) {
  std::vector<std::unique_ptr<RunObserver>> observers;
  const auto add = [&](std::unique_ptr<RunObserver> observer) {
    observers.push_back(std::make_unique<PatientObserver>(std::move(observer), warn));
  };
  add(std::make_unique<MetricsJsonl>(directory.File("metrics.jsonl"), resumed_at));
  add(std::make_unique<MetricsCsv>(directory.File("metrics.csv"), resumed_at));
  TensorBoardObserver* tensorboard = nullptr;
  if (reporting.tensorboard()) {
    auto observer =
        std::make_unique<TensorBoardObserver>(directory.File("tensorboard"), resumed_at);
    tensorboard = observer.get();
    add(std::move(observer));
  }
  if (reporting.pictures() == config::NO_PICTURES) return observers;
  add(std::make_unique<WeightPictures>(
      WeightPictures::Options{.folder = directory.File("pictures"),
                              .each_evaluation = reporting.pictures() == config::EACH_EVALUATION,
                              .tensorboard = tensorboard}));
  add(std::make_unique<RunPictures>(directory.File("pictures")));
  add(std::make_unique<ReportWriter>(directory.path()));
  return observers;
}

}  // namespace seve
