#include "layers/cuda/cudnn/descriptor.h"

#include <algorithm>

#include "tensor/cuda/cudnn/check.h"

namespace seve {
namespace {

void Require(cudnnStatus_t status) {
  if (status != CUDNN_STATUS_SUCCESS) throw CudnnRefusal(CudnnProblem(status));
}

}  // namespace

CudnnDescriptor::CudnnDescriptor(cudnnBackendDescriptorType_t type) {
  cudnnBackendDescriptor_t descriptor = nullptr;
  Require(cudnnBackendCreateDescriptor(type, &descriptor));
  descriptor_.reset(descriptor);
}

void CudnnDescriptor::Destroy::operator()(void* descriptor) const noexcept {
  static_cast<void>(cudnnBackendDestroyDescriptor(descriptor));
}

void CudnnDescriptor::Set(cudnnBackendAttributeName_t name, const CudnnDescriptor& part) {
  cudnnBackendDescriptor_t descriptor = part.get();
  SetRaw(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &descriptor);
}

void CudnnDescriptor::SetParts(cudnnBackendAttributeName_t name,
                               std::span<const CudnnDescriptor* const> parts) {
  std::vector<cudnnBackendDescriptor_t> descriptors;
  for (const CudnnDescriptor* part : parts) descriptors.push_back(part->get());
  SetRaw(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, static_cast<int64_t>(descriptors.size()),
         descriptors.data());
}

void CudnnDescriptor::Finalize() { Require(cudnnBackendFinalize(get())); }

void CudnnDescriptor::GetPart(cudnnBackendAttributeName_t name, CudnnDescriptor& part) const {
  cudnnBackendDescriptor_t descriptor = part.get();
  GetRaw(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &descriptor);
}

std::vector<CudnnDescriptor> CudnnDescriptor::GetParts(cudnnBackendAttributeName_t name,
                                                       cudnnBackendDescriptorType_t type) const {
  int64_t count = 0;
  Require(cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, &count, nullptr));
  std::vector<CudnnDescriptor> parts;
  std::vector<cudnnBackendDescriptor_t> descriptors;
  for (int64_t i = 0; i < count; ++i) descriptors.push_back(parts.emplace_back(type).get());
  const size_t got = GetRaw(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, count, descriptors.data());
  parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(got), parts.end());
  return parts;
}

void CudnnDescriptor::SetRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                             int64_t count, const void* values) {
  Require(cudnnBackendSetAttribute(get(), name, type, count, values));
}

size_t CudnnDescriptor::GetRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                               int64_t most, void* values) const {
  int64_t count = 0;
  Require(cudnnBackendGetAttribute(get(), name, type, most, &count, values));
  return static_cast<size_t>(std::clamp<int64_t>(count, 0, most));
}

}  // namespace seve
