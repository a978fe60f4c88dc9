// The configuration's precision as kernels know it.
#pragma once

#include "config/config.pb.h"
#include "tensor/precision.h"

namespace seve {

inline Precision PrecisionOf(const config::Config& config) {
  switch (config.precision()) {
    case config::FP32:
      return Precision::kFp32;
    case config::TF32:
      return Precision::kTf32;
    case config::BF16:
      return Precision::kBf16;
    case config::FP16:
      return Precision::kFp16;
  }
  return Precision::kFp32;
}

}  // namespace seve
