#include "settings.h"

#include <cuda_runtime_api.h>
#include <driver_types.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace seve::emulator {
namespace {

std::string_view Variable(const char* name, std::string_view otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::string_view(value);
}

// -1 unless the text is a whole number.
long long Number(std::string_view text) {
  long long number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : -1;
}

long long NumberOf(const char* name, long long otherwise) {
  const std::string_view text = Variable(name, "");
  return text.empty() ? otherwise : Number(text);
}

}  // namespace

std::vector<int> VisibleGpus() {
  const int gpus = static_cast<int>(NumberOf("SEVE_EMULATED_GPUS", 8));
  std::vector<int> visible;
  const char* listed = std::getenv("CUDA_VISIBLE_DEVICES");
  if (listed == nullptr) {
    for (int gpu = 0; gpu < gpus; ++gpu) visible.push_back(gpu);
    return visible;
  }
  std::string_view rest = listed;
  while (!rest.empty()) {
    const size_t comma = rest.find(',');
    const long long gpu = Number(rest.substr(0, comma));
    if (gpu < 0 || gpu >= gpus) break;
    visible.push_back(static_cast<int>(gpu));
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
  }
  return visible;
}

int DriverVersion() { return static_cast<int>(NumberOf("SEVE_EMULATED_DRIVER", CUDART_VERSION)); }

std::string GpuName() { return std::string(Variable("SEVE_EMULATED_NAME", "Emulated GPU")); }

size_t GpuMemory() { return static_cast<size_t>(NumberOf("SEVE_EMULATED_MEMORY", 4LL << 30)); }

bool HasKernels() { return Variable("SEVE_EMULATED_KERNELS", "") != "none"; }

bool SharedGpu() { return Variable("SEVE_EMULATED_SHARED", "") == "1"; }

}  // namespace seve::emulator
