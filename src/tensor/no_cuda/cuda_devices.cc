#include "tensor/cuda_devices.h"

#include "base/error.h"

namespace seve {
namespace {

constexpr const char* kNotBuiltIn = "this binary was built without CUDA (cmake -DSEVE_CUDA=ON)";

}  // namespace

GpuSurvey SurveyGpus() { return {.gpus = {}, .problem = kNotBuiltIn, .failed = false}; }

std::string WhyNotUsable(const GpuInfo& /*gpu*/) { return kNotBuiltIn; }

size_t FreeBytesOf(int /*ordinal*/) { ThrowUsage(kNotBuiltIn); }

std::string CudaVersionText() { return "no CUDA"; }

std::string CudnnVersionText() { return "no cuDNN"; }

}  // namespace seve
