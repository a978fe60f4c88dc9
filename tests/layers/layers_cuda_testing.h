// Runs one layer on a GPU, beside its CPU half on the same numbers.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "layers/cuda/cuda_scope.h"
#include "layers/layer_testing.h"

namespace seve::testing {

constexpr Precision kPrecisions[] = {Precision::kFp32, Precision::kTf32, Precision::kBf16,
                                     Precision::kFp16};

// Tests with a GPU, which those of a suite share: its workspace takes long to clear.
class CudaTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { device_ = std::make_unique<CudaDevice>(0); }
  static void TearDownTestSuite() { device_.reset(); }
  static CudaDevice& device() { return *device_; }

 private:
  static inline std::unique_ptr<CudaDevice> device_;
};

// Rounds values to what `type` holds.
void Round(std::span<float> values, DType type);

// A tensor of a GPU with its memory.
class CudaMemory {
 public:
  CudaMemory(std::span<const float> values, Shape shape, DType type, const CudaDevice& device);
  [[nodiscard]] Tensor tensor() const { return {buffer_.data(), type_, shape_}; }
  void Write(std::span<const float> values) const;
  [[nodiscard]] Values Read() const;

 private:
  Shape shape_;
  DType type_;
  const CudaDevice& device_;
  DeviceBuffer buffer_;
};

// A layer bound on a GPU with its memory, and its twin on the CPU, which starts from the same
// numbers: those of LayerRun, rounded to the precision.
class CudaLayerRun {
 public:
  CudaLayerRun(const Layer& layer, const std::vector<Shape>& inputs, int64_t rows,
               CudaDevice& device, Precision precision, const RunOptions& options = {},
               uint64_t seed = 0);

  // Both wait. The context's seed must be the constructor's.
  void Forward(const StepContext& context = {});
  void Backward(const StepContext& context = {});

  LayerRun& cpu() { return cpu_; }
  // Takes over what was written to the twin's inputs and parameters.
  void CopyFromCpu();

  // Copies of the memory.
  [[nodiscard]] Values output() const { return output_.Read(); }
  [[nodiscard]] Values input_gradient(size_t index = 0) const {
    return input_gradients_[index].Read();
  }
  [[nodiscard]] Values parameter_gradient(size_t index) const {
    return parameter_gradients_[index].Read();
  }

 private:
  CudaMemory Upload(std::span<float> values, const Shape& shape);

  CudaDevice& device_;
  DType type_;
  LayerRun cpu_;
  CudaMemory output_, output_gradient_;
  DeviceBuffer workspace_, place_;
  std::vector<CudaMemory> inputs_, input_gradients_, parameters_, parameter_gradients_;
  std::unique_ptr<BoundLayer> bound_;
};

}  // namespace seve::testing
