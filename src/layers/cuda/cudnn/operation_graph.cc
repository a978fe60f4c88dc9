#include "layers/cuda/cudnn/operation_graph.h"

#include <array>

#include "base/error.h"

namespace seve {
namespace {

using Numbers = std::array<int64_t, 4>;

cudnnDataType_t CudnnType(DType type) {
  switch (type) {
    case DType::kFloat32:
      return CUDNN_DATA_FLOAT;
    case DType::kBfloat16:
      return CUDNN_DATA_BFLOAT16;
    case DType::kFloat16:
      return CUDNN_DATA_HALF;
    case DType::kInt32:
    case DType::kUint8:
      break;
  }
  Check(false, "a convolution has elements that are no floating-point numbers");
  return CUDNN_DATA_FLOAT;
}

// What an operation calls its parts.
struct Names {
  cudnnBackendDescriptorType_t operation;
  cudnnBackendAttributeName_t convolution, x, y, filters, alpha, beta;
};

Names NamesOf(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::kForward:
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA};
    case ConvolutionPass::kInputGradient:
      return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA};
    case ConvolutionPass::kWeightGradient:
      break;
  }
  return {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
          CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA};
}

std::array<int64_t, 2> Both(const Extent& extent) { return {extent.height, extent.width}; }

}  // namespace

CudnnOperationGraph::CudnnOperationGraph(const CudnnConvolutionSpec& spec, cudnnHandle_t handle)
    : spec_(spec), graph_(CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR) {
  const ConvolutionGeometry& geometry = spec.geometry;
  const cudnnDataType_t activation = CudnnType(ActivationType(spec.precision));
  const Shape y_shape = geometry.OutputShape().WithRows(spec.rows);
  const auto& x = AddTensor(CudnnTensor::kX, activation, geometry.InputShape().WithRows(spec.rows));
  const auto& y = AddTensor(CudnnTensor::kY, activation, y_shape);
  const auto& filters = AddTensor(CudnnTensor::kFilters, activation, geometry.WeightShape());
  if (spec.bias) {
    const auto& sums = AddTensor(CudnnTensor::kSums, CUDNN_DATA_FLOAT, y_shape, true);
    const auto& bias = AddTensor(CudnnTensor::kBias, activation, {1, geometry.outputs, 1, 1});
    AddConvolution(x, sums, filters);
    AddBias(sums, bias, y);
  } else {
    AddConvolution(x, y, filters);
  }
  graph_.Set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, handle);
  graph_.SetParts(CUDNN_ATTR_OPERATIONGRAPH_OPS, operations_);
  graph_.Finalize();
}

// `shape` (N, C, H, W) lies as (N, H, W, C).
const CudnnDescriptor& CudnnOperationGraph::AddTensor(CudnnTensor name, cudnnDataType_t type,
                                                      const Shape& shape, bool virtual_tensor) {
  constexpr int64_t kAlignment = 16;  // bytes
  const Numbers extents = {shape[0], shape[1], shape[2], shape[3]};
  const Numbers strides = {shape[1] * shape[2] * shape[3], 1, shape[3] * shape[1], shape[1]};
  CudnnDescriptor tensor(CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  tensor.Set(CUDNN_ATTR_TENSOR_UNIQUE_ID, static_cast<int64_t>(name));
  tensor.Set(CUDNN_ATTR_TENSOR_DATA_TYPE, type);
  tensor.Set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, kAlignment);
  tensor.SetAll<int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS, extents);
  tensor.SetAll<int64_t>(CUDNN_ATTR_TENSOR_STRIDES, strides);
  if (virtual_tensor) tensor.Set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, true);
  tensor.Finalize();
  return AddPart(std::move(tensor));
}

const CudnnDescriptor& CudnnOperationGraph::AddPart(CudnnDescriptor part) {
  return parts_.emplace_back(std::move(part));
}

const CudnnDescriptor& CudnnOperationGraph::Convolution() {
  const ConvolutionGeometry& geometry = spec_.geometry;
  CudnnDescriptor convolution(CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
  convolution.Set(CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, int64_t{2});
  convolution.Set(CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_DATA_FLOAT);
  convolution.Set(CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_CROSS_CORRELATION);
  convolution.SetAll<int64_t>(CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, Both(geometry.padding));
  convolution.SetAll<int64_t>(CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, Both(geometry.padding));
  convolution.SetAll<int64_t>(CUDNN_ATTR_CONVOLUTION_DILATIONS, Both(geometry.dilation));
  convolution.SetAll<int64_t>(CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, Both(geometry.stride));
  convolution.Finalize();
  return AddPart(std::move(convolution));
}

// The groups are how many times fewer channels the filters have than x.
void CudnnOperationGraph::AddConvolution(const CudnnDescriptor& x, const CudnnDescriptor& y,
                                         const CudnnDescriptor& filters) {
  const Names names = NamesOf(spec_.pass);
  CudnnDescriptor operation(names.operation);
  operation.Set(names.convolution, Convolution());
  operation.Set(names.x, x);
  operation.Set(names.y, y);
  operation.Set(names.filters, filters);
  operation.Set(names.alpha, 1.0F);
  operation.Set(names.beta, spec_.add ? 1.0F : 0.0F);
  operation.Finalize();
  operations_.push_back(&AddPart(std::move(operation)));
}

void CudnnOperationGraph::AddBias(const CudnnDescriptor& sums, const CudnnDescriptor& bias,
                                  const CudnnDescriptor& y) {
  CudnnDescriptor addition(CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
  addition.Set(CUDNN_ATTR_POINTWISE_MODE, CUDNN_POINTWISE_ADD);
  addition.Set(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_DATA_FLOAT);
  addition.Finalize();
  CudnnDescriptor operation(CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
  operation.Set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, AddPart(std::move(addition)));
  operation.Set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, sums);
  operation.Set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, bias);
  operation.Set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, y);
  operation.Finalize();
  operations_.push_back(&AddPart(std::move(operation)));
}

}  // namespace seve
