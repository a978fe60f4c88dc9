#include "report/run_report/report_writer.h"

#include "base/clock.h"
#include "report/run_report/run_report.h"

namespace seve {
namespace {

constexpr double kShare = 0.01;  // of the run's time

}  // namespace

void ReportWriter::OnEvaluation(const EvaluationEvent& event) {
  if (event.split != "validation" || spent_ + latest_ > kShare * event.seconds) return;
  Write();
}

void ReportWriter::OnEnd(const EndEvent&) { Write(); }

void ReportWriter::Write() {
  const Stopwatch watch;
  WriteReport(run_directory_);
  latest_ = watch.Seconds();
  spent_ += latest_;
}

}  // namespace seve
