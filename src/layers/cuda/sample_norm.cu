#include "layers/cuda/column_sums.cuh"
#include "layers/cuda/cuda_scope.h"
#include "layers/cuda/row_team.cuh"
#include "layers/sample_norm.h"

namespace seve {
namespace {

// What all kernels know. Groups of all blocks are counted through: group = block * groups + group
// of the block.
template <typename T>
struct Norm {
  NormGroups groups;
  Activation activation;
  double epsilon;
  const T* gains;  // null: 1, and shifts 0
  const T* shifts;
  float* means;     // of each group
  float* inverses;  // of the deviation of each group

  __device__ float Gain(int64_t channel) const {
    return gains == nullptr ? 1.0f : ToFloat(gains[groups.ParameterOf(channel)]);
  }
  __device__ float Shift(int64_t channel) const {
    return shifts == nullptr ? 0.0f : ToFloat(shifts[groups.ParameterOf(channel)]);
  }
  // Where element i of a group lies; and its channel.
  __device__ int64_t Place(int64_t group, int64_t i, int64_t& channel) const {
    const int64_t width = groups.of_group();
    const int64_t row = i / width, block = group / groups.groups;
    channel = (group - block * groups.groups) * width + (i - row * width);
    return (block * groups.rows + row) * groups.channels + channel;
  }
  // dz of an output gradient dy, where x is `away` from its group's mean.
  __device__ float Slope(float dy, float away, float inverse, int64_t channel) const {
    if (activation.kind == ActivationKind::kNone) return dy;
    const float z = fmaf(away, Gain(channel) * inverse, Shift(channel));
    return DispatchActivation(activation, [&](auto f) { return dy * f.Slope(z, f.Value(z)); });
  }
};

// Calls body(group, values) for the team's groups, with values = 0 where it has none but takes part
// in sums.
template <typename Body>
__device__ void ForEachGroup(const RowTeam& team, int64_t count, int64_t groups, Body body) {
  const int64_t teams = kThreads / team.size();
  const int64_t own = static_cast<int64_t>(threadIdx.x) / team.size();
  for (int64_t first = blockIdx.x * teams; first < groups; first += gridDim.x * teams) {
    body(first + own, first + own < groups ? count : 0);
  }
}

template <typename T>
__global__ void ForwardKernel(Norm<T> norm, RowTeam team, int64_t all_groups, const T* x, T* y) {
  ForEachGroup(team, norm.groups.count(), all_groups, [&](int64_t group, int64_t count) {
    int64_t channel = 0;
    double sum = 0, squares = 0;
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      sum += static_cast<double>(ToFloat(x[norm.Place(group, i, channel)]));
    }
    const auto values = static_cast<double>(norm.groups.count());
    const auto mean = static_cast<float>(team.Sum(sum) / values);
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      const float away = ToFloat(x[norm.Place(group, i, channel)]) - mean;
      squares += static_cast<double>(away * away);
    }
    const auto inverse = static_cast<float>(1 / sqrt(team.Sum(squares) / values + norm.epsilon));
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      const int64_t at = norm.Place(group, i, channel);
      const float z =
          fmaf(ToFloat(x[at]) - mean, norm.Gain(channel) * inverse, norm.Shift(channel));
      y[at] = FromFloat<T>(DispatchActivation(norm.activation, [&](auto f) { return f.Value(z); }));
    }
    if (count == 0 || team.rank() > 0) return;
    norm.means[group] = mean;
    norm.inverses[group] = inverse;
  });
}

// dx = inverse (g dz - mean(g dz) - x^ mean(g dz x^)), the means over the group.
template <typename T>
__global__ void InputGradientKernel(Norm<T> norm, RowTeam team, int64_t all_groups, const T* x,
                                    const T* dy, T* dx, bool add) {
  ForEachGroup(team, norm.groups.count(), all_groups, [&](int64_t group, int64_t count) {
    const float mean = count > 0 ? norm.means[group] : 0;
    const float inverse = count > 0 ? norm.inverses[group] : 0;
    int64_t channel = 0;
    const auto slope = [&](int64_t at, float& away) {
      away = ToFloat(x[at]) - mean;
      return norm.Gain(channel) * norm.Slope(ToFloat(dy[at]), away, inverse, channel);
    };
    double sum = 0, moment = 0;
    float away = 0;
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      const float dz = slope(norm.Place(group, i, channel), away);
      sum += static_cast<double>(dz);
      moment += static_cast<double>(dz) * static_cast<double>(away);
    }
    const auto values = static_cast<double>(norm.groups.count());
    const auto level = static_cast<float>(team.Sum(sum) / values);
    const auto through = static_cast<float>(team.Sum(moment) / values * inverse * inverse);
    for (int64_t i = team.rank(); i < count; i += team.size()) {
      const int64_t at = norm.Place(group, i, channel);
      const float dz = slope(at, away);
      const float value = inverse * (dz - fmaf(through, away, level));
      dx[at] = FromFloat<T>(add ? ToFloat(dx[at]) + value : value);
    }
  });
}

// What each value adds to the gradient of its gain or its shift. Columns are the parameters in
// their own order.
template <typename T>
struct ParameterTerm {
  Norm<T> norm;
  const T* x;
  const T* dy;
  bool of_gain;

  template <int kSize>
  __device__ void operator()(RunSize<kSize> /*size*/, int64_t first, float (&values)[kSize]) const {
    const NormGroups& groups = norm.groups;
    const int64_t row = first / groups.channels, column = first - row * groups.channels;
    const int64_t pixels = groups.channels / groups.colours;
    for (int i = 0; i < kSize; ++i) {
      // The inverse of NormGroups::ParameterOf.
      const int64_t channel = (column + i) % pixels * groups.colours + (column + i) / pixels;
      const int64_t group = row / groups.rows * groups.groups + channel / groups.of_group();
      const int64_t at = row * groups.channels + channel;
      const float away = ToFloat(x[at]) - norm.means[group];
      const float inverse = norm.inverses[group];
      const float dz = norm.Slope(ToFloat(dy[at]), away, inverse, channel);
      values[i] = of_gain ? dz * away * inverse : dz;
    }
  }
};

class BoundSampleNorm : public BoundLayer {
 public:
  BoundSampleNorm(const SampleNormOptions& options, const NormGroups& groups,
                  const LayerBinding& binding, const CudaDevice& device)
      : options_(options),
        groups_(groups),
        binding_(binding),
        all_groups_(binding.rows * groups.blocks * groups.groups),
        team_{groups.count() > kWidestOfWarp},
        device_(device) {}

  void Forward(const StepContext& /*context*/) override {
    WithFloatingType(binding_.output.dtype(), [&](auto element) {
      using T = decltype(element);
      Launch(ForwardKernel<T>, Blocks(), kThreads, device_.stream(), norm<T>(), team_, all_groups_,
             Data<T>(binding_.inputs[0]), Data<T>(binding_.output));
    });
  }

  void Backward(const StepContext& context) override {
    WithFloatingType(binding_.output.dtype(), [&](auto element) {
      using T = decltype(element);
      const T* x = Data<T>(binding_.inputs[0]);
      const T* dy = Data<T>(binding_.output_gradient);
      for (size_t i = 0; i < binding_.parameter_gradients.size(); ++i) {
        const Tensor& gradient = binding_.parameter_gradients[i];
        if (!gradient.present()) continue;
        const ParameterTerm<T> term = {norm<T>(), x, dy, i == 0};
        ColumnSums<T>(term, binding_.rows * groups_.blocks * groups_.rows, groups_.channels,
                      gradient.Flat<float>().data(), context.accumulate, device_);
      }
      const Tensor& dx = binding_.input_gradients[0];
      if (!dx.present()) return;
      Launch(InputGradientKernel<T>, Blocks(), kThreads, device_.stream(), norm<T>(), team_,
             all_groups_, x, dy, Data<T>(dx), binding_.add_input_gradient[0]);
    });
  }

 private:
  static constexpr int64_t kWidestOfWarp = 1024;

  template <typename T>
  static T* Data(const Tensor& tensor) {
    return tensor.Flat<T>().data();
  }
  [[nodiscard]] unsigned Blocks() const {
    return BlocksFor(all_groups_, team_.whole_block ? 1 : kThreads / 32);
  }
  template <typename T>
  [[nodiscard]] Norm<T> norm() const {
    Norm<T> norm = {.groups = groups_,
                    .activation = options_.activation,
                    .epsilon = options_.epsilon,
                    .gains = nullptr,
                    .shifts = nullptr,
                    .means = static_cast<float*>(binding_.workspace.memory()),
                    .inverses = nullptr};
    norm.inverses = norm.means + all_groups_;
    if (binding_.parameters.empty()) return norm;
    norm.gains = Data<T>(binding_.parameters[0]);
    norm.shifts = Data<T>(binding_.parameters[1]);
    return norm;
  }

  SampleNormOptions options_;
  NormGroups groups_;
  LayerBinding binding_;
  int64_t all_groups_;  // of all samples
  RowTeam team_;
  const CudaDevice& device_;
};

}  // namespace

std::unique_ptr<BoundLayer> SampleNorm::BindCuda(const LayerBinding& binding,
                                                 const CudaScope& scope) const {
  return std::make_unique<BoundSampleNorm>(options_, groups_, binding, scope.device);
}

}  // namespace seve
