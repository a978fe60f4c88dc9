// libcuda_calls.so, to be preloaded (LD_PRELOAD) into a program that loads CUDA's libraries: counts
// its calls of the functions below and appends "PROCESS FUNCTION COUNT" lines, one for each that
// was called, to the file that CUDA_CALLS names, when the program ends. Two runs that differ in
// their number of steps tell what a step calls, to the single call.
//
// What the libraries themselves do inside (cuBLASLt's launches, say) goes past it.
#include <cuda_runtime_api.h>
#include <dlfcn.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace {

struct Counter {
  const char* name;
  std::atomic<long> calls;
};

constexpr int kMost = 32;

// Zeroed before anything runs and never destroyed: programs may still call CUDA while they end.
Counter counters[kMost];
std::atomic<int> used;

Counter* Register(const char* name) {
  Counter* counter = &counters[used++];
  counter->name = name;
  return counter;
}

// Runs when the process ends.
__attribute__((destructor)) void Write() {
  const char* path = std::getenv("CUDA_CALLS");
  if (path == nullptr || used == 0) return;
  std::FILE* file = std::fopen(path, "a");
  if (file == nullptr) return;
  for (int i = 0; i < used; ++i) {
    std::fprintf(file, "%d %s %ld\n", static_cast<int>(getpid()), counters[i].name,
                 counters[i].calls.load());
  }
  std::fclose(file);
}

// What stands in front of one function of a library.
template <typename Result, typename... Parameters>
class Counted {
 public:
  Counted(Result (* /*same*/)(Parameters...), const char* name)
      : counter_(Register(name)),
        next_(reinterpret_cast<Result (*)(Parameters...)>(dlsym(RTLD_NEXT, name))) {
    if (next_ == nullptr) std::abort();  // nothing else defines what was called
  }
  Result operator()(Parameters... arguments) {
    ++counter_->calls;
    return next_(arguments...);
  }

 private:
  Counter* counter_;
  Result (*next_)(Parameters...);
};

}  // namespace

extern "C" {

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  static Counted call(&cudaMalloc, "cudaMalloc");
  return call(memory, bytes);
}

cudaError_t cudaMallocAsync(void** memory, size_t bytes, cudaStream_t stream) {
  static Counted call(&cudaMallocAsync, "cudaMallocAsync");
  return call(memory, bytes, stream);
}

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned int flags) {
  static Counted call(&cudaHostAlloc, "cudaHostAlloc");
  return call(memory, bytes, flags);
}

cudaError_t cudaFree(void* memory) {
  static Counted call(&cudaFree, "cudaFree");
  return call(memory);
}

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  static Counted call(&cudaMemcpy, "cudaMemcpy");
  return call(to, from, bytes, kind);
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  static Counted call(&cudaMemcpyAsync, "cudaMemcpyAsync");
  return call(to, from, bytes, kind, stream);
}

cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  static Counted call(&cudaMemsetAsync, "cudaMemsetAsync");
  return call(to, value, bytes, stream);
}

cudaError_t cudaLaunchKernel(const void* kernel, dim3 blocks, dim3 threads, void** arguments,
                             size_t shared, cudaStream_t stream) {
  static Counted call(&cudaLaunchKernel, "cudaLaunchKernel");
  return call(kernel, blocks, threads, arguments, shared, stream);
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t* config, const void* kernel,
                                void** arguments) {
  static Counted call(&cudaLaunchKernelExC, "cudaLaunchKernelExC");
  return call(config, kernel, arguments);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t graph, cudaStream_t stream) {
  static Counted call(&cudaGraphLaunch, "cudaGraphLaunch");
  return call(graph, stream);
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph,
                                 unsigned long long flags) {
  static Counted call(&cudaGraphInstantiate, "cudaGraphInstantiate");
  return call(executable, graph, flags);
}

cudaError_t cudaDeviceSynchronize() {
  static Counted call(&cudaDeviceSynchronize, "cudaDeviceSynchronize");
  return call();
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  static Counted call(&cudaStreamSynchronize, "cudaStreamSynchronize");
  return call(stream);
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  static Counted call(&cudaEventSynchronize, "cudaEventSynchronize");
  return call(event);
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  static Counted call(&cudaEventQuery, "cudaEventQuery");
  return call(event);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  static Counted call(&cudaEventRecord, "cudaEventRecord");
  return call(event, stream);
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned int flags) {
  static Counted call(&cudaStreamWaitEvent, "cudaStreamWaitEvent");
  return call(stream, event, flags);
}

}  // extern "C"
