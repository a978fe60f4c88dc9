// A measured step as a file, to forecast from without measuring again.
#pragma once

#include <cstdint>
#include <string>

#include "forecast/step_profile.h"

namespace seve {

struct StoredProfile {
  std::string commit;         // of the program that measured
  std::string configuration;  // path of what was measured
  std::string device;         // "CPU", "NVIDIA H200 (139.8 GiB)"
  bool cuda = false;
  uint64_t model = 0;  // HashOfModel()
  StepProfile profile;
};

// JSON with times in seconds. Throws Error(kData).
void WriteProfile(const StoredProfile& stored, const std::string& path);

// Throws Error(kData) naming the file and what it lacks.
StoredProfile ReadProfile(const std::string& path);

}  // namespace seve
