#include "comm/mpi/mpi_across_hosts.h"

#include <limits>

#include "base/error.h"
#include "comm/tree_sum.h"

namespace seve {
namespace {

constexpr size_t kWhole = 4096;  // floats up to which one exchange is faster than two

}  // namespace

MpiAcrossHosts::MpiAcrossHosts(const MpiComm& across, const Waiter& waiter, HostBarrier& barrier)
    : across_(across),
      waiter_(waiter),
      barrier_(barrier),
      host_(across.rank()),
      hosts_(across.size()),
      send_counts_(hosts_),
      send_offsets_(hosts_),
      receive_counts_(hosts_),
      receive_offsets_(hosts_) {}

void MpiAcrossHosts::Sum(std::span<float> slice) {
  Check(slice.size() < std::numeric_limits<int>::max(), "a slice has more floats than MPI counts");
  barrier_.SetAway(true);
  if (slice.size() <= kWhole) {
    SumWhole(slice);
  } else {
    SumInParts(slice);
  }
  barrier_.SetAway(false);
}

void MpiAcrossHosts::SumWhole(std::span<float> slice) {
  const int count = static_cast<int>(slice.size());
  received_.resize(slice.size() * hosts_);
  MPI_Request request = MPI_REQUEST_NULL;
  CheckMpi(MPI_Iallgather(slice.data(), count, MPI_FLOAT, received_.data(), count, MPI_FLOAT,
                          across_.get(), &request),
           "MPI_Iallgather");
  Wait(request);
  AddReceived(slice.size(), slice.data());
}

void MpiAcrossHosts::SumInParts(std::span<float> slice) {
  const Range mine = SliceOf({0, slice.size()}, host_, hosts_);
  for (int host = 0; host < hosts_; ++host) {
    const Range part = SliceOf({0, slice.size()}, host, hosts_);
    send_counts_[host] = static_cast<int>(part.size());
    send_offsets_[host] = static_cast<int>(part.begin);
    receive_counts_[host] = static_cast<int>(mine.size());
    receive_offsets_[host] = static_cast<int>(mine.size() * host);
  }
  received_.resize(mine.size() * hosts_);
  ExchangeParts(slice);
  AddReceived(mine.size(), slice.data() + mine.begin);
  GatherParts(slice);
}

void MpiAcrossHosts::ExchangeParts(std::span<const float> slice) {
  MPI_Request request = MPI_REQUEST_NULL;
  CheckMpi(MPI_Ialltoallv(slice.data(), send_counts_.data(), send_offsets_.data(), MPI_FLOAT,
                          received_.data(), receive_counts_.data(), receive_offsets_.data(),
                          MPI_FLOAT, across_.get(), &request),
           "MPI_Ialltoallv");
  Wait(request);
}

void MpiAcrossHosts::GatherParts(std::span<float> slice) {
  MPI_Request request = MPI_REQUEST_NULL;
  CheckMpi(MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_FLOAT, slice.data(), send_counts_.data(),
                           send_offsets_.data(), MPI_FLOAT, across_.get(), &request),
           "MPI_Iallgatherv");
  Wait(request);
}

void MpiAcrossHosts::AddReceived(size_t count, float* out) {
  inputs_.clear();
  for (int host = 0; host < hosts_; ++host) inputs_.push_back(received_.data() + host * count);
  TreeSum(inputs_, count, out);
}

void MpiAcrossHosts::Wait(MPI_Request request) {
  WaitForMpi({&request, 1}, waiter_, "the sum of gradients (between hosts)",
             [&] { return barrier_.others(); });
}

}  // namespace seve
