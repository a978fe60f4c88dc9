#include "report/run_report/report_writer.h"

#include "report/run_report/run_report.h"

namespace seve {

void ReportWriter::OnEvaluation(const EvaluationEvent& event) {
  if (event.split == "validation" && budget_.Allows(event.seconds)) Write();
}

void ReportWriter::OnEnd(const EndEvent&) { Write(); }

void ReportWriter::Write() {
  budget_.Spend([&] { WriteReport(run_directory_); });
}

}  // namespace seve
