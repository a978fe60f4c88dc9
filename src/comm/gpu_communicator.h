// Sums over ranks of memory that lies on their GPUs. The one implementation is NCCL's (comm/nccl/);
// comm/no_nccl/ says that it is not built in.
//
// Operations are collective and enqueue in a stream: all ranks call them in the same order with the
// same sizes. They may be captured in a graph (cudaStreamCaptureModeThreadLocal: NCCL launches from
// a thread of its own) once each was run before. Such graphs die before the communicator, which
// would wait for them.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "comm/communicator.h"
#include "comm/range.h"

struct CUstream_st;
struct __nv_bfloat16;

namespace seve {

class GpuCommunicator {
 public:
  virtual ~GpuCommunicator() = default;

  // In place; every rank gets the same bits. Bytes on the wire: 2 (p - 1) / p of the range's
  // over p ranks.
  virtual void AllReduceSum(float* values, size_t count, CUstream_st* stream) = 0;
  virtual void AllReduceSum(double* values, size_t count, CUstream_st* stream) = 0;
  // Half the bytes of float; every rank's addition rounds.
  virtual void AllReduceSum(__nv_bfloat16* values, size_t count, CUstream_st* stream) = 0;

  // The same in the shape of the binary tree over ranks (comm/tree_sum.h), whose bits do not
  // depend on the number of ranks when each brings a subtree: all-to-all of slices, sum,
  // all-gather. The same bytes on the wire. The number of ranks is a power of two.
  virtual void AllReduceTreeSum(float* values, size_t count, CUstream_st* stream) = 0;

  // The two legs of a sum, each half its bytes. Of so many elements this rank owns a run that
  // starts at a multiple of four; all ranks' are the whole. First its owner alone gets an element's
  // sum, in place, and others' elements are undefined; then every rank gets what owners have.
  [[nodiscard]] virtual Range Owned(size_t count) const = 0;
  virtual void ReduceScatterSum(float* values, size_t count, CUstream_st* stream) = 0;
  virtual void ReduceScatterSum(__nv_bfloat16* values, size_t count, CUstream_st* stream) = 0;
  virtual void ReduceScatterTreeSum(float* values, size_t count, CUstream_st* stream) = 0;
  virtual void AllGather(float* values, size_t count, CUstream_st* stream) = 0;

  // Lets NCCL use values[0, count) without a copy where it can: all ranks or none, before the first
  // operation on that memory, which outlives the communicator. Changes no result. Collective.
  virtual void Register(float* values, size_t count) = 0;

  // Throws Error(kCommunication) with NCCL's own words when something went wrong on the wire.
  // Cheap; not collective. To be called while waiting for what was enqueued.
  virtual void CheckHealth() = 0;

  // For the start table: "NCCL 2.28.9".
  [[nodiscard]] virtual std::string Transport() const = 0;
};

struct GpuCommunicatorOptions {
  // Floats of the longest range that a tree sum will get; 0: none.
  size_t longest_tree_sum = 0;
  // Several ranks share a GPU, which NCCL refuses unless each takes itself for another host: for
  // tests. Set in the environment before NCCL's first call of the process.
  bool shared_gpu = false;
};

// Collective over `communicator`, which outlives the result: makes every rank, on the thread's
// current device, a member. Waits up to half the activity's deadline, so that there is time to tell
// the others. Throws Error(kUsage) where NCCL is not built in; AgreedError, kCommunication with
// NCCL's own words where it fails on a rank and kUsage where ranks share a GPU without
// `shared_gpu`.
std::unique_ptr<GpuCommunicator> MakeGpuCommunicator(Communicator& communicator,
                                                     const GpuCommunicatorOptions& options);

}  // namespace seve
