#include "emulator/cudnn_convolution.h"

namespace seve::emulator {
namespace {

struct Names {
  CudnnPass pass;
  cudnnBackendAttributeName_t convolution, x, y, filters, alpha, beta;
};

std::optional<Names> NamesOf(cudnnBackendDescriptorType_t operation) {
  switch (operation) {
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      return Names{CudnnPass::kForward,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      return Names{CudnnPass::kData,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      return Names{CudnnPass::kFilter,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
                   CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA};
    default:
      return std::nullopt;
  }
}

cudaDataType_t ElementTypeOf(cudnnDataType_t type) {
  if (type == CUDNN_DATA_BFLOAT16) return CUDA_R_16BF;
  return type == CUDNN_DATA_HALF ? CUDA_R_16F : CUDA_R_32F;
}

template <size_t kCount>
std::array<int64_t, kCount> Numbers(const CudnnDescriptor& descriptor,
                                    cudnnBackendAttributeName_t name) {
  const auto values = descriptor.Values<int64_t>(name);
  std::array<int64_t, kCount> numbers{};
  for (size_t i = 0; i < kCount; ++i) numbers[i] = values.at(i);
  return numbers;
}

CudnnTensorView ViewOf(const CudnnDescriptor& tensor) {
  return {.name = tensor.Value1<int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID),
          .type = ElementTypeOf(tensor.Value1<cudnnDataType_t>(CUDNN_ATTR_TENSOR_DATA_TYPE)),
          .extents = Numbers<4>(tensor, CUDNN_ATTR_TENSOR_DIMENSIONS),
          .strides = Numbers<4>(tensor, CUDNN_ATTR_TENSOR_STRIDES),
          .is_virtual = tensor.Has(CUDNN_ATTR_TENSOR_IS_VIRTUAL) &&
                        tensor.Value1<bool>(CUDNN_ATTR_TENSOR_IS_VIRTUAL)};
}

bool ExtentsAgree(const CudnnConvolution& c) {
  const int64_t groups_channels = c.filters.extents[1];
  if (c.x.extents[0] != c.y.extents[0] || c.y.extents[1] != c.filters.extents[0]) return false;
  if (groups_channels < 1 || c.x.extents[1] % groups_channels != 0) return false;
  if (c.y.extents[1] % (c.x.extents[1] / groups_channels) != 0) return false;
  for (size_t i = 0; i < 2; ++i) {
    const int64_t window = c.dilation[i] * (c.filters.extents[i + 2] - 1) + 1;
    const int64_t room = c.x.extents[i + 2] + 2 * c.padding[i] - window;
    // A transposed convolution may have rows of x that no window reaches.
    if (room < 0 || room / c.stride[i] + 1 != c.y.extents[i + 2]) return false;
  }
  return true;
}

// sums[of the tensor written] of all products of the other two.
std::vector<double> Sums(const CudnnConvolution& c, const float* x, const float* y,
                         const float* filters, size_t count) {
  std::vector<double> sums(count);
  const auto [outputs, group_inputs, rows, columns] = c.filters.extents;
  const int64_t groups = c.x.extents[1] / group_inputs;
  for (int64_t n = 0; n < c.y.extents[0]; ++n) {
    for (int64_t o = 0; o < outputs; ++o) {
      const int64_t first = o / (outputs / groups) * group_inputs;
      for (int64_t at = 0; at < c.y.extents[2] * c.y.extents[3]; ++at) {
        const int64_t h = at / c.y.extents[3], w = at % c.y.extents[3];
        const size_t in_y = c.y.At(n, o, h, w);
        for (int64_t k = 0; k < rows * columns; ++k) {
          const int64_t r = k / columns, s = k % columns;
          const int64_t x_h = h * c.stride[0] - c.padding[0] + r * c.dilation[0];
          const int64_t x_w = w * c.stride[1] - c.padding[1] + s * c.dilation[1];
          if (x_h < 0 || x_h >= c.x.extents[2] || x_w < 0 || x_w >= c.x.extents[3]) continue;
          for (int64_t i = 0; i < group_inputs; ++i) {
            const size_t in_x = c.x.At(n, first + i, x_h, x_w);
            const size_t in_filters = c.filters.At(o, i, r, s);
            if (c.pass == CudnnPass::kForward) sums[in_y] += double{x[in_x]} * filters[in_filters];
            if (c.pass == CudnnPass::kData) sums[in_x] += double{y[in_y]} * filters[in_filters];
            if (c.pass == CudnnPass::kFilter) sums[in_filters] += double{x[in_x]} * y[in_y];
          }
        }
      }
    }
  }
  return sums;
}

}  // namespace

std::optional<CudnnConvolution> ReadConvolution(const CudnnDescriptor& graph) {
  const auto& operations = graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).parts;
  const CudnnDescriptor& operation = *operations.at(0);
  const auto names = NamesOf(operation.type);
  if (!names || operations.size() > 2) return std::nullopt;
  const CudnnDescriptor& geometry = operation.Part(names->convolution);
  CudnnConvolution c = {
      .pass = names->pass,
      .x = ViewOf(operation.Part(names->x)),
      .y = ViewOf(operation.Part(names->y)),
      .filters = ViewOf(operation.Part(names->filters)),
      .bias = std::nullopt,
      .stride = Numbers<2>(geometry, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES),
      .padding = Numbers<2>(geometry, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS),
      .dilation = Numbers<2>(geometry, CUDNN_ATTR_CONVOLUTION_DILATIONS),
      .alpha = operation.Value1<float>(names->alpha),
      .beta = operation.Value1<float>(names->beta),
  };
  if (!ExtentsAgree(c)) return std::nullopt;
  if (operations.size() == 1) return c;
  const CudnnDescriptor& second = *operations[1];
  if (second.type != CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR || !c.y.is_virtual) {
    return std::nullopt;
  }
  const CudnnDescriptor& function = second.Part(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
  if (function.Value1<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE) != CUDNN_POINTWISE_ADD) {
    return std::nullopt;
  }
  if (ViewOf(second.Part(CUDNN_ATTR_OPERATION_POINTWISE_XDESC)).name != c.y.name) {
    return std::nullopt;
  }
  c.bias = ViewOf(second.Part(CUDNN_ATTR_OPERATION_POINTWISE_BDESC));
  c.y = ViewOf(second.Part(CUDNN_ATTR_OPERATION_POINTWISE_YDESC));
  return c;
}

void Convolve(const CudnnConvolution& c, const CudnnMemory& memory, bool tf32) {
  const CudnnTensorView* written[] = {&c.y, &c.x, &c.filters};
  void* const to[] = {memory.y, memory.x, memory.filters};
  const auto pass = static_cast<size_t>(c.pass);
  const CudnnTensorView& result = *written[pass];
  const Floats x(memory.x, c.x.type, c.x.elements(), tf32);
  const Floats y(memory.y, c.y.type, c.y.elements(), tf32);
  const Floats filters(memory.filters, c.filters.type, c.filters.elements(), tf32);
  std::vector<double> sums = Sums(c, x.data(), y.data(), filters.data(), result.elements());
  for (size_t i = 0; i < sums.size(); ++i) {
    double value = c.alpha * sums[i];
    if (c.beta != 0) value += double{c.beta} * ElementAt(to[pass], result.type, i);
    // Channels lie innermost.
    if (c.bias) {
      value += ElementAt(memory.bias, c.bias->type, i % static_cast<size_t>(c.y.extents[1]));
    }
    StoreElement(to[pass], result.type, i, static_cast<float>(value));
  }
}

}  // namespace seve::emulator
