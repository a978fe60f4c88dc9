// Memory that the ranks of one host map into all their address spaces.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "comm/host_barrier.h"
#include "comm/mpi/mpi_call.h"

namespace seve {

class SharedMemory {
 public:
  // Collective over `host`: `bytes` for this rank (ranks may differ), zero, 256-byte aligned.
  SharedMemory(const MpiComm& host, size_t bytes);
  // Collective, unless an exception unwinds the stack: the memory then stays until the process
  // ends.
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;

  // The bytes of the rank with this index on the host.
  [[nodiscard]] std::byte* of(int index) const { return segments_[index]; }

 private:
  MPI_Win window_ = MPI_WIN_NULL;
  std::vector<std::byte*> segments_;
};

// Frees the memory once every rank of the host has come, up to the deadline. Where one does not
// come, says so in the log and leaves the memory until the process ends: MPI would wait for ever.
void FreeTogether(std::unique_ptr<SharedMemory> memory, HostBarrier& barrier, int rank);

// The folder in which MPI puts shared memory, and the bytes free there.
[[nodiscard]] std::string SharedMemoryFolder();
[[nodiscard]] double FreeBytes(const std::string& folder);
// What an allocation of `bytes` a rank takes with its padding.
[[nodiscard]] double BytesWithPadding(size_t bytes, int ranks);

}  // namespace seve
