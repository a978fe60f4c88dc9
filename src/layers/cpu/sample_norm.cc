#include "layers/sample_norm.h"

#include <cmath>

#include "layers/cpu/column_moments.h"
#include "layers/cpu/norm_passes.h"

namespace seve {
namespace {

class BoundSampleNorm : public BoundLayer {
 public:
  BoundSampleNorm(const SampleNormOptions& options, const NormGroups& groups,
                  const LayerBinding& binding)
      : epsilon_(options.epsilon),
        groups_(groups),
        binding_(binding),
        blocks_(binding.rows * groups.blocks),
        moments_(groups.rows, groups.channels),
        passes_(options.activation, groups.rows, groups.channels),
        kept_(static_cast<size_t>(blocks_ * groups.groups)),
        gains_(static_cast<size_t>(groups.channels), 1.0),
        shifts_(gains_.size()),
        gain_gradients_(gains_.size()),
        shift_gradients_(gains_.size()) {}

  void Forward(const StepContext& /*context*/) override {
    TakeParameters();
    for (int64_t block = 0; block < blocks_; ++block) {
      moments_.Run(Input(block));
      for (int64_t group = 0; group < groups_.groups; ++group) KeepMoments(block, group);
      SetForward(block);
      passes_.Forward(Input(block), Data(binding_.output) + block * BlockSize());
    }
  }

  void Backward(const StepContext& context) override {
    const Tensor& dx = binding_.input_gradients[0];
    const bool learns = Learns(0) || Learns(1);
    if (!learns && !dx.present()) return;
    std::ranges::fill(gain_gradients_, 0.0);
    std::ranges::fill(shift_gradients_, 0.0);
    for (int64_t block = 0; block < blocks_; ++block) {
      const float* dy = Data(binding_.output_gradient) + block * BlockSize();
      SetForward(block);
      passes_.SumGradients(Input(block), dy);
      if (learns) AddParameterGradients(block);
      if (!dx.present()) continue;
      for (int64_t group = 0; group < groups_.groups; ++group) SetBackward(block, group);
      passes_.Backward(Input(block), dy, Data(dx) + block * BlockSize(), BlockSize(),
                       binding_.add_input_gradient[0]);
    }
    if (Learns(0)) Write(gain_gradients_, binding_.parameter_gradients[0], context.accumulate);
    if (Learns(1)) Write(shift_gradients_, binding_.parameter_gradients[1], context.accumulate);
  }

 private:
  // Of a group of a block.
  struct Moments {
    double mean, inverse;  // inverse: 1 / sqrt(variance + epsilon)
  };

  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  [[nodiscard]] int64_t BlockSize() const { return groups_.rows * groups_.channels; }
  [[nodiscard]] const float* Input(int64_t block) const {
    return Data(binding_.inputs[0]) + block * BlockSize();
  }
  [[nodiscard]] bool Learns(size_t parameter) const {
    return binding_.parameter_gradients.size() > parameter &&
           binding_.parameter_gradients[parameter].present();
  }
  [[nodiscard]] Moments& At(int64_t block, int64_t group) {
    return kept_[static_cast<size_t>(block * groups_.groups + group)];
  }
  // Calls body(channel) for each channel of a group.
  template <typename Body>
  void ForChannels(int64_t group, Body body) const {
    const int64_t first = group * groups_.of_group();
    for (int64_t i = first; i < first + groups_.of_group(); ++i) body(static_cast<size_t>(i));
  }

  void TakeParameters() {
    if (binding_.parameters.empty()) return;
    const auto gain = binding_.parameters[0].Flat<float>();
    const auto shift = binding_.parameters[1].Flat<float>();
    for (size_t i = 0; i < gains_.size(); ++i) {
      const auto from = static_cast<size_t>(groups_.ParameterOf(static_cast<int64_t>(i)));
      gains_[i] = static_cast<double>(gain[from]);
      shifts_[i] = shift[from];
    }
  }

  // Puts together the moments of a group's channels.
  void KeepMoments(int64_t block, int64_t group) {
    double sum = 0, squares = 0;
    ForChannels(group, [&](size_t i) { sum += moments_.means()[i]; });
    const double mean = sum / static_cast<double>(groups_.of_group());
    ForChannels(group, [&](size_t i) {
      const double away = moments_.means()[i] - mean;
      squares += moments_.squares()[i] + static_cast<double>(groups_.rows) * away * away;
    });
    const double variance = squares / static_cast<double>(groups_.count());
    At(block, group) = {.mean = mean, .inverse = 1 / std::sqrt(variance + epsilon_)};
  }

  void SetForward(int64_t block) {
    for (int64_t group = 0; group < groups_.groups; ++group) {
      const Moments& kept = At(block, group);
      ForChannels(group, [&](size_t i) {
        passes_.SetForward(static_cast<int64_t>(i), static_cast<float>(kept.mean),
                           static_cast<float>(gains_[i] * kept.inverse), shifts_[i]);
      });
    }
  }

  // dx = inverse (g dz - mean(g dz) - x^ mean(g dz x^)), the means over the group.
  void SetBackward(int64_t block, int64_t group) {
    const double inverse = At(block, group).inverse;
    double level = 0, slope = 0;
    ForChannels(group, [&](size_t i) {
      level += gains_[i] * passes_.sums()[i];
      slope += gains_[i] * passes_.moments()[i];
    });
    level /= static_cast<double>(groups_.count());
    slope *= inverse * inverse / static_cast<double>(groups_.count());
    ForChannels(group, [&](size_t i) {
      passes_.SetBackward(static_cast<int64_t>(i), static_cast<float>(inverse),
                          static_cast<float>(gains_[i]), static_cast<float>(slope),
                          static_cast<float>(level));
    });
  }

  void AddParameterGradients(int64_t block) {
    for (int64_t group = 0; group < groups_.groups; ++group) {
      ForChannels(group, [&](size_t i) {
        gain_gradients_[i] += At(block, group).inverse * passes_.moments()[i];
        shift_gradients_[i] += passes_.sums()[i];
      });
    }
  }

  void Write(const std::vector<double>& sums, const Tensor& gradient, bool add) const {
    const auto to = gradient.Flat<float>();
    for (size_t i = 0; i < sums.size(); ++i) {
      float& value = to[static_cast<size_t>(groups_.ParameterOf(static_cast<int64_t>(i)))];
      value = static_cast<float>(add ? static_cast<double>(value) + sums[i] : sums[i]);
    }
  }

  double epsilon_;
  NormGroups groups_;
  LayerBinding binding_;
  int64_t blocks_;  // of all samples
  ColumnMoments moments_;
  NormPasses passes_;
  std::vector<Moments> kept_;  // of each group of each block
  std::vector<double> gains_;  // of each channel
  std::vector<float> shifts_;
  std::vector<double> gain_gradients_, shift_gradients_;
};

}  // namespace

std::unique_ptr<BoundLayer> SampleNorm::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundSampleNorm>(options_, groups_, binding);
}

}  // namespace seve
