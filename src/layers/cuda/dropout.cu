#include "base/philox.h"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/runs.cuh"
#include "layers/dropout.h"

namespace seve {
namespace {

// The mask's bytes beside a run of elements.
template <int kSize>
struct alignas(kSize) MaskRun {
  uint8_t kept[kSize];
};

// The 4 * kDraws words for elements element, element + 1, ... of a sample; element is a multiple
// of 4.
template <int kDraws>
__device__ void Draw(const Philox& random, int64_t epoch, int64_t position, int64_t element,
                     uint32_t (&words)[4 * kDraws]) {
  for (int draw = 0; draw < kDraws; ++draw) {
    const Philox::Block block =
        random(static_cast<uint32_t>(epoch), static_cast<uint32_t>(position),
               static_cast<uint32_t>(position >> 32), static_cast<uint32_t>(element / 4 + draw));
    for (int word = 0; word < 4; ++word) words[4 * draw + word] = block[word];
  }
}

// A thread takes kSize neighbours of one sample. `whole`: samples are whole Packs.
template <typename T>
__global__ void ForwardKernel(Philox random, const SamplePlace* place, float rate, float scale,
                              const T* x, T* y, uint8_t* kept, int64_t rows, int64_t elements,
                              bool whole) {
  constexpr int kSize = Pack<T>::kSize;
  const int64_t runs = (elements + kSize - 1) / kSize;  // of a sample
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t run = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; run < rows * runs;
       run += threads) {
    const int64_t row = run / runs;
    const int64_t element = (run - row * runs) * kSize;
    const int64_t at = row * elements + element;
    uint32_t words[kSize];
    Draw<kSize / 4>(random, place->epoch, place->position + row, element, words);
    if (whole) {
      float values[kSize];
      LoadRun(x + at, values);
      MaskRun<kSize> mask;
      for (int i = 0; i < kSize; ++i) {
        const bool keep = UnitFloat(words[i]) >= rate;
        mask.kept[i] = keep ? 1 : 0;
        values[i] = keep ? values[i] * scale : 0.0f;
      }
      *reinterpret_cast<MaskRun<kSize>*>(kept + at) = mask;
      StoreRun(values, y + at);
    } else {
      for (int i = 0; i < kSize; ++i) {
        if (element + i >= elements) break;
        const bool keep = UnitFloat(words[i]) >= rate;
        kept[at + i] = keep ? 1 : 0;
        y[at + i] = FromFloat<T>(keep ? ToFloat(x[at + i]) * scale : 0.0f);
      }
    }
  }
}

template <typename T>
__global__ void BackwardKernel(float scale, const uint8_t* kept, const T* dy, T* dx, int64_t count,
                               bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float values[kSize], before[kSize] = {};
    LoadRun(dy + first, values);
    if (add) LoadRun(dx + first, before);
    const auto mask = *reinterpret_cast<const MaskRun<kSize>*>(kept + first);
    for (int i = 0; i < kSize; ++i) {
      values[i] = mask.kept[i] != 0 ? std::fma(values[i], scale, before[i]) : before[i];
    }
    StoreRun(values, dx + first);
  });
}

class BoundDropout : public BoundLayer {
 public:
  BoundDropout(float rate, const LayerBinding& binding, const CudaScope& scope)
      : rate_(rate),
        scale_(rate < 1 ? 1 / (1 - rate) : 0),
        binding_(binding),
        random_(RandomStream(scope.seed, RandomPurpose::kDropout, binding.name_hash)),
        place_(scope.place),
        stream_(scope.device.stream()) {}

  void Forward(const StepContext& /*context*/) override {
    const Tensor& x = binding_.inputs[0];
    if (!binding_.training) {
      CheckCuda(cudaMemcpyAsync(binding_.output.memory(), x.memory(), x.bytes(),
                                cudaMemcpyDeviceToDevice, stream_),
                "cudaMemcpyAsync");
      return;
    }
    if (binding_.rows == 0) return;
    const int64_t elements = x.elements() / binding_.rows;
    WithFloatingType(x.dtype(), [&](auto element) {
      using T = decltype(element);
      const int64_t runs = (elements + Pack<T>::kSize - 1) / Pack<T>::kSize;
      Launch(ForwardKernel<T>, BlocksFor(binding_.rows * runs, kThreads), kThreads, stream_,
             random_, place_, rate_, scale_, x.Flat<T>().data(), binding_.output.Flat<T>().data(),
             Kept(), binding_.rows, elements, elements % Pack<T>::kSize == 0);
    });
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    WithFloatingType(dx.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(BackwardKernel<T>, BlocksForRuns<T>(dx.elements()), kThreads, stream_, scale_, Kept(),
             binding_.output_gradient.Flat<T>().data(), dx.Flat<T>().data(), dx.elements(),
             binding_.add_input_gradient[0]);
    });
  }

 private:
  [[nodiscard]] uint8_t* Kept() const { return static_cast<uint8_t*>(binding_.workspace.memory()); }

  float rate_, scale_;
  LayerBinding binding_;
  Philox random_;
  const SamplePlace* place_;
  cudaStream_t stream_;
};

// kept(rows, draws).
__global__ void MaskKernel(Philox random, const SamplePlace* place, float rate, uint8_t* kept,
                           int64_t rows, int64_t draws) {
  const int64_t threads = int64_t{gridDim.x} * blockDim.x;
  for (int64_t i = int64_t{blockIdx.x} * blockDim.x + threadIdx.x; i < rows * draws; i += threads) {
    const int64_t row = i / draws;
    const auto draw = static_cast<int>(i - row * draws);
    uint32_t words[4];
    Draw<1>(random, place->epoch, place->position + row, draw - draw % 4, words);
    kept[i] = UnitFloat(words[draw % 4]) >= rate ? 1 : 0;
  }
}

// to = from of what is kept, scaled, or to += from with `add`.
template <typename T>
__global__ void PassKernel(SampleDraws draws, float scale, const uint8_t* kept, const T* from,
                           T* to, int64_t count, bool add) {
  ForEachRun<T>(count, [&](auto size, int64_t first) {
    constexpr int kSize = decltype(size)::value;
    float values[kSize], before[kSize] = {};
    LoadRun(from + first, values);
    if (add) LoadRun(to + first, before);
    for (int i = 0; i < kSize; ++i) {
      const int64_t row = (first + i) / draws.elements;
      const int64_t draw = (first + i - row * draws.elements) / draws.share % draws.draws;
      const bool keep = kept[row * draws.draws + draw] != 0;
      values[i] = keep ? std::fma(values[i], scale, before[i]) : before[i];
    }
    StoreRun(values, to + first);
  });
}

// One draw for all values of a channel.
class BoundChannelDropout : public BoundLayer {
 public:
  BoundChannelDropout(float rate, const SampleDraws& draws, const LayerBinding& binding,
                      const CudaScope& scope)
      : rate_(rate),
        scale_(rate < 1 ? 1 / (1 - rate) : 0),
        draws_(draws),
        binding_(binding),
        random_(RandomStream(scope.seed, RandomPurpose::kDropout, binding.name_hash)),
        place_(scope.place),
        stream_(scope.device.stream()) {}

  void Forward(const StepContext& /*context*/) override {
    const Tensor& x = binding_.inputs[0];
    if (!binding_.training) {
      CheckCuda(cudaMemcpyAsync(binding_.output.memory(), x.memory(), x.bytes(),
                                cudaMemcpyDeviceToDevice, stream_),
                "cudaMemcpyAsync");
      return;
    }
    Launch(MaskKernel, BlocksFor(binding_.rows * draws_.draws, kThreads), kThreads, stream_,
           random_, place_, rate_, Kept(), binding_.rows, draws_.draws);
    Pass(x, binding_.output, false);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (dx.present()) Pass(binding_.output_gradient, dx, binding_.add_input_gradient[0]);
  }

 private:
  void Pass(const Tensor& from, const Tensor& to, bool add) {
    WithFloatingType(to.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(PassKernel<T>, BlocksForRuns<T>(to.elements()), kThreads, stream_, draws_, scale_,
             Kept(), from.Flat<T>().data(), to.Flat<T>().data(), to.elements(), add);
    });
  }

  [[nodiscard]] uint8_t* Kept() const { return static_cast<uint8_t*>(binding_.workspace.memory()); }

  float rate_, scale_;
  SampleDraws draws_;
  LayerBinding binding_;
  Philox random_;
  const SamplePlace* place_;
  cudaStream_t stream_;
};

}  // namespace

std::unique_ptr<BoundLayer> Dropout::BindCuda(const LayerBinding& binding,
                                              const CudaScope& scope) const {
  if (per_channel_) {
    return std::make_unique<BoundChannelDropout>(rate_, DrawsOfSample(), binding, scope);
  }
  return std::make_unique<BoundDropout>(rate_, binding, scope);
}

}  // namespace seve
