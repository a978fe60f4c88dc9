// The pictures in a run directory, as a report shows them.
#pragma once

#include <string>
#include <vector>

#include "report/run_report/page.h"

namespace seve {

// Those that are there, in the order in which people want to see them: drawings where a picture has
// one, else the PNG file. Throws Error(kData) naming a file that cannot be read.
std::vector<Page::Picture> ReportPictures(const std::string& run_directory);

}  // namespace seve
