// A descriptor of cuDNN's backend API: made, given its attributes, finalized, then used.
#pragma once

#include <cudnn.h>

#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace seve {

// cuDNN has no engine for what is asked, or none of the kind asked for; what() is its own words.
class CudnnRefusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <typename Value>
struct CudnnTypeOf;
template <>
struct CudnnTypeOf<int64_t> {
  static constexpr auto value = CUDNN_TYPE_INT64;
};
template <>
struct CudnnTypeOf<float> {
  static constexpr auto value = CUDNN_TYPE_FLOAT;
};
template <>
struct CudnnTypeOf<bool> {
  static constexpr auto value = CUDNN_TYPE_BOOLEAN;
};
template <>
struct CudnnTypeOf<cudnnHandle_t> {
  static constexpr auto value = CUDNN_TYPE_HANDLE;
};
template <>
struct CudnnTypeOf<cudnnDataType_t> {
  static constexpr auto value = CUDNN_TYPE_DATA_TYPE;
};
template <>
struct CudnnTypeOf<cudnnConvolutionMode_t> {
  static constexpr auto value = CUDNN_TYPE_CONVOLUTION_MODE;
};
template <>
struct CudnnTypeOf<cudnnPointwiseMode_t> {
  static constexpr auto value = CUDNN_TYPE_POINTWISE_MODE;
};
template <>
struct CudnnTypeOf<cudnnBackendHeurMode_t> {
  static constexpr auto value = CUDNN_TYPE_HEUR_MODE;
};
template <>
struct CudnnTypeOf<cudnnBackendNumericalNote_t> {
  static constexpr auto value = CUDNN_TYPE_NUMERICAL_NOTE;
};
template <>
struct CudnnTypeOf<void*> {
  static constexpr auto value = CUDNN_TYPE_VOID_PTR;
};

// Every failure throws CudnnRefusal: whether cuDNN can do something shows when it is described.
class CudnnDescriptor {
 public:
  explicit CudnnDescriptor(cudnnBackendDescriptorType_t type);

  [[nodiscard]] cudnnBackendDescriptor_t get() const { return descriptor_.get(); }
  [[nodiscard]] cudnnBackendDescriptor_t release() { return descriptor_.release(); }

  template <typename Value>
  void Set(cudnnBackendAttributeName_t name, const Value& value) {
    SetRaw(name, CudnnTypeOf<Value>::value, 1, &value);
  }
  template <typename Value>
  void SetAll(cudnnBackendAttributeName_t name, std::span<const Value> values) {
    SetRaw(name, CudnnTypeOf<Value>::value, static_cast<int64_t>(values.size()), values.data());
  }
  void Set(cudnnBackendAttributeName_t name, const CudnnDescriptor& part);
  void SetParts(cudnnBackendAttributeName_t name, std::span<const CudnnDescriptor* const> parts);

  void Finalize();

  template <typename Value>
  [[nodiscard]] Value Get(cudnnBackendAttributeName_t name) const {
    Value value = {};
    GetRaw(name, CudnnTypeOf<Value>::value, 1, &value);
    return value;
  }
  // Up to `most` of them.
  template <typename Value>
  [[nodiscard]] std::vector<Value> GetAll(cudnnBackendAttributeName_t name, int64_t most) const {
    std::vector<Value> values(static_cast<size_t>(most));
    values.resize(GetRaw(name, CudnnTypeOf<Value>::value, most, values.data()));
    return values;
  }
  // Into a descriptor of that type.
  void GetPart(cudnnBackendAttributeName_t name, CudnnDescriptor& part) const;
  // All there are, each a descriptor of `type`.
  [[nodiscard]] std::vector<CudnnDescriptor> GetParts(cudnnBackendAttributeName_t name,
                                                      cudnnBackendDescriptorType_t type) const;

 private:
  struct Destroy {
    void operator()(void* descriptor) const noexcept;
  };

  void SetRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, int64_t count,
              const void* values);
  size_t GetRaw(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, int64_t most,
                void* values) const;

  std::unique_ptr<void, Destroy> descriptor_;
};

}  // namespace seve
