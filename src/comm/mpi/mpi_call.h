// MPI's C interface with its error codes turned into exceptions. For the files of this folder
// alone.
#pragma once

#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <source_location>
#include <span>
#include <vector>

#include "comm/waiter.h"

namespace seve {

// Throws Error(kCommunication) with MPI's own words unless `result` is MPI_SUCCESS.
void CheckMpi(int result, const char* call,
              std::source_location where = std::source_location::current());

// Waits for nonblocking operations with the waiter's deadline. `missing`: the ranks to blame.
template <typename Missing>
void WaitForMpi(std::span<MPI_Request> requests, const Waiter& waiter, const char* operation,
                Missing&& missing) {
  waiter.Until(
      operation,
      [&] {
        int done = 0;
        CheckMpi(MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done,
                             MPI_STATUSES_IGNORE),
                 operation);
        return done != 0;
      },
      missing);
}

// An MPI communicator handle, freed unless an exception unwinds the stack.
class MpiComm {
 public:
  explicit MpiComm(MPI_Comm handle = MPI_COMM_NULL) : handle_(handle) {}
  MpiComm(MpiComm&& other) noexcept;
  MpiComm& operator=(MpiComm&& other) noexcept;
  ~MpiComm();

  // The ranks of equal colour, ordered by key; MPI_UNDEFINED as colour gives a null handle.
  [[nodiscard]] MpiComm Split(int colour, int key) const;
  // The ranks that can share memory with this one.
  [[nodiscard]] MpiComm SplitByHost() const;

  [[nodiscard]] MPI_Comm get() const { return handle_; }
  [[nodiscard]] int rank() const;
  [[nodiscard]] int size() const;

  // `values` of every rank, in rank order; all give equally many. For set-up: it has no deadline.
  template <typename T>
  [[nodiscard]] std::vector<T> AllGather(std::span<const T> values) const {
    std::vector<T> all(values.size() * size());
    CheckMpi(MPI_Allgather(values.data(), static_cast<int>(values.size_bytes()), MPI_BYTE,
                           all.data(), static_cast<int>(values.size_bytes()), MPI_BYTE, handle_),
             "MPI_Allgather");
    return all;
  }
  template <typename T>
  [[nodiscard]] std::vector<T> AllGather(const T& value) const {
    return AllGather(std::span<const T>(&value, 1));
  }

 private:
  MPI_Comm handle_;
};

}  // namespace seve
