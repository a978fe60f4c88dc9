#include "allocations.h"

#include <cuda_runtime_api.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "devices.h"
#include "errors.h"
#include "settings.h"
#include "state.h"

namespace seve::emulator {
namespace {

constexpr size_t kAlignment = 256;
// Before and after the memory of a device lie bytes that no kernel may write.
constexpr size_t kFence = 256;
constexpr size_t kLarge = size_t{1} << 20, kMostSpare = size_t{512} << 20;
constexpr unsigned char kFresh = 0xCD, kFenced = 0xFE;

struct Free {
  void operator()(unsigned char* memory) const { std::free(memory); }
};

using Memory = std::unique_ptr<unsigned char, Free>;

struct Allocation {
  Memory memory;
  size_t bytes = 0;
  int device = 0;
};

// By address. Never destroyed (state.cc).
struct Table {
  std::mutex mutex;
  std::map<const unsigned char*, Allocation> device;
  std::map<const unsigned char*, Allocation> host;
  std::map<int, size_t> used;
  // Large ones that were freed, by size: new pages cost ten times what filling them does.
  std::multimap<size_t, Memory> spare;
  size_t spare_bytes = 0;
};

Table& TheTable() {
  static Table& table = *new Table;
  return table;
}

// Under the table's lock, as is Recycle.
Memory Allocate(size_t bytes) {
  const size_t whole = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  auto& spare = TheTable().spare;
  if (const auto found = spare.find(whole); found != spare.end()) {
    TheTable().spare_bytes -= whole;
    return std::move(spare.extract(found).mapped());
  }
  return Memory(static_cast<unsigned char*>(std::aligned_alloc(kAlignment, whole)));
}

void Recycle(Memory memory, size_t bytes) {
  const size_t whole = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  if (whole < kLarge || TheTable().spare_bytes + whole > kMostSpare) return;
  TheTable().spare_bytes += whole;
  TheTable().spare.emplace(whole, std::move(memory));
}

// The allocation that begins last of those not after `memory`.
const Allocation* Before(const void* memory, const unsigned char** begin) {
  const auto& table = TheTable().device;
  auto found = table.upper_bound(static_cast<const unsigned char*>(memory));
  if (found == table.begin()) return nullptr;
  --found;
  *begin = found->first;
  return &found->second;
}

bool AllAre(const unsigned char* memory, size_t count, unsigned char value) {
  for (size_t i = 0; i < count; ++i) {
    if (memory[i] != value) return false;
  }
  return true;
}

void CheckFences(const unsigned char* memory, size_t bytes) {
  if (AllAre(memory - kFence, kFence, kFenced) && AllAre(memory + bytes, kFence, kFenced)) return;
  std::fprintf(stderr,
               "emulator: something was written before or after the %zu bytes of device memory at "
               "%p\n",
               bytes, static_cast<const void*>(memory));
  std::abort();
}

cudaError_t AllocateOnDevice(void** memory, size_t bytes) {
  *memory = nullptr;
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return status;
  {
    const auto lock = StateLock();
    if (const cudaError_t status = CheckNoCapture(); status != cudaSuccess) return status;
  }
  if (bytes == 0) return cudaSuccess;
  const std::lock_guard lock(TheTable().mutex);
  size_t& used = TheTable().used[CurrentDevice()];
  if (bytes > GpuMemory() || used > GpuMemory() - bytes) return cudaErrorMemoryAllocation;
  Allocation made{Allocate(bytes + 2 * kFence), bytes, CurrentDevice()};
  if (made.memory == nullptr) return cudaErrorMemoryAllocation;
  unsigned char* begin = made.memory.get() + kFence;
  std::memset(begin - kFence, kFenced, kFence);
  std::memset(begin, kFresh, bytes);
  std::memset(begin + bytes, kFenced, kFence);
  used += bytes;
  TheTable().device.emplace(begin, std::move(made));
  *memory = begin;
  return cudaSuccess;
}

// Waits for the device of the allocation, as CUDA does.
cudaError_t FreeOf(std::map<const unsigned char*, Allocation>* table, void* memory, bool fenced) {
  if (memory == nullptr) return cudaSuccess;
  {
    const auto lock = StateLock();
    if (const cudaError_t status = CheckNoCapture(); status != cudaSuccess) return status;
  }
  std::unique_lock lock(TheTable().mutex);
  auto found = table->find(static_cast<unsigned char*>(memory));
  if (found == table->end()) return cudaErrorInvalidValue;
  const int device = found->second.device;
  lock.unlock();
  RunDevice(device);
  lock.lock();
  found = table->find(static_cast<unsigned char*>(memory));
  if (found == table->end()) return cudaErrorInvalidValue;
  Allocation freed = std::move(table->extract(found).mapped());
  if (fenced) {
    CheckFences(freed.memory.get() + kFence, freed.bytes);
    TheTable().used[device] -= freed.bytes;
  }
  Recycle(std::move(freed.memory), freed.bytes + (fenced ? 2 * kFence : 0));
  return cudaSuccess;
}

}  // namespace

Place PlaceOf(const void* memory, size_t bytes) {
  const std::lock_guard lock(TheTable().mutex);
  const unsigned char* begin = nullptr;
  const auto* first = static_cast<const unsigned char*>(memory);
  const Allocation* allocation = Before(memory, &begin);
  if (allocation == nullptr || first >= begin + allocation->bytes + kFence) return Place::kHost;
  if (first >= begin + allocation->bytes) return Place::kNowhere;
  return bytes <= allocation->bytes - (first - begin) ? Place::kDevice : Place::kNowhere;
}

}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaMalloc(void** memory, size_t bytes) {
  return Result(AllocateOnDevice(memory, bytes));
}

cudaError_t cudaFree(void* memory) { return Result(FreeOf(&TheTable().device, memory, true)); }

cudaError_t cudaMemGetInfo(size_t* free, size_t* total) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  const std::lock_guard lock(TheTable().mutex);
  *total = GpuMemory();
  const size_t used = TheTable().used[CurrentDevice()];
  *free = used < *total ? *total - used : 0;
  return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, size_t bytes, unsigned) {
  *memory = nullptr;
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  {
    const auto lock = StateLock();
    if (const cudaError_t status = CheckNoCapture(); status != cudaSuccess) return Result(status);
  }
  if (bytes == 0) return cudaSuccess;
  const std::lock_guard lock(TheTable().mutex);
  Allocation made{Allocate(bytes), bytes, CurrentDevice()};
  if (made.memory == nullptr) return Result(cudaErrorMemoryAllocation);
  std::memset(made.memory.get(), kFresh, bytes);
  *memory = made.memory.get();
  TheTable().host.emplace(made.memory.get(), std::move(made));
  return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) { return Result(FreeOf(&TheTable().host, memory, false)); }
