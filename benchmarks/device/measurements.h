// What benchmark_gpu measures. Each adds a section of rows to the table.
#pragma once

#include <cstdint>

#include "benchmarks/device/table.h"
#include "benchmarks/device/timer.h"
#include "tensor/cuda/cuda_device.h"

namespace seve::benchmark {

struct Sizes {
  int64_t elements = int64_t{64} << 20;  // FP32 elements of an array; as many bytes in BF16
  int64_t product = 8192;                // rows and columns of every matrix
  int64_t pictures = 64;                 // of 224 x 224 in a batch; four times as many of 32 x 32
  bool small_pictures = false;           // convolve those of 32 x 32 alone
};

struct Bench {
  CudaDevice& device;
  Repeats repeats;
  Sizes sizes;
  Table& table;
};

// Copies within the device: bytes a second, those read and those written both counted. Returns the
// highest rate, with which the next two compare theirs.
double MeasureCopies(const Bench& bench);
// One update of all parameters by every rule.
void MeasureOptimizers(const Bench& bench, double copy_rate);
// Forward and backward passes of every activation layer in FP32 and BF16.
void MeasureActivations(const Bench& bench, double copy_rate);
// The products of a linear layer, through what linear layers use, in FP32, TF32 and BF16.
void MeasureProducts(const Bench& bench);
// The passes of convolutions of ResNet-50 and of nets for CIFAR, through what layers use, in TF32
// and BF16, each with its engine.
void MeasureConvolutions(const Bench& bench);

}  // namespace seve::benchmark
