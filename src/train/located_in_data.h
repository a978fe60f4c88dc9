// Says where in the configuration stands what the data, once open, rule out.
#pragma once

#include <string>

#include "base/error.h"
#include "config/load.h"

namespace seve {

// open(), with the place in front of what it complains about where that begins with the path of a
// field: "data.augment[1].cutout.side is 40, …".
template <typename Open>
auto LocatedInData(const Configuration& configuration, Open open) {
  try {
    return open();
  } catch (const Error& error) {
    const std::string text = error.what();
    if (error.code() != ExitCode::kUsage || !text.starts_with("data.")) throw;
    const std::string path = text.substr(0, text.find_first_of(" :"));
    throw Error(error.code(), configuration.source.Where(path) + ": " + text, error.where());
  }
}

}  // namespace seve
