#include "comm/mpi/mpi_communicator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "comm/host_barrier.h"
#include "comm/host_name.h"
#include "comm/mpi/hosts.h"
#include "comm/mpi/launcher.h"
#include "comm/mpi/mpi_call.h"
#include "comm/mpi/mpi_window.h"
#include "comm/mpi/shared_memory.h"
#include "comm/waiter.h"

namespace seve {
namespace {

constexpr size_t kMostBytes = size_t{1} << 30;  // a message: MPI counts with int
constexpr int kGatherTag = 1;

// The host's barrier counters, in the memory of its first rank.
std::span<BarrierSlot> MakeSlots(const Hosts& hosts, const SharedMemory& memory) {
  auto* slots = reinterpret_cast<BarrierSlot*>(memory.of(0));
  std::construct_at(slots + hosts.index());
  CheckMpi(MPI_Barrier(hosts.host.get()), "MPI_Barrier");
  return {slots, hosts.local.size()};
}

// Messages of ours may still be under way while this rank waits in shared memory.
void DriveMpi(MPI_Comm world) {
  int found = 0;
  CheckMpi(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, world, &found, MPI_STATUS_IGNORE), "MPI_Iprobe");
}

class MpiCommunicator : public Communicator {
 public:
  explicit MpiCommunicator(int ranks_per_host)
      : hosts_(ranks_per_host),
        waiter_(activity_, {.rank = hosts_.rank(),
                            .oversubscribed = hosts_.oversubscribed,
                            .describe = [this](int rank) { return Describe(rank); },
                            .while_waiting = [this] { DriveMpi(hosts_.world.get()); }}),
        slot_memory_(std::make_unique<SharedMemory>(
            hosts_.host, hosts_.index() == 0 ? hosts_.local.size() * sizeof(BarrierSlot) : 0)),
        barrier_(MakeSlots(hosts_, *slot_memory_), hosts_.index(), waiter_, hosts_.local,
                 hosts_.others) {}
  ~MpiCommunicator() override { FreeTogether(std::move(slot_memory_), barrier_, hosts_.rank()); }

  int rank() const override { return hosts_.rank(); }
  int size() const override { return hosts_.size(); }
  std::string Describe(int rank) const override { return DescribeRank(hosts_.names[rank], rank); }
  std::string Transport() const override;
  Activity& activity() override { return activity_; }
  bool SumsInRankTree() const override { return hosts_.in_rank_tree; }
  void Barrier() override;
  void AllReduceSum(std::span<double> values) override;
  void Broadcast(std::span<std::byte> bytes, int root) override;
  std::vector<std::vector<std::byte>> Gather(std::span<const std::byte> bytes, int root) override;
  std::unique_ptr<Window> AllocateWindow(size_t floats) override;
  void Abort(int code) override;

 private:
  // values.size() doubles of every rank, in rank order, until the next call.
  std::span<const double> AllGather(std::span<const double> values, const char* operation);
  void Wait(MPI_Request request, const char* operation) {
    WaitForMpi({&request, 1}, waiter_, operation, [&] { return barrier_.Laggards(); });
  }
  void CheckFreeMemory(size_t bytes);
  std::vector<size_t> Lengths(size_t mine);
  // Receives one rank's bytes at the root, or sends them to it, in messages of kMostBytes.
  void Receive(std::span<std::byte> bytes, int from);
  void Send(std::span<const std::byte> bytes, int to);

  Hosts hosts_;
  Activity activity_;
  Waiter waiter_;
  std::unique_ptr<SharedMemory> slot_memory_;
  HostBarrier barrier_;
  std::vector<double> gathered_;  // memory of AllGather
};

std::string MpiCommunicator::Transport() const {
  if (hosts_.count == 1) return "MPI, shared memory on one host";
  return fmt::format("MPI, shared memory on each of {} hosts, messages between them", hosts_.count);
}

void MpiCommunicator::Barrier() {
  barrier_.Pass("Barrier");
  if (hosts_.count == 1) return;
  if (hosts_.index() == 0) {
    barrier_.SetAway(true);
    MPI_Request request = MPI_REQUEST_NULL;
    CheckMpi(MPI_Ibarrier(hosts_.across.get(), &request), "MPI_Ibarrier");
    WaitForMpi({&request, 1}, waiter_, "Barrier", [&] { return hosts_.others; });
    barrier_.SetAway(false);
  }
  barrier_.Pass("Barrier");
}

std::span<const double> MpiCommunicator::AllGather(std::span<const double> values,
                                                   const char* operation) {
  barrier_.Enter();
  gathered_.resize(values.size() * size());
  const int count = static_cast<int>(values.size());
  MPI_Request request = MPI_REQUEST_NULL;
  CheckMpi(MPI_Iallgather(values.data(), count, MPI_DOUBLE, gathered_.data(), count, MPI_DOUBLE,
                          hosts_.world.get(), &request),
           "MPI_Iallgather");
  Wait(request, operation);
  return gathered_;
}

void MpiCommunicator::AllReduceSum(std::span<double> values) {
  if (values.empty()) return;
  const std::span<const double> all = AllGather(values, "AllReduceSum");
  std::fill(values.begin(), values.end(), 0.0);
  for (size_t k = 0; k < all.size(); ++k) values[k % values.size()] += all[k];
}

void MpiCommunicator::Broadcast(std::span<std::byte> bytes, int root) {
  barrier_.Enter();
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kMostBytes));
    MPI_Request request = MPI_REQUEST_NULL;
    CheckMpi(MPI_Ibcast(part.data(), static_cast<int>(part.size()), MPI_BYTE, root,
                        hosts_.world.get(), &request),
             "MPI_Ibcast");
    Wait(request, "Broadcast");
    bytes = bytes.subspan(part.size());
  }
}

std::vector<size_t> MpiCommunicator::Lengths(size_t mine) {
  const double length = static_cast<double>(mine);  // exact below 2^53
  const std::span<const double> all = AllGather({&length, 1}, "Gather");
  return {all.begin(), all.end()};
}

std::vector<std::vector<std::byte>> MpiCommunicator::Gather(std::span<const std::byte> bytes,
                                                            int root) {
  const std::vector<size_t> lengths = Lengths(bytes.size());
  std::vector<std::vector<std::byte>> gathered;
  if (rank() != root) {
    Send(bytes, root);
    return gathered;
  }
  for (int from = 0; from < size(); ++from) {
    gathered.emplace_back(lengths[from]);
    if (from == root) {
      std::copy(bytes.begin(), bytes.end(), gathered[from].begin());
    } else {
      Receive(gathered[from], from);
    }
  }
  return gathered;
}

void MpiCommunicator::Receive(std::span<std::byte> bytes, int from) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kMostBytes));
    MPI_Request request = MPI_REQUEST_NULL;
    CheckMpi(MPI_Irecv(part.data(), static_cast<int>(part.size()), MPI_BYTE, from, kGatherTag,
                       hosts_.world.get(), &request),
             "MPI_Irecv");
    WaitForMpi({&request, 1}, waiter_, "Gather", [&] { return std::vector<int>{from}; });
    bytes = bytes.subspan(part.size());
  }
}

void MpiCommunicator::Send(std::span<const std::byte> bytes, int to) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kMostBytes));
    MPI_Request request = MPI_REQUEST_NULL;
    CheckMpi(MPI_Isend(part.data(), static_cast<int>(part.size()), MPI_BYTE, to, kGatherTag,
                       hosts_.world.get(), &request),
             "MPI_Isend");
    WaitForMpi({&request, 1}, waiter_, "Gather", [&] { return std::vector<int>{to}; });
    bytes = bytes.subspan(part.size());
  }
}

void MpiCommunicator::CheckFreeMemory(size_t bytes) {
  const std::string folder = SharedMemoryFolder();
  const int ranks = static_cast<int>(hosts_.local.size());
  const double mine[] = {BytesWithPadding(bytes, ranks), FreeBytes(folder)};
  const std::span<const double> all = AllGather(mine, "AllocateWindow");
  for (int peer = 0; peer < size(); ++peer) {
    const double needed = all[2 * peer], available = all[2 * peer + 1];
    if (needed <= available) continue;
    ThrowUsage(fmt::format(
        "{}: gradients of this host's ranks need {} of shared memory, {} has {} free. Start fewer "
        "ranks on the host, or enlarge it (mount -o remount,size=…; docker run --shm-size=…)",
        Describe(peer), HumanBytes(needed), folder, HumanBytes(available)));
  }
}

std::unique_ptr<Window> MpiCommunicator::AllocateWindow(size_t floats) {
  CheckFreeMemory(floats * sizeof(float));
  const WaitingMark mark(activity_);  // MPI's own collectives have no deadline
  return std::make_unique<MpiWindow>(floats, hosts_, barrier_);
}

void MpiCommunicator::Abort(int code) {
  MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

}  // namespace

std::unique_ptr<Communicator> MakeMpiCommunicator(const MpiSession& session,
                                                  const MpiOptions& options) {
  CheckLauncher(session.size());
  return std::make_unique<MpiCommunicator>(options.ranks_per_host);
}

}  // namespace seve
