// How long sums of gradients over GPUs take, one a rank, with nothing beside them:
//   mpirun -n N benchmark_gpu_allreduce [--json FILE] [FLOATS …]
//
// As training does them: NCCL's sum of floats, of bfloat16 (reduction { wire: BF16 }), its two legs
// apart (distribution: ZERO_1), and the tree's sum of `reproducible`, where ranks are a power of
// two. A time is rank 0's median over windows of calls back to back, by the GPU's clock. Prints a
// table as nccl-tests do (bus bandwidth: bytes of FP32 over time, times 2 (n - 1) / n), with the
// number of wrong values, and writes an object a line to FILE.
#include <cuda_bf16.h>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "benchmarks/device/timer.h"
#include "comm/gpu_communicator.h"
#include "comm/mpi/mpi_communicator.h"
#include "report/version.h"
#include "tensor/cuda/device_buffer.h"

namespace seve::benchmark {
namespace {

struct Way {
  const char* name;
  std::function<void()> sum;
};

class Benchmark {
 public:
  Benchmark(Communicator& comm, const CudaDevice& device, size_t longest)
      : comm_(comm),
        device_(device),
        tree_(std::has_single_bit(static_cast<unsigned>(comm.size()))),
        gpus_(MakeGpuCommunicator(comm, {.longest_tree_sum = tree_ ? longest : 0})),
        values_(longest * sizeof(float)),
        narrow_(longest * sizeof(__nv_bfloat16)) {
    for (const auto* buffer : {&values_, &narrow_}) {
      CheckCuda(cudaMemset(buffer->data(), 0, buffer->size()), "cudaMemset");
    }
    gpus_->Register(values_.As<float>(), longest);
  }

  // In the order of the table.
  [[nodiscard]] std::vector<Way> Ways(size_t floats) const {
    float* values = values_.As<float>();
    auto* narrow = narrow_.As<__nv_bfloat16>();
    const cudaStream_t stream = device_.stream();
    std::vector<Way> ways = {
        {"float", [=, this] { gpus_->AllReduceSum(values, floats, stream); }},
        {"bfloat16", [=, this] { gpus_->AllReduceSum(narrow, floats, stream); }},
        {"legs", [=, this] {
           gpus_->ReduceScatterSum(values, floats, stream);
           gpus_->AllGather(values, floats, stream);
         }}};
    if (tree_) {
      ways.push_back({"tree", [=, this] { gpus_->AllReduceTreeSum(values, floats, stream); }});
    }
    return ways;
  }

  [[nodiscard]] double Seconds(const Way& way) const { return MedianSeconds(device_, {}, way.sum); }

  // Of all ways in floats.
  [[nodiscard]] size_t CountWrong(size_t floats) const {
    size_t wrong = 0;
    std::vector<float> terms(floats), sums(floats);
    for (size_t i = 0; i < floats; ++i) terms[i] = 3 + static_cast<float>(i & 7);
    for (const Way& way : Ways(floats)) {
      if (std::string_view(way.name) == "bfloat16") continue;
      CopyToDevice(std::as_bytes(std::span(terms)), values_.data(), device_.stream());
      way.sum();
      CopyToHost(values_.data(), std::as_writable_bytes(std::span(sums)), device_.stream());
      for (size_t i = 0; i < floats; ++i) {
        wrong += sums[i] == static_cast<float>(comm_.size()) * terms[i] ? 0 : 1;
      }
    }
    return wrong;
  }

  [[nodiscard]] std::string Transport() const { return gpus_->Transport(); }

 private:
  Communicator& comm_;
  const CudaDevice& device_;
  bool tree_;
  std::unique_ptr<GpuCommunicator> gpus_;
  DeviceBuffer values_, narrow_;
};

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void Print(const Benchmark& benchmark, size_t floats, int ranks, bool root, std::FILE* json) {
  const double bytes = static_cast<double>(floats * sizeof(float));
  std::string line, object;
  for (const Way& way : benchmark.Ways(floats)) {
    const double seconds = benchmark.Seconds(way);
    char text[64];
    std::snprintf(text, sizeof text, " %9.1f %7.2f", seconds * 1e6,
                  bytes / seconds * 1e-9 * 2 * (ranks - 1) / ranks);
    line += text;
    std::snprintf(text, sizeof text, "\"%s_seconds\": %.9g, ", way.name, seconds);
    object += text;
  }
  const size_t wrong = benchmark.CountWrong(floats);
  if (!root) return;
  std::printf(" %11.0f %10zu%s %7zu\n", bytes, floats, line.c_str(), wrong);
  if (json == nullptr) return;
  std::fprintf(json, "{\"bytes\": %.0f, \"ranks\": %d, %s\"wrong\": %zu}\n", bytes, ranks,
               object.c_str(), wrong);
}

void Main(std::span<char*> arguments) {
  std::unique_ptr<std::FILE, Close> json;
  const MpiSession session;
  const auto comm = MakeMpiCommunicator(session, {});
  const bool root = comm->rank() == 0;
  if (arguments.size() >= 2 && std::string_view(arguments[0]) == "--json") {
    if (root) json.reset(std::fopen(arguments[1], "w"));
    if (root && json == nullptr) ThrowData(std::string(arguments[1]) + " cannot be written");
    arguments = arguments.subspan(2);
  }
  // A step record, 4 KiB to 256 MiB.
  std::vector<size_t> counts = {16, 1024, 16384, 262144, 1048576, 6553600, 67108864};
  if (!arguments.empty()) counts.clear();
  for (const char* size : arguments) counts.push_back(std::strtoul(size, nullptr, 10));

  int gpus = 0;
  CheckCuda(cudaGetDeviceCount(&gpus), "cudaGetDeviceCount");
  const CudaDevice device(comm->rank() % gpus);
  const Benchmark benchmark(*comm, device, std::ranges::max(counts));
  if (root) {
    std::printf("# seve %s, %d ranks, %s\n", Commit().c_str(), comm->size(),
                benchmark.Transport().c_str());
    std::printf("#%11s %10s", "size", "count");
    for (const Way& way : benchmark.Ways(1)) std::printf(" %9s %7s", way.name, "busbw");
    std::printf(" %7s\n#%11s %10s", "#wrong", "(B)", "(elements)");
    for (size_t i = 0; i < benchmark.Ways(1).size(); ++i) std::printf(" %9s %7s", "(us)", "(GB/s)");
    std::printf("\n");
  }
  for (const size_t floats : counts) Print(benchmark, floats, comm->size(), root, json.get());
}

}  // namespace
}  // namespace seve::benchmark

int main(int argc, char** argv) { seve::benchmark::Main(std::span(argv, argc).subspan(1)); }
