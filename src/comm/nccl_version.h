// Whether GPUs on several ranks can talk.
#pragma once

#include <string>

namespace seve {

// What this binary was built with: "NCCL 2.28.9", "no NCCL".
[[nodiscard]] std::string NcclVersionText();

}  // namespace seve
