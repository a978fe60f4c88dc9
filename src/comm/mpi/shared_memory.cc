#include "comm/mpi/shared_memory.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr size_t kPage = 4096;

MPI_Win Allocate(MPI_Comm host, size_t bytes, std::byte** base) {
  MPI_Info info = MPI_INFO_NULL;
  MPI_Win window = MPI_WIN_NULL;
  CheckMpi(MPI_Info_create(&info), "MPI_Info_create");
  // Each rank's segment on pages of its own, so that they lie in the memory next to its cores.
  CheckMpi(MPI_Info_set(info, "alloc_shared_noncontig", "true"), "MPI_Info_set");
  CheckMpi(MPI_Win_allocate_shared(static_cast<MPI_Aint>(bytes), 1, info, host, base, &window),
           "MPI_Win_allocate_shared");
  MPI_Info_free(&info);
  CheckMpi(MPI_Win_set_errhandler(window, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");
  CheckMpi(MPI_Win_lock_all(MPI_MODE_NOCHECK, window), "MPI_Win_lock_all");
  return window;
}

std::byte* BaseOf(MPI_Win window, int index) {
  MPI_Aint size = 0;
  int unit = 0;
  std::byte* base = nullptr;
  CheckMpi(MPI_Win_shared_query(window, index, &size, &unit, &base), "MPI_Win_shared_query");
  return base;
}

}  // namespace

SharedMemory::SharedMemory(const MpiComm& host, size_t bytes) {
  std::byte* base = nullptr;
  window_ = Allocate(host.get(), AlignUp(bytes) + kAlignment, &base);
  // Bases may come 8 mod 64: aligned by hand, with the owner's offset used in every address space.
  const auto address = reinterpret_cast<uintptr_t>(base);
  const size_t offset = AlignUp(address) - address;
  const std::vector<size_t> offsets = host.AllGather(offset);
  for (int index = 0; index < host.size(); ++index) {
    segments_.push_back(BaseOf(window_, index) + offsets[index]);
  }
  std::memset(segments_[host.rank()], 0, AlignUp(bytes));
  CheckMpi(MPI_Barrier(host.get()), "MPI_Barrier");
}

SharedMemory::~SharedMemory() {
  if (std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

void FreeTogether(std::unique_ptr<SharedMemory> memory, HostBarrier& barrier, int rank) {
  if (std::uncaught_exceptions() > 0) return;
  try {
    barrier.Pass("freeing shared memory");
  } catch (const Error& error) {
    Logger(rank).Error(error.what());
    static_cast<void>(memory.release());
  }
}

std::string SharedMemoryFolder() {
  const char* chosen = std::getenv("OMPI_MCA_osc_sm_backing_directory");
  if (chosen != nullptr) return chosen;
  if (access("/dev/shm", W_OK) == 0) return "/dev/shm";
  const char* temporary = std::getenv("TMPDIR");
  return temporary != nullptr ? temporary : "/tmp";
}

double FreeBytes(const std::string& folder) {
  struct statvfs status {};
  if (statvfs(folder.c_str(), &status) != 0) return 0;
  return static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize);
}

double BytesWithPadding(size_t bytes, int ranks) {
  // Open MPI adds a page of bookkeeping to page-aligned segments.
  return (static_cast<double>(ranks) + 1) *
         static_cast<double>((bytes + kAlignment + kPage - 1) / kPage * kPage + kPage);
}

}  // namespace seve
