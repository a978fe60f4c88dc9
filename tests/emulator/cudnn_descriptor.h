// Descriptors of cuDNN's backend API: attributes by name, sealed when finalized.
#pragma once

#include <cudnn.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace seve::emulator {

struct CudnnDescriptor {
  struct Attribute {
    cudnnBackendAttributeType_t type = CUDNN_TYPE_INT64;
    int64_t count = 0;
    std::vector<std::byte> bytes = {};
    std::vector<std::shared_ptr<const CudnnDescriptor>> parts = {};  // of descriptors
  };

  cudnnBackendDescriptorType_t type = CUDNN_BACKEND_TENSOR_DESCRIPTOR;
  bool finalized = false;
  std::map<cudnnBackendAttributeName_t, Attribute> attributes;

  [[nodiscard]] bool Has(cudnnBackendAttributeName_t name) const {
    return attributes.contains(name);
  }
  // What was set; all values of the type.
  template <typename Value>
  [[nodiscard]] std::vector<Value> Values(cudnnBackendAttributeName_t name) const {
    const Attribute& attribute = attributes.at(name);
    std::vector<Value> values(attribute.bytes.size() / sizeof(Value));
    std::memcpy(values.data(), attribute.bytes.data(), values.size() * sizeof(Value));
    return values;
  }
  template <typename Value>
  [[nodiscard]] Value Value1(cudnnBackendAttributeName_t name) const {
    Value value;
    std::memcpy(&value, attributes.at(name).bytes.data(), sizeof(Value));
    return value;
  }
  [[nodiscard]] const CudnnDescriptor& Part(cudnnBackendAttributeName_t name) const {
    return *attributes.at(name).parts.at(0);
  }
  template <typename Value>
  void Put(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t of,
           const std::vector<Value>& values) {
    const auto bytes = std::as_bytes(std::span(values));
    attributes[name] = {.type = of, .count = static_cast<int64_t>(values.size())};
    attributes[name].bytes.assign(bytes.begin(), bytes.end());
  }
  void PutPart(cudnnBackendAttributeName_t name, std::shared_ptr<const CudnnDescriptor> part);
};

// What a cudnnBackendDescriptor_t points to: parts outlive the handles they were set through.
using HeldDescriptor = std::shared_ptr<CudnnDescriptor>;
inline HeldDescriptor& Of(cudnnBackendDescriptor_t descriptor) {
  return *static_cast<HeldDescriptor*>(descriptor);
}

// Returns the status; cudnnGetLastErrorString then has the words.
cudnnStatus_t Refuse(cudnnStatus_t status, const std::string& words);

// By kind, when its attributes are whole: checks them and adds what follows from them.
cudnnStatus_t FinalizeGraph(CudnnDescriptor& graph);
cudnnStatus_t FinalizeHeuristics(CudnnDescriptor& heuristics);
cudnnStatus_t FinalizePlan(CudnnDescriptor& plan);

}  // namespace seve::emulator
