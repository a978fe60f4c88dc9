#include <algorithm>
#include <string>
#include <string_view>

#include "base/error.h"
#include "layers/cpu/convolution_engines.h"
#include "layers/cpu/elementwise.h"
#include "layers/cpu/onednn.h"
#include "layers/cpu/row_blocks.h"
#include "layers/cpu/winograd.h"

namespace seve {
namespace {

using dnnl::memory;
using Use = OneDnnOperand::Use;
using Place = OneDnnOperand::Place;

memory::desc Pictures(int64_t rows, const Shape& shape, memory::format_tag layout) {
  return {{rows, shape[0], shape[1], shape[2]}, memory::data_type::f32, layout};
}

memory::dims Pair(const Extent& extent) { return {extent.height, extent.width}; }

// What the three products of a geometry have in common, in oneDNN's words.
struct Description {
  Description(const ConvolutionGeometry& geometry, int64_t rows)
      : x(Pictures(rows, geometry.InputShape(), memory::format_tag::nhwc)),
        y(Pictures(rows, geometry.OutputShape(), memory::format_tag::nhwc)),
        stride(Pair(geometry.stride)),
        dilation({geometry.dilation.height - 1, geometry.dilation.width - 1}),
        padding(Pair(geometry.padding)),
        bias({geometry.outputs}, memory::data_type::f32, memory::format_tag::x),
        by_winograd(GoesByWinograd(geometry, rows)) {
    const Shape shape = geometry.WeightShape();
    memory::dims extents = shape.extents();
    if (geometry.groups > 1) {
      extents[0] /= geometry.groups;
      extents.insert(extents.begin(), geometry.groups);
    }
    const bool grouped = geometry.groups > 1;
    w = {extents, memory::data_type::f32,
         grouped ? memory::format_tag::goihw : memory::format_tag::oihw};
    any_w = {extents, memory::data_type::f32, memory::format_tag::any};
    has_few_inputs = !grouped && geometry.inputs < 16;
    any_x = Pictures(rows, geometry.InputShape(), memory::format_tag::any);
    any_y = Pictures(rows, geometry.OutputShape(), memory::format_tag::any);
  }

  memory::desc x, y, w;         // as their owners keep them
  bool has_few_inputs = false;  // channels, to each output
  memory::desc any_x, any_y, any_w;
  memory::dims stride, dilation, padding;
  memory::desc bias;
  bool by_winograd;
};

using Forward = dnnl::convolution_forward;
using BackwardData = dnnl::convolution_backward_data;
using BackwardWeights = dnnl::convolution_backward_weights;

template <typename Primitive>
std::string_view CodeOf(const Primitive& description) {
  return description.impl_info_str();
}

// How a product is computed: on pictures as they lie, or in the layout that oneDNN chooses.
enum class Way { kPlain, kOwnLayout, kWinograd };

dnnl::algorithm AlgorithmOf(Way way) {
  return way == Way::kWinograd ? dnnl::algorithm::convolution_winograd
                               : dnnl::algorithm::convolution_direct;
}

// make(way) for the best one that oneDNN has code for: its own layout where that is slow for
// pictures that lie channels-last.
template <typename Make>
auto MakeFastest(const Description& of, const Make& make) {
  if (of.by_winograd) {
    try {
      return make(Way::kWinograd);
    } catch (const dnnl::error&) {
      // Not for this shape: directly, then.
    }
  }
  auto plain = make(Way::kPlain);
  const std::string_view code = CodeOf(plain);
  const bool slow = code.starts_with("ref") || code.find("gemm") != std::string_view::npos;
  return slow ? make(Way::kOwnLayout) : plain;
}

// oneDNN's first choice multiplies matrices, which are narrow where inputs are few; its next is a
// kernel for convolutions. Measured at 64 samples: 6 -> 16 channels of 14 x 14, 5 x 5: 251 against
// 417 us; 10 -> 50 of 16 x 16, 3 x 3: 1524 against 1935 us. What is wanted of `first` must still
// exist: oneDNN looks at it again.
Forward::primitive_desc ChooseForFewInputs(const Forward::primitive_desc& first) {
  Forward::primitive_desc next = first;
  const bool is_better = CodeOf(first).starts_with("brgconv") && next.next_impl() &&
                         CodeOf(next).starts_with("jit:avx512");
  return is_better ? next : first;
}

Forward::primitive_desc ForwardBy(Way way, const Description& of, bool add,
                                  const OneDnnDevice& device) {
  const bool any = way != Way::kPlain;
  const Forward::desc wanted(dnnl::prop_kind::forward_training, AlgorithmOf(way),
                             any ? of.any_x : of.x, of.any_w, of.bias, any ? of.any_y : of.y,
                             of.stride, of.dilation, of.padding, of.padding);
  const Forward::primitive_desc first(wanted, OneDnnAttributes(add), device.engine);
  return of.has_few_inputs ? ChooseForFewInputs(first) : first;
}

// y = x * w + bias, or y += x * w + bias.
Forward::primitive_desc DescribeForward(const Description& of, bool add,
                                        const OneDnnDevice& device) {
  return MakeFastest(of, [&](Way way) { return ForwardBy(way, of, add, device); });
}

BackwardData::primitive_desc DescribeInputGradient(const Description& of,
                                                   const OneDnnDevice& device) {
  return MakeFastest(of, [&](Way way) {
    const bool any = way != Way::kPlain;
    const BackwardData::desc wanted(AlgorithmOf(way), any ? of.any_x : of.x, of.any_w,
                                    any ? of.any_y : of.y, of.stride, of.dilation, of.padding,
                                    of.padding);
    return BackwardData::primitive_desc(wanted, OneDnnAttributes(), device.engine,
                                        ForwardBy(way, of, false, device));
  });
}

BackwardWeights::primitive_desc DescribeWeightGradient(const Description& of,
                                                       const OneDnnDevice& device) {
  return MakeFastest(of, [&](Way way) {
    const bool any = way != Way::kPlain;
    const BackwardWeights::desc wanted(AlgorithmOf(way), any ? of.any_x : of.x, of.any_w,
                                       any ? of.any_y : of.y, of.stride, of.dilation, of.padding,
                                       of.padding);
    return BackwardWeights::primitive_desc(wanted, OneDnnAttributes(), device.engine,
                                           ForwardBy(way, of, false, device));
  });
}

class OneDnnForward : public ConvolutionForward {
 public:
  OneDnnForward(const ConvolutionGeometry& geometry, int64_t rows, const Activation& activation,
                bool add)
      : values_(rows * geometry.OutputShape().elements()),
        activation_(activation),
        of_(geometry, rows),
        description_(DescribeForward(of_, add, device_)),
        call_(Forward(description_), description_, device_),
        x_(of_.x, description_.src_desc(), Use::kRead, device_, Place::kFirst),
        w_(of_.w, description_.weights_desc(), Use::kRead, device_),
        y_(of_.y, description_.dst_desc(), add ? Use::kUpdated : Use::kWritten, device_,
           Place::kSecond),
        bias_(of_.bias, of_.bias, Use::kRead, device_),
        zeros_(static_cast<size_t>(geometry.outputs) * sizeof(float)) {
    Check(!add || activation.kind == ActivationKind::kNone, "activations are not added to others");
  }

  void SetWeights(const float* w, const float* bias) override {
    w_.Open(w, device_);
    bias_.Open(bias == nullptr ? zeros_.As<float>().data() : bias, device_);
  }

  void Run(const float* x, float* y) override {
    x_.Open(x, device_);
    y_.Open(y, device_);
    call_.Run({{DNNL_ARG_SRC, x_.memory()},
               {DNNL_ARG_WEIGHTS, w_.memory()},
               {DNNL_ARG_BIAS, bias_.memory()},
               {DNNL_ARG_DST, y_.memory()}},
              device_);
    y_.Store(device_);
    if (activation_.kind == ActivationKind::kNone) return;
    AddBiasAndActivate(activation_, nullptr, y, 1, values_);
  }

 private:
  int64_t values_;  // of y
  Activation activation_;
  OneDnnDevice device_;
  Description of_;
  Forward::primitive_desc description_;
  OneDnnCall call_;
  OneDnnOperand x_, w_, y_, bias_;
  Buffer zeros_;
};

// oneDNN cannot add to dx, so that goes through a copy.
class OneDnnInputGradient : public ConvolutionInputGradient {
 public:
  OneDnnInputGradient(const ConvolutionGeometry& geometry, int64_t rows, bool add)
      : of_(geometry, rows),
        description_(DescribeInputGradient(of_, device_)),
        call_(BackwardData(description_), description_, device_),
        dy_(of_.y, description_.diff_dst_desc(), Use::kRead, device_, Place::kFirst),
        w_(of_.w, description_.weights_desc(), Use::kRead, device_),
        dx_(of_.x, description_.diff_src_desc(), add ? Use::kAdded : Use::kWritten, device_,
            Place::kSecond) {}

  void SetWeights(const float* w) override { w_.Open(w, device_); }

  void Run(const float* dy, float* dx) override {
    dy_.Open(dy, device_);
    dx_.Open(dx, device_);
    call_.Run({{DNNL_ARG_DIFF_DST, dy_.memory()},
               {DNNL_ARG_WEIGHTS, w_.memory()},
               {DNNL_ARG_DIFF_SRC, dx_.memory()}},
              device_);
    dx_.Store(device_);
  }

 private:
  OneDnnDevice device_;
  Description of_;
  BackwardData::primitive_desc description_;
  OneDnnCall call_;
  OneDnnOperand dy_, w_, dx_;
};

// The sums are those of the first samples, to which those of later ones are added as oneDNN has
// them.
class OneDnnWeightGradient : public ConvolutionWeightGradient {
 public:
  OneDnnWeightGradient(const ConvolutionGeometry& geometry, int64_t rows)
      : of_(geometry, rows),
        description_(DescribeWeightGradient(of_, device_)),
        call_(BackwardWeights(description_), description_, device_),
        x_(of_.x, description_.src_desc(), Use::kRead, device_, Place::kFirst),
        dy_(of_.y, description_.diff_dst_desc(), Use::kRead, device_, Place::kSecond),
        sums_(of_.w, description_.diff_weights_desc(), Use::kAdded, device_),
        later_(description_.diff_weights_desc().get_size()),
        later_memory_(description_.diff_weights_desc(), device_.engine, later_.data()) {}

  void Add(const float* x, const float* dy, bool first) override {
    x_.Open(x, device_);
    dy_.Open(dy, device_);
    call_.Run({{DNNL_ARG_SRC, x_.memory()},
               {DNNL_ARG_DIFF_DST, dy_.memory()},
               {DNNL_ARG_DIFF_WEIGHTS, first ? sums_.memory() : later_memory_.get()}},
              device_);
    if (first) return;
    const auto sums = sums_.copy(), later = later_.As<float>();
    const auto count = static_cast<int64_t>(sums.size());
    MoveRows({later.data(), count}, {sums.data(), count}, 1, count, true);
  }

  void Store(float* dw, bool add) override {
    sums_.Open(dw, device_);
    sums_.Store(add ? Use::kAdded : Use::kWritten, device_);
  }

 private:
  OneDnnDevice device_;
  Description of_;
  BackwardWeights::primitive_desc description_;
  OneDnnCall call_;
  OneDnnOperand x_, dy_, sums_;
  Buffer later_;
  dnnl::memory later_memory_;
};

template <typename Product, typename... Options>
std::unique_ptr<Product> MakeOrExplain(const ConvolutionGeometry& geometry, int64_t rows,
                                       Options... options) {
  try {
    return std::make_unique<Product>(geometry, rows, options...);
  } catch (const dnnl::error& error) {
    ThrowUsage("oneDNN refuses a convolution of " + geometry.InputShape().ToString() +
               " pictures with filters of shape " + geometry.WeightShape().ToString() + ": " +
               error.what());
  }
}

}  // namespace

std::unique_ptr<ConvolutionForward> MakeOneDnnForward(const ConvolutionGeometry& geometry,
                                                      int64_t rows, const Activation& activation,
                                                      bool add) {
  return MakeOrExplain<OneDnnForward>(geometry, rows, activation, add);
}

std::unique_ptr<ConvolutionInputGradient> MakeOneDnnInputGradient(
    const ConvolutionGeometry& geometry, int64_t rows, bool add) {
  return MakeOrExplain<OneDnnInputGradient>(geometry, rows, add);
}

std::unique_ptr<ConvolutionWeightGradient> MakeOneDnnWeightGradient(
    const ConvolutionGeometry& geometry, int64_t rows) {
  return MakeOrExplain<OneDnnWeightGradient>(geometry, rows);
}

}  // namespace seve
