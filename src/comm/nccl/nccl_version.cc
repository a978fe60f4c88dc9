#include "comm/nccl_version.h"

#include <fmt/format.h>
#include <nccl.h>

namespace seve {

std::string NcclVersionText() {
  return fmt::format("NCCL {}.{}.{}", NCCL_MAJOR, NCCL_MINOR, NCCL_PATCH);
}

}  // namespace seve
