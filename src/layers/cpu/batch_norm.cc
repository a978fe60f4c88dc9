#include "layers/batch_norm.h"

#include <algorithm>
#include <cmath>

#include "layers/cpu/column_moments.h"
#include "layers/cpu/norm_passes.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

float ValueOr(const Tensor& tensor, int64_t index, float otherwise) {
  return tensor.present() ? tensor.Flat<float>()[static_cast<size_t>(index)] : otherwise;
}

// A tensor's element = value, or += with `add`; nothing where it is absent.
void Write(const Tensor& tensor, int64_t index, double value, bool add) {
  if (!tensor.present()) return;
  float& element = tensor.Flat<float>()[static_cast<size_t>(index)];
  element = static_cast<float>(add ? static_cast<double>(element) + value : value);
}

class BoundBatchNorm : public BoundLayer, private Follower {
 public:
  BoundBatchNorm(const BatchNormOptions& options, const LayerBinding& binding, int64_t channels)
      : epsilon_(options.epsilon),
        adds_(options.adds),
        activation_(options.activation),
        binding_(binding),
        tensors_(options, binding),
        channels_(channels),
        count_(binding.output.elements() / channels),
        moments_(count_, tensors_.of_micro_batch ? channels : 0),
        passes_(options.adds ? Activation() : options.activation, count_, channels),
        inverses_(static_cast<size_t>(channels)),
        means_(inverses_.size()),
        squares_(inverses_.size()),
        sums_(2 * inverses_.size() + 1) {}

  void Forward(const StepContext& context) override {
    if (tensors_.of_micro_batch) {
      FinishMoments();
      if (binding_.statistics != nullptr) SumMoments();
      TakeMoments(context.accumulate);
    } else {
      TakeRunning();
    }
    const float* x = Data(binding_.inputs[0]);
    float* y = Data(binding_.output);
    if (adds_) {
      passes_.ForwardWithSum(activation_, x, Data(binding_.inputs[1]), y);
    } else {
      passes_.Forward(x, y);
    }
  }

  void Backward(const StepContext& context) override {
    const float* x = Data(binding_.inputs[0]);
    dz_ = Data(binding_.output_gradient);
    const bool learns = tensors_.weight_gradient.present() || tensors_.bias_gradient.present();
    const Tensor& dx = binding_.input_gradients[0];
    const bool goes_on = dx.present() || follows_;
    if (adds_) {
      dz_ = BackwardThroughSum(x);
    } else if (learns || (tensors_.of_micro_batch && goes_on)) {
      passes_.SumGradients(x, dz_);
    }
    for (int64_t channel = 0; channel < channels_ && learns; ++channel) {
      const auto at = static_cast<size_t>(channel);
      Write(tensors_.weight_gradient, channel, passes_.moments()[at] * inverses_[at],
            context.accumulate);
      Write(tensors_.bias_gradient, channel, passes_.sums()[at], context.accumulate);
    }
    if (goes_on) SetBackward();
    if (!dx.present()) return;
    passes_.Backward(x, dz_, Data(dx), dx.elements(), binding_.add_input_gradient[0]);
  }

  Follower* Follow() override {
    follows_ = true;
    return this;
  }

 private:
  static float* Data(const Tensor& tensor) { return tensor.Flat<float>().data(); }
  // Of so many samples.
  [[nodiscard]] int64_t ValuesOf(int64_t rows) const {
    return rows * (binding_.output.elements() / std::max<int64_t>(binding_.rows, 1));
  }

  void Prepare(int64_t rows) override {
    piece_ = Buffer(static_cast<size_t>(ValuesOf(rows)) * sizeof(float));
  }

  // Samples that are no whole parts are left to Forward.
  void See(int64_t first, int64_t rows) override {
    const int64_t values = ValuesOf(rows) / channels_;  // of each channel
    if (!tensors_.of_micro_batch || values % moments_.part() != 0) return;
    if (first == 0) moments_.Start();
    moments_.Add(Data(binding_.inputs[0]), first * (values / rows), values);
    seen_ += rows;
  }

  const float* Gradient(int64_t first, int64_t rows) override {
    const int64_t at = ValuesOf(first);
    float* piece = piece_.As<float>().data();
    passes_.Backward(Data(binding_.inputs[0]) + at, dz_ + at, piece, ValuesOf(rows), false);
    return piece;
  }

  void FinishMoments() {
    if (seen_ == binding_.rows && seen_ > 0) {
      moments_.Finish();
    } else {
      moments_.Run(Data(binding_.inputs[0]));
    }
    seen_ = 0;
    std::ranges::copy(moments_.means(), means_.begin());
    std::ranges::copy(moments_.squares(), squares_.begin());
    all_ = static_cast<double>(count_);
  }

  // Takes the moments of all ranks. Each brings its sums around the running mean, which all have
  // alike: nothing cancels that matters.
  void SumMoments() {
    const auto from = First(), squares_from = Second();
    const auto centre = [this](size_t channel) {
      return static_cast<double>(ValueOr(tensors_.running_mean, static_cast<int64_t>(channel), 0));
    };
    sums_.back() = all_;
    for (size_t channel = 0; channel < means_.size(); ++channel) {
      const double away = means_[channel] - centre(channel);
      from[channel] = all_ * away;
      squares_from[channel] = squares_[channel] + all_ * away * away;
    }
    binding_.statistics->Sum(sums_);
    all_ = sums_.back();
    for (size_t channel = 0; channel < means_.size(); ++channel) {
      const double away = from[channel] / all_;
      means_[channel] = centre(channel) + away;
      squares_[channel] = std::max(squares_from[channel] - all_ * away * away, 0.0);
    }
  }

  // Gives the second input its gradient, which is also that of the normalised values.
  const float* BackwardThroughSum(const float* x) {
    float* dy = Data(binding_.output_gradient);
    const Tensor& ds = binding_.input_gradients[1];
    const bool adds_to_it = binding_.add_input_gradient[1];
    float* dz = ds.present() && !adds_to_it ? Data(ds) : dy;
    passes_.SumGradients(
        activation_, x,
        {.dy = dy,
         .seen = Data(SlopeNeedsInput(activation_) ? binding_.inputs[1] : binding_.output),
         .dz = dz,
         .added = ds.present() && adds_to_it ? Data(ds) : nullptr});
    return dz;
  }

  void TakeMoments(bool accumulate) {
    const auto samples = static_cast<double>(binding_.rows);
    for (int64_t channel = 0; channel < channels_; ++channel) {
      const double mean = means_[static_cast<size_t>(channel)];
      const double squares = squares_[static_cast<size_t>(channel)];
      SetForward(channel, mean, squares / std::max(all_, 1.0));
      Write(tensors_.mean_gradient, channel, mean * samples, accumulate);
      Write(tensors_.var_gradient, channel, squares / std::max(all_ - 1, 1.0) * samples,
            accumulate);
    }
  }

  void TakeRunning() {
    for (int64_t channel = 0; channel < channels_; ++channel) {
      SetForward(channel, static_cast<double>(ValueOr(tensors_.running_mean, channel, 0)),
                 static_cast<double>(ValueOr(tensors_.running_var, channel, 1)));
    }
  }

  void SetForward(int64_t channel, double mean, double variance) {
    const double inverse = 1 / std::sqrt(variance + epsilon_);
    inverses_[static_cast<size_t>(channel)] = inverse;
    const double gain = ValueOr(tensors_.weight, channel, 1);
    passes_.SetForward(channel, static_cast<float>(mean), static_cast<float>(gain * inverse),
                       ValueOr(tensors_.bias, channel, 0));
  }

  // dx = g inverse (dz - mean(dz) - x^ mean(dz x^)), where the last two are what flows through the
  // micro-batch's statistics, or those of all ranks.
  void SetBackward() {
    const auto sums = First(), moments = Second();
    std::ranges::copy(passes_.sums(), sums.begin());
    std::ranges::copy(passes_.moments(), moments.begin());
    if (tensors_.of_micro_batch && binding_.statistics != nullptr) {
      binding_.statistics->Sum(std::span(sums_).first(2 * sums.size()));
    }
    const double share = 1 / std::max(all_, 1.0);
    for (size_t at = 0; at < inverses_.size(); ++at) {
      const auto channel = static_cast<int64_t>(at);
      const double inverse = inverses_[at];
      const auto outer = static_cast<float>(ValueOr(tensors_.weight, channel, 1) * inverse);
      if (tensors_.of_micro_batch) {
        passes_.SetBackward(channel, outer, 1,
                            static_cast<float>(inverse * inverse * moments[at] * share),
                            static_cast<float>(sums[at] * share));
      } else {
        passes_.SetBackward(channel, outer, 1, 0, 0);
      }
    }
  }

  [[nodiscard]] std::span<double> First() { return std::span(sums_).first(means_.size()); }
  [[nodiscard]] std::span<double> Second() {
    return std::span(sums_).subspan(means_.size(), means_.size());
  }

  double epsilon_;
  bool adds_;
  Activation activation_;
  LayerBinding binding_;
  BatchNormTensors tensors_;
  int64_t channels_;
  int64_t count_;  // values of a channel
  ColumnMoments moments_;
  NormPasses passes_;
  std::vector<double> inverses_;  // 1 / sqrt(variance + epsilon) of each channel
  // Of the latest Forward: values of a channel that share statistics, and their moments.
  double all_ = 0;
  std::vector<double> means_, squares_;
  std::vector<double> sums_;   // what ranks exchange: two of each channel, and a count
  const float* dz_ = nullptr;  // of the latest Backward
  bool follows_ = false;
  int64_t seen_ = 0;  // samples whose moments are there
  Buffer piece_;      // of the gradient
};

}  // namespace

std::unique_ptr<BoundLayer> BatchNorm::BindCpu(const LayerBinding& binding) const {
  return std::make_unique<BoundBatchNorm>(options_, binding, shape_[0]);
}

}  // namespace seve
