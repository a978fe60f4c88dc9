#include "emulator/cudnn_descriptor.h"

#include <algorithm>
#include <array>

namespace seve::emulator {
namespace {

thread_local std::string last_words;

size_t SizeOf(cudnnBackendAttributeType_t type) {
  switch (type) {
    case CUDNN_TYPE_HANDLE:
    case CUDNN_TYPE_INT64:
    case CUDNN_TYPE_VOID_PTR:
    case CUDNN_TYPE_BACKEND_DESCRIPTOR:
      return 8;
    case CUDNN_TYPE_BOOLEAN:
      return 1;
    default:
      return 4;
  }
}

using Names = std::vector<cudnnBackendAttributeName_t>;

// What must be set before a descriptor is finalized.
Names Required(cudnnBackendDescriptorType_t type) {
  switch (type) {
    case CUDNN_BACKEND_TENSOR_DESCRIPTOR:
      return {CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_ATTR_TENSOR_DATA_TYPE,
              CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_ATTR_TENSOR_DIMENSIONS,
              CUDNN_ATTR_TENSOR_STRIDES};
    case CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR:
      return {CUDNN_ATTR_CONVOLUTION_COMP_TYPE,     CUDNN_ATTR_CONVOLUTION_CONV_MODE,
              CUDNN_ATTR_CONVOLUTION_DILATIONS,     CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES,
              CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS,
              CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      return {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
              CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      return {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY};
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      return {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
    case CUDNN_BACKEND_POINTWISE_DESCRIPTOR:
      return {CUDNN_ATTR_POINTWISE_MODE, CUDNN_ATTR_POINTWISE_MATH_PREC};
    case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR:
      return {CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_XDESC,
              CUDNN_ATTR_OPERATION_POINTWISE_BDESC, CUDNN_ATTR_OPERATION_POINTWISE_YDESC};
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
      return {CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_ATTR_OPERATIONGRAPH_OPS};
    case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
      return {CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH};
    case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
      return {CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG};
    case CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR:
      return {CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS,
              CUDNN_ATTR_VARIANT_PACK_WORKSPACE};
    default:
      return {};
  }
}

cudnnStatus_t CheckWhole(const CudnnDescriptor& descriptor) {
  for (const auto name : Required(descriptor.type)) {
    if (descriptor.Has(name)) continue;
    return Refuse(CUDNN_STATUS_BAD_PARAM, "attribute " + std::to_string(name) + " is not set");
  }
  for (const auto& [name, attribute] : descriptor.attributes) {
    for (const auto& part : attribute.parts) {
      if (!part->finalized) {
        return Refuse(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED,
                      "a part of attribute " + std::to_string(name) + " is not finalized");
      }
    }
  }
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace

cudnnStatus_t Refuse(cudnnStatus_t status, const std::string& words) {
  last_words = words;
  return status;
}

void CudnnDescriptor::PutPart(cudnnBackendAttributeName_t name,
                              std::shared_ptr<const CudnnDescriptor> part) {
  attributes[name] = {.type = CUDNN_TYPE_BACKEND_DESCRIPTOR, .count = 1};
  attributes[name].parts.push_back(std::move(part));
}

}  // namespace seve::emulator

using namespace seve::emulator;

extern "C" {

void cudnnGetLastErrorString(char* message, size_t size) {
  if (size == 0) return;
  const size_t length = std::min(size - 1, last_words.size());
  std::memcpy(message, last_words.data(), length);
  message[length] = '\0';
}

cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type,
                                           cudnnBackendDescriptor_t* descriptor) {
  if (descriptor == nullptr)
    return Refuse(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "nowhere to put it");
  auto made = std::make_shared<CudnnDescriptor>();
  made->type = type;
  *descriptor = new HeldDescriptor(std::move(made));
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t descriptor) {
  delete static_cast<HeldDescriptor*>(descriptor);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t descriptor,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t count,
                                       const void* values) {
  CudnnDescriptor& held = *Of(descriptor);
  if (held.finalized) return Refuse(CUDNN_STATUS_BAD_PARAM, "the descriptor is finalized");
  if (count <= 0 || values == nullptr) return Refuse(CUDNN_STATUS_BAD_PARAM, "no values");
  CudnnDescriptor::Attribute attribute = {.type = type, .count = count};
  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
    const auto* parts = static_cast<const cudnnBackendDescriptor_t*>(values);
    for (int64_t i = 0; i < count; ++i) attribute.parts.push_back(Of(parts[i]));
  } else {
    const auto* bytes = static_cast<const std::byte*>(values);
    attribute.bytes.assign(bytes, bytes + static_cast<size_t>(count) * SizeOf(type));
  }
  held.attributes[name] = std::move(attribute);
  return CUDNN_STATUS_SUCCESS;
}

// Descriptors that are asked for are given in the caller's own.
cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t const descriptor,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t requested,
                                       int64_t* count, void* values) {
  const CudnnDescriptor& held = *Of(descriptor);
  if (!held.finalized) return Refuse(CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED, "not finalized");
  if (!held.Has(name)) return Refuse(CUDNN_STATUS_BAD_PARAM, "no such attribute");
  const CudnnDescriptor::Attribute& attribute = held.attributes.at(name);
  if (attribute.type != type) return Refuse(CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE, "another type");
  if (count != nullptr) *count = attribute.count;
  const auto given = static_cast<size_t>(std::min(requested, attribute.count));
  if (type == CUDNN_TYPE_BACKEND_DESCRIPTOR) {
    auto* parts = static_cast<cudnnBackendDescriptor_t*>(values);
    for (size_t i = 0; i < given; ++i) *Of(parts[i]) = *attribute.parts[i];
  } else if (given > 0) {
    std::memcpy(values, attribute.bytes.data(), given * SizeOf(type));
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t descriptor) {
  CudnnDescriptor& held = *Of(descriptor);
  cudnnStatus_t status = CheckWhole(held);
  if (status == CUDNN_STATUS_SUCCESS) {
    switch (held.type) {
      case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR:
        status = FinalizeGraph(held);
        break;
      case CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR:
        status = FinalizeHeuristics(held);
        break;
      case CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR:
        status = FinalizePlan(held);
        break;
      default:
        break;
    }
  }
  held.finalized = status == CUDNN_STATUS_SUCCESS;
  return status;
}
}
