// Which Sève this is.
#pragma once

#include <string>

namespace seve {

// "0.1.0".
std::string Version();

// Of the source it was built from: "34e7ce1a9c0f", with "-dirty" behind it where files differed;
// "unknown" for a source that is no clone.
std::string Commit();

}  // namespace seve
