#include "comm/gpu_communicator.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "base/log.h"
#include "comm/agreement.h"
#include "comm/cuda/tree_sum.h"
#include "comm/nccl/distinct_gpus.h"
#include "comm/nccl/nccl_handle.h"
#include "comm/nccl/shared_gpu.h"
#include "tensor/cuda/device_buffer.h"

namespace seve {
namespace {

// Floats of a range that one rank sums: equal multiples of 16 bytes, what is left for the last.
size_t SliceFloats(size_t count, int ranks) {
  constexpr size_t kPack = 4;
  const size_t share = (count + ranks - 1) / ranks;
  return (share + kPack - 1) / kPack * kPack;
}

struct Slices {
  Slices(size_t count, int ranks) : count(count), pitch(SliceFloats(count, ranks)) {}
  [[nodiscard]] size_t begin(int rank) const { return std::min(count, rank * pitch); }
  [[nodiscard]] size_t size(int rank) const { return begin(rank + 1) - begin(rank); }

  size_t count, pitch;
};

class NcclCommunicator : public GpuCommunicator {
 public:
  NcclCommunicator(const ncclUniqueId& id, Communicator& communicator, DeviceBuffer staging,
                   bool shared_gpu)
      : communicator_(communicator),
        shared_gpu_(shared_gpu),
        staging_(std::move(staging)),
        nccl_(id, communicator) {}

  void AllReduceSum(float* values, size_t count, cudaStream_t stream) override {
    AllReduce(values, count, ncclFloat, stream);
  }
  void AllReduceSum(double* values, size_t count, cudaStream_t stream) override {
    AllReduce(values, count, ncclDouble, stream);
  }
  void AllReduceTreeSum(float* values, size_t count, cudaStream_t stream) override;
  void Register(float* values, size_t count) override;
  void CheckHealth() override { nccl_.CheckHealth(); }
  std::string Transport() const override;

 private:
  [[nodiscard]] int rank() const { return communicator_.rank(); }
  [[nodiscard]] int size() const { return communicator_.size(); }
  void AllReduce(void* values, size_t count, ncclDataType_t type, cudaStream_t stream);
  // Rank r's slice of values to rank r, from rank k its part of this rank's slice to part k of the
  // staging buffer.
  void ScatterSlices(const float* values, const Slices& slices, cudaStream_t stream);
  // This rank's slice of values to all, theirs from them.
  void GatherSlices(float* values, const Slices& slices, cudaStream_t stream);
  // exchange(peer) for every peer, as one operation; nearer ranks first, each rank another.
  template <typename Exchange>
  void WithEachPeer(const char* call, Exchange&& exchange);
  ncclResult_t Send(const float* from, size_t count, int peer, cudaStream_t stream) {
    return count == 0 ? ncclSuccess : ncclSend(from, count, ncclFloat, peer, nccl_.get(), stream);
  }
  ncclResult_t Receive(float* to, size_t count, int peer, cudaStream_t stream) {
    return count == 0 ? ncclSuccess : ncclRecv(to, count, ncclFloat, peer, nccl_.get(), stream);
  }

  Communicator& communicator_;
  bool shared_gpu_;
  DeviceBuffer staging_;  // for the longest tree sum's slices, one a rank
  NcclHandle nccl_;
};

// Always ncclSum: with ncclAvg NCCL gives up its fastest algorithms.
void NcclCommunicator::AllReduce(void* values, size_t count, ncclDataType_t type,
                                 cudaStream_t stream) {
  if (count == 0) return;
  nccl_.Finish(ncclAllReduce(values, values, count, type, ncclSum, nccl_.get(), stream),
               "ncclAllReduce");
}

void NcclCommunicator::AllReduceTreeSum(float* values, size_t count, cudaStream_t stream) {
  Check(std::has_single_bit(static_cast<unsigned>(size())),
        "a tree sum takes a power of two of ranks");
  if (count == 0 || size() == 1) return;
  const Slices slices(count, size());
  Check(slices.pitch * size() * sizeof(float) <= staging_.size(),
        "a tree sum is longer than the longest that was announced");
  ScatterSlices(values, slices, stream);
  TreeSumOnGpu(
      {.staged = staging_.As<float>(), .pitch = slices.pitch, .parts = size(), .own = rank()},
      values + slices.begin(rank()), slices.size(rank()), stream);
  GatherSlices(values, slices, stream);
}

void NcclCommunicator::ScatterSlices(const float* values, const Slices& slices,
                                     cudaStream_t stream) {
  WithEachPeer("ncclSend of slices", [&](int to, int from) {
    const ncclResult_t sent = Send(values + slices.begin(to), slices.size(to), to, stream);
    if (IsFailure(sent)) return sent;
    return Receive(staging_.As<float>() + from * slices.pitch, slices.size(rank()), from, stream);
  });
}

void NcclCommunicator::GatherSlices(float* values, const Slices& slices, cudaStream_t stream) {
  WithEachPeer("ncclSend of sums", [&](int to, int from) {
    const ncclResult_t sent = Send(values + slices.begin(rank()), slices.size(rank()), to, stream);
    if (IsFailure(sent)) return sent;
    return Receive(values + slices.begin(from), slices.size(from), from, stream);
  });
}

template <typename Exchange>
void NcclCommunicator::WithEachPeer(const char* call, Exchange&& exchange) {
  nccl_.Finish(ncclGroupStart(), "ncclGroupStart");
  ncclResult_t result = ncclSuccess;
  for (int distance = 1; distance < size() && !IsFailure(result); ++distance) {
    result = exchange((rank() + distance) % size(), (rank() - distance + size()) % size());
  }
  const ncclResult_t ended = ncclGroupEnd();  // whatever became of the calls
  nccl_.Finish(IsFailure(result) ? result : ended, call);
}

void NcclCommunicator::Register(float* values, size_t count) {
  if (count == 0) return;
  const bool registered = nccl_.Register(values, count * sizeof(float));
  double failures = registered ? 0 : 1;
  communicator_.AllReduceSum({&failures, 1});
  if (failures == 0) return;
  if (registered) nccl_.Deregister();
  if (rank() == 0) {
    Logger().Warn(fmt::format("NCCL could not register memory on {} of {} ranks: it copies instead",
                              failures, size()));
  }
}

std::string NcclCommunicator::Transport() const {
  int version = 0;
  CheckNccl(ncclGetVersion(&version), "ncclGetVersion");
  return fmt::format("NCCL {}.{}.{}{}", version / 10000, version / 100 % 100, version % 100,
                     shared_gpu_ ? ", ranks share a GPU" : "");
}

}  // namespace

std::unique_ptr<GpuCommunicator> MakeGpuCommunicator(Communicator& communicator,
                                                     const GpuCommunicatorOptions& options) {
  if (options.shared_gpu) {
    PretendToBeAHost(communicator.rank());
  } else {
    CheckGpusAreDistinct(communicator);
  }
  const int ranks = communicator.size();
  ncclUniqueId id = {};
  DeviceBuffer staging;
  RunAgreed(communicator, [&] {
    staging = DeviceBuffer(SliceFloats(options.longest_tree_sum, ranks) * ranks * sizeof(float));
    if (communicator.rank() == 0) CheckNccl(ncclGetUniqueId(&id), "ncclGetUniqueId");
  });
  communicator.Broadcast(std::as_writable_bytes(std::span(&id, 1)), 0);
  std::unique_ptr<GpuCommunicator> made;
  RunAgreed(communicator, [&] {
    made = std::make_unique<NcclCommunicator>(id, communicator, std::move(staging),
                                              options.shared_gpu);
  });
  return made;
}

}  // namespace seve
