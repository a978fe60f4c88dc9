// RUN/report.html: what became of a run, on one page.
#pragma once

#include <string>

#include "report/run_report/run_record.h"

namespace seve {

// The page for a run so far; `curves`: its learning curves as SVG, empty where there are none.
std::string ReportPage(const RunRecord& run, const std::string& curves);

// Writes curves.svg, .pdf and .png and report.html into the run directory, from the other files
// there. Throws Error(kData) naming the file that cannot be read or written.
void WriteReport(const std::string& run_directory);

}  // namespace seve
