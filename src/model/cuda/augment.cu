#include <type_traits>

#include "model/cuda/augment.h"
#include "model/cuda/gather_source.cuh"
#include "tensor/cuda/launch.cuh"
#include "tensor/cuda/reduce.cuh"

namespace seve {
namespace {

// A thread's share of the pixels of a picture.
struct PixelWriter {
  PictureDraws draws;
  PictureExtent extent;
  const uint8_t* from;
  uint8_t* to;
  int32_t mean;         // of a jitter of contrast
  int32_t first, step;  // pixels

  template <typename Kind>
  SEVE_HOST_DEVICE void operator()(const Kind& kind) const {
    auto drawn = kind.Draw(draws, extent);
    if constexpr (std::is_same_v<Kind, ColorJitter>) drawn.mean = mean;
    for (int32_t pixel = first; pixel < extent.pixels(); pixel += step) {
      const int32_t y = pixel / extent.width, x = pixel - y * extent.width;
      kind.WritePixel(drawn, from, extent, y, x, to + extent.Place(y, x));
    }
  }
};

// All threads of the block take part.
__device__ int32_t MeanFor(const ColorJitter& jitter, const PictureDraws& draws,
                           const PictureExtent& extent, const uint8_t* from) {
  const auto drawn = jitter.Draw(draws, extent);
  int64_t sum = 0;
  for (auto pixel = static_cast<int32_t>(threadIdx.x); pixel < extent.pixels(); pixel += kThreads) {
    sum += ColorJitter::BrightenedGrey(drawn, from + extent.Place(0, pixel), extent);
  }
  return ColorJitter::MeanOf(BlockSum<kThreads>(sum), extent);
}

// A block a picture, which goes from one half of the scratch to the other.
__global__ void AugmentKernel(AugmentedField field, GatherSource source, const StepState* state) {
  const GatherPlace gather(source, *state);
  const auto row = static_cast<int64_t>(blockIdx.x);
  const int64_t sample = gather.Sample(row);
  const size_t bytes = field.extent.bytes();
  const uint8_t* from = field.pictures + static_cast<size_t>(sample) * bytes;
  for (int32_t i = 0; i < field.count; ++i) {
    const Operation& operation = field.operations[i];
    const auto draws = PictureDraws::Of(source.seed, static_cast<size_t>(i), gather.place.epoch,
                                        gather.place.position + row, sample);
    const bool asks =
        operation.kind == Operation::Kind::kColorJitter && operation.color_jitter.NeedsMean();
    const int32_t mean = asks ? MeanFor(operation.color_jitter, draws, field.extent, from) : 0;
    const auto half = static_cast<size_t>(i % 2) * gridDim.x + static_cast<size_t>(row);
    uint8_t* const to = field.scratch + half * bytes;
    WithOperation(operation, PixelWriter{draws, field.extent, from, to, mean,
                                         static_cast<int32_t>(threadIdx.x), kThreads});
    __syncthreads();
    from = to;
  }
}

}  // namespace

const uint8_t* Augment(const AugmentedField& field, const GatherSource& source, int64_t rows,
                       const StepState* state, const CudaDevice& device) {
  Launch(AugmentKernel, dim3(static_cast<unsigned>(rows)), kThreads, device.stream(), field, source,
         state);
  const auto half = static_cast<size_t>((field.count - 1) % 2) * static_cast<size_t>(rows);
  return field.scratch + half * field.extent.bytes();
}

}  // namespace seve
