#include "comm/nccl/gpu_sums_cuda_testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "comm/tree_sum.h"
#include "tensor/cuda/device_buffer.h"

namespace seve::testing {
namespace {

using Values = std::vector<float>;

bool IsPowerOfTwo(int ranks) { return std::has_single_bit(static_cast<unsigned>(ranks)); }

Values WholeNumbers(size_t floats, int rank, int step) {
  Values values(floats);
  for (size_t i = 0; i < floats; ++i) {
    values[i] = static_cast<float>((i * 7 + 13 * rank + 5 * step) % 101);
  }
  return values;
}

Values RandomNumbers(size_t floats, int rank, int step) {
  std::minstd_rand engine(static_cast<uint32_t>(rank * 1000 + step + 1));
  std::uniform_real_distribution<float> uniform(-1, 1);
  Values values(floats);
  for (float& value : values)
    value = uniform(engine) * std::exp2f(static_cast<float>(rank % 3 * 5));
  return values;
}

// In the shape of the tree; of whole numbers, the sum in any shape.
Values SumOf(Values (*terms)(size_t, int, int), size_t floats, int ranks, int step) {
  std::vector<Values> all;
  std::vector<const float*> inputs;
  for (int rank = 0; rank < ranks; ++rank) {
    all.push_back(terms(floats, rank, step));
    inputs.push_back(all.back().data());
  }
  Values sum(floats);
  TreeSum(inputs, floats, sum.data());
  return sum;
}

void Upload(const Values& values, float* to, const Stream& stream) {
  CopyToDevice(std::as_bytes(std::span(values)), to, stream.get());
}

size_t CountWrong(const float* values, const Values& expected, const Stream& stream) {
  Values found(expected.size());
  CopyToHost(values, std::as_writable_bytes(std::span(found)), stream.get());
  size_t wrong = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    wrong += std::bit_cast<uint32_t>(found[i]) != std::bit_cast<uint32_t>(expected[i]);
  }
  return wrong;
}

CudaGraphExec Capture(const Stream& stream, const std::function<void()>& enqueue) {
  CheckCuda(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal),
            "cudaStreamBeginCapture");
  enqueue();
  cudaGraph_t graph = nullptr;
  CheckCuda(cudaStreamEndCapture(stream.get(), &graph), "cudaStreamEndCapture");
  const CudaGraph owner(graph);
  cudaGraphExec_t executable = nullptr;
  CheckCuda(cudaGraphInstantiate(&executable, graph, 0), "cudaGraphInstantiate");
  return CudaGraphExec(executable);
}

}  // namespace

void GpuSumsAreExact(Communicator& comm, GpuCommunicator& gpu, size_t floats) {
  const Stream stream = MakeStream();
  const DeviceBuffer values((floats + 1) * sizeof(float));
  Upload(WholeNumbers(floats, comm.rank(), 0), values.As<float>(), stream);
  gpu.AllReduceSum(values.As<float>(), floats, stream.get());
  EXPECT_EQ(CountWrong(values.As<float>(), SumOf(WholeNumbers, floats, comm.size(), 0), stream), 0u)
      << floats << " floats";
}

void GpuTreeSumsHaveTheBitsOfTheCpu(Communicator& comm, GpuCommunicator& gpu, size_t floats) {
  const Stream stream = MakeStream();
  const DeviceBuffer arena((floats + 8) * sizeof(float));
  for (const size_t begin : {0, 4, 3}) {
    Values expected(floats + 8, -77);
    Upload(expected, arena.As<float>(), stream);
    const Values sum = SumOf(RandomNumbers, floats, comm.size(), 0);
    std::ranges::copy(sum, expected.begin() + static_cast<std::ptrdiff_t>(begin));
    Upload(RandomNumbers(floats, comm.rank(), 0), arena.As<float>() + begin, stream);
    gpu.AllReduceTreeSum(arena.As<float>() + begin, floats, stream.get());
    EXPECT_EQ(CountWrong(arena.As<float>(), expected, stream), 0u)
        << floats << " floats from " << begin;
  }
}

void GpuSumsReplay(Communicator& comm, const GpuCommunicatorOptions& options) {
  constexpr size_t kFloats = 5003;
  const bool tree = IsPowerOfTwo(comm.size());
  const Stream stream = MakeStream();
  const DeviceBuffer arena(2 * AlignUp(kFloats * sizeof(float)));
  float* whole = arena.As<float>();
  float* random = whole + AlignUp(kFloats * sizeof(float)) / sizeof(float);
  const auto gpu = MakeGpuCommunicator(comm, options);
  gpu->Register(whole, arena.size() / sizeof(float));
  const auto sum_both = [&] {
    gpu->AllReduceSum(whole, kFloats, stream.get());
    if (tree) gpu->AllReduceTreeSum(random, kFloats, stream.get());
  };
  sum_both();
  CheckCuda(cudaStreamSynchronize(stream.get()), "cudaStreamSynchronize");
  const CudaGraphExec graph = Capture(stream, sum_both);
  for (int step = 1; step < 4; ++step) {
    Upload(WholeNumbers(kFloats, comm.rank(), step), whole, stream);
    Upload(RandomNumbers(kFloats, comm.rank(), step), random, stream);
    CheckCuda(cudaGraphLaunch(graph.get(), stream.get()), "cudaGraphLaunch");
    EXPECT_EQ(CountWrong(whole, SumOf(WholeNumbers, kFloats, comm.size(), step), stream), 0u);
    if (!tree) continue;
    EXPECT_EQ(CountWrong(random, SumOf(RandomNumbers, kFloats, comm.size(), step), stream), 0u);
  }
  gpu->CheckHealth();
}

void GpuCommunicatorsKeepTheirPromises(Communicator& comm, bool shared_gpu) {
  constexpr size_t kLongest = 100003;
  const GpuCommunicatorOptions options{.longest_tree_sum = kLongest, .shared_gpu = shared_gpu};
  const auto gpu = MakeGpuCommunicator(comm, options);
  EXPECT_THAT(gpu->Transport(), ::testing::StartsWith("NCCL 2."));
  EXPECT_EQ(gpu->Transport().ends_with(", ranks share a GPU"), shared_gpu);
  for (const size_t floats :
       {size_t{0}, size_t{1}, size_t{5}, size_t{64}, size_t{1000}, kLongest}) {
    GpuSumsAreExact(comm, *gpu, floats);
    if (IsPowerOfTwo(comm.size())) GpuTreeSumsHaveTheBitsOfTheCpu(comm, *gpu, floats);
  }
  GpuSumsReplay(comm, options);
}

}  // namespace seve::testing
