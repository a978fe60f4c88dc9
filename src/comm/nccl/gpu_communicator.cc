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

// How ranks own a range: equal multiples of 16 bytes of floats, the last one also what is left.
struct Slices {
  static constexpr size_t kPack = 4;

  Slices(size_t count, int ranks)
      : count(count), ranks(ranks), share(count / ranks / kPack * kPack) {}
  [[nodiscard]] size_t begin(int rank) const { return rank == ranks ? count : rank * share; }
  [[nodiscard]] size_t size(int rank) const { return begin(rank + 1) - begin(rank); }
  // Floats for any of them, and for those of any range of at most `longest`.
  [[nodiscard]] size_t pitch() const { return (size(ranks - 1) + kPack - 1) / kPack * kPack; }
  [[nodiscard]] static size_t LargestPitch(size_t longest, int ranks) {
    return Slices(longest, ranks).share + ranks * kPack;
  }
  // Where the equal shares end, and what is left there.
  [[nodiscard]] size_t left() const { return ranks * share; }
  [[nodiscard]] size_t leftovers() const { return count - left(); }

  size_t count;
  int ranks;
  size_t share;
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
  void AllReduceSum(__nv_bfloat16* values, size_t count, cudaStream_t stream) override {
    AllReduce(values, count, ncclBfloat16, stream);
  }
  void AllReduceTreeSum(float* values, size_t count, cudaStream_t stream) override;
  Range Owned(size_t count) const override;
  void ReduceScatterSum(float* values, size_t count, cudaStream_t stream) override {
    ReduceScatter(values, count, ncclFloat, stream);
  }
  void ReduceScatterSum(__nv_bfloat16* values, size_t count, cudaStream_t stream) override {
    ReduceScatter(values, count, ncclBfloat16, stream);
  }
  void ReduceScatterTreeSum(float* values, size_t count, cudaStream_t stream) override;
  void AllGather(float* values, size_t count, cudaStream_t stream) override;
  void Register(float* values, size_t count) override;
  void CheckHealth() override { nccl_.CheckHealth(); }
  std::string Transport() const override;

 private:
  [[nodiscard]] int rank() const { return communicator_.rank(); }
  [[nodiscard]] int size() const { return communicator_.size(); }
  void AllReduce(void* values, size_t count, ncclDataType_t type, cudaStream_t stream);
  template <typename T>
  void ReduceScatter(T* values, size_t count, ncclDataType_t type, cudaStream_t stream);
  // Rank r's slice of values to rank r, from rank k its part of this rank's slice to part k of the
  // staging buffer.
  void ScatterSlices(const float* values, const Slices& slices, cudaStream_t stream);
  // This rank's slice of values to all, theirs from them.
  void GatherSlices(float* values, const Slices& slices, cudaStream_t stream);
  // calls() as one operation.
  template <typename Calls>
  void AsOne(const char* call, Calls&& calls);
  // exchange(to, from) for every peer, as one operation; nearer ranks first, each rank another.
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

// NCCL's own operation takes equal shares; the few elements that are left are summed everywhere.
template <typename T>
void NcclCommunicator::ReduceScatter(T* values, size_t count, ncclDataType_t type,
                                     cudaStream_t stream) {
  const Slices slices(count, size());
  AsOne("ncclReduceScatter", [&] {
    ncclResult_t result = ncclSuccess;
    if (slices.share > 0) {
      result = ncclReduceScatter(values, values + slices.begin(rank()), slices.share, type, ncclSum,
                                 nccl_.get(), stream);
    }
    if (IsFailure(result) || slices.leftovers() == 0) return result;
    T* left = values + slices.left();
    return ncclAllReduce(left, left, slices.leftovers(), type, ncclSum, nccl_.get(), stream);
  });
}

void NcclCommunicator::AllGather(float* values, size_t count, cudaStream_t stream) {
  const Slices slices(count, size());
  AsOne("ncclAllGather", [&] {
    ncclResult_t result = ncclSuccess;
    if (slices.share > 0) {
      result = ncclAllGather(values + slices.begin(rank()), values, slices.share, ncclFloat,
                             nccl_.get(), stream);
    }
    if (IsFailure(result) || slices.leftovers() == 0) return result;
    float* left = values + slices.left();
    return ncclBroadcast(left, left, slices.leftovers(), ncclFloat, size() - 1, nccl_.get(),
                         stream);
  });
}

Range NcclCommunicator::Owned(size_t count) const {
  const Slices slices(count, size());
  return {slices.begin(rank()), slices.begin(rank() + 1)};
}

void NcclCommunicator::AllReduceTreeSum(float* values, size_t count, cudaStream_t stream) {
  ReduceScatterTreeSum(values, count, stream);
  if (count > 0 && size() > 1) GatherSlices(values, Slices(count, size()), stream);
}

void NcclCommunicator::ReduceScatterTreeSum(float* values, size_t count, cudaStream_t stream) {
  Check(std::has_single_bit(static_cast<unsigned>(size())),
        "a tree sum takes a power of two of ranks");
  if (count == 0 || size() == 1) return;
  const Slices slices(count, size());
  Check(slices.pitch() * size() * sizeof(float) <= staging_.size(),
        "a tree sum is longer than the longest that was announced");
  ScatterSlices(values, slices, stream);
  TreeSumOnGpu(
      {.staged = staging_.As<float>(), .pitch = slices.pitch(), .parts = size(), .own = rank()},
      values + slices.begin(rank()), slices.size(rank()), stream);
}

void NcclCommunicator::ScatterSlices(const float* values, const Slices& slices,
                                     cudaStream_t stream) {
  WithEachPeer("ncclSend of slices", [&](int to, int from) {
    const ncclResult_t sent = Send(values + slices.begin(to), slices.size(to), to, stream);
    if (IsFailure(sent)) return sent;
    return Receive(staging_.As<float>() + from * slices.pitch(), slices.size(rank()), from, stream);
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
  AsOne(call, [&] {
    ncclResult_t result = ncclSuccess;
    for (int distance = 1; distance < size() && !IsFailure(result); ++distance) {
      result = exchange((rank() + distance) % size(), (rank() - distance + size()) % size());
    }
    return result;
  });
}

template <typename Calls>
void NcclCommunicator::AsOne(const char* call, Calls&& calls) {
  nccl_.Finish(ncclGroupStart(), "ncclGroupStart");
  const ncclResult_t result = calls();
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
    if (const size_t longest = options.longest_tree_sum; longest > 0) {
      staging = DeviceBuffer(Slices::LargestPitch(longest, ranks) * ranks * sizeof(float));
    }
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
