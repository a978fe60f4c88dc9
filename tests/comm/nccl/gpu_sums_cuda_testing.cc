#include "comm/nccl/gpu_sums_cuda_testing.h"

#include <cuda_bf16.h>
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

// Up to 12 a rank: the sums of 16 ranks have 8 bits.
Values SmallNumbers(size_t floats, int rank, int step) {
  Values values = WholeNumbers(floats, rank, step);
  for (float& value : values) value = std::fmod(value, 13.0f);
  return values;
}

std::vector<__nv_bfloat16> Narrow(const Values& values) {
  std::vector<__nv_bfloat16> narrow;
  for (const float value : values) narrow.push_back(__float2bfloat16(value));
  return narrow;
}

size_t CountWrongNarrow(const __nv_bfloat16* values, const Values& expected, Range range,
                        const Stream& stream) {
  std::vector<__nv_bfloat16> found(expected.size());
  CopyToHost(values, std::as_writable_bytes(std::span(found)), stream.get());
  size_t wrong = 0;
  for (size_t i = range.begin; i < range.end; ++i) {
    wrong += __bfloat162float(found[i]) == expected[i] ? 0 : 1;
  }
  return wrong;
}

void ExpectOwnersCoverAll(Communicator& comm, Range mine, size_t floats) {
  EXPECT_EQ(mine.begin % 4, 0u);
  double bounds[] = {static_cast<double>(mine.size()), static_cast<double>(mine.begin),
                     static_cast<double>(mine.end)};
  comm.AllReduceSum(bounds);
  EXPECT_EQ(bounds[0], static_cast<double>(floats));
  EXPECT_EQ(bounds[2] - bounds[1], static_cast<double>(floats));
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

void GpuLegsMakeASum(Communicator& comm, GpuCommunicator& gpu, size_t floats) {
  const Stream stream = MakeStream();
  const Range mine = gpu.Owned(floats);
  ExpectOwnersCoverAll(comm, mine, floats);

  const DeviceBuffer values((floats + 1) * sizeof(float));
  Upload(WholeNumbers(floats, comm.rank(), 0), values.As<float>(), stream);
  gpu.ReduceScatterSum(values.As<float>(), floats, stream.get());
  gpu.AllGather(values.As<float>(), floats, stream.get());
  EXPECT_EQ(CountWrong(values.As<float>(), SumOf(WholeNumbers, floats, comm.size(), 0), stream), 0u)
      << floats << " floats";

  const Values sum = SumOf(SmallNumbers, floats, comm.size(), 0);
  const auto terms = Narrow(SmallNumbers(floats, comm.rank(), 0));
  const DeviceBuffer narrow((floats + 1) * sizeof(__nv_bfloat16));
  auto* at = narrow.As<__nv_bfloat16>();
  CopyToDevice(std::as_bytes(std::span(terms)), at, stream.get());
  gpu.ReduceScatterSum(at, floats, stream.get());
  EXPECT_EQ(CountWrongNarrow(at, sum, mine, stream), 0u) << floats << " of bfloat16, owned";
  CopyToDevice(std::as_bytes(std::span(terms)), at, stream.get());
  gpu.AllReduceSum(at, floats, stream.get());
  EXPECT_EQ(CountWrongNarrow(at, sum, {0, floats}, stream), 0u) << floats << " of bfloat16";

  if (!IsPowerOfTwo(comm.size())) return;
  Upload(RandomNumbers(floats, comm.rank(), 0), values.As<float>(), stream);
  gpu.ReduceScatterTreeSum(values.As<float>(), floats, stream.get());
  gpu.AllGather(values.As<float>(), floats, stream.get());
  EXPECT_EQ(CountWrong(values.As<float>(), SumOf(RandomNumbers, floats, comm.size(), 0), stream),
            0u)
      << floats << " floats of a tree";
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
    GpuLegsMakeASum(comm, *gpu, floats);
    if (IsPowerOfTwo(comm.size())) GpuTreeSumsHaveTheBitsOfTheCpu(comm, *gpu, floats);
  }
  GpuSumsReplay(comm, options);
}

}  // namespace seve::testing
