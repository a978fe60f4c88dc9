#include "layers/cpu/winograd.h"

#include <algorithm>
#include <dnnl.hpp>

namespace seve {
namespace {

constexpr int64_t kLeastChannels = 32, kLane = 16;
constexpr int64_t kLeastPixels = 512;  // that share the transformed filters
constexpr int64_t kMostFilters = (16 << 20) / (36 * sizeof(float));

bool HasKernel() {
  static const bool has = dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core;
  return has;
}

bool Fits(int64_t channels) { return channels >= kLeastChannels && channels % kLane == 0; }

}  // namespace

bool GoesByWinograd(const ConvolutionGeometry& geometry, int64_t rows) {
  const bool plain = geometry.kernel == Extent{3, 3} && geometry.stride == Extent{} &&
                     geometry.dilation == Extent{} && geometry.groups == 1 &&
                     std::max(geometry.padding.height, geometry.padding.width) <= 1;
  const int64_t pixels = rows * geometry.output.height * geometry.output.width;
  return plain && Fits(geometry.inputs) && Fits(geometry.outputs) &&
         geometry.inputs * geometry.outputs <= kMostFilters && pixels >= kLeastPixels &&
         HasKernel();
}

}  // namespace seve
