// What a thread of a kernel knows about itself, and where it meets the others.
#pragma once

#include <vector_types.h>

#include <cstdint>
#include <cstring>
#include <type_traits>

extern constinit thread_local uint3 threadIdx;
extern constinit thread_local uint3 blockIdx;
extern constinit thread_local dim3 blockDim;
extern constinit thread_local dim3 gridDim;
inline constexpr int warpSize = 32;

namespace seve::emulator {

// Waits for all threads of the block that have not ended.
void SyncBlock();

// The calling thread's place in its warp.
int Lane();

// What each lane of the warp brought to one meeting.
struct WarpValues {
  uint64_t of_lane[32];
  uint32_t present;  // a bit a lane; the others had ended
};

// Waits for the lanes of the warp that have not ended. What it returns holds until the calling
// thread meets its warp again.
const WarpValues& MeetWarp(uint64_t value);

// What a lane that has ended seems to bring.
inline constexpr uint64_t kNobody = 0xCDCDCDCDCDCDCDCDu;

template <typename T>
T ValueOfLane(T value, int source) {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(uint64_t));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  const WarpValues& values = MeetWarp(bits);
  bits = (values.present >> source & 1) != 0 ? values.of_lane[source] : kNobody;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace seve::emulator

inline void __syncthreads() { seve::emulator::SyncBlock(); }
inline void __syncwarp(unsigned = 0xffffffffu) { seve::emulator::MeetWarp(0); }
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_system() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// A source outside the caller's group of `width` lanes gives the caller's own value, as PTX's shfl.
template <typename T>
T __shfl_xor_sync(unsigned, T value, int mask, int width = warpSize) {
  const int lane = seve::emulator::Lane(), source = lane ^ mask, last = lane | (width - 1);
  return seve::emulator::ValueOfLane(value, source <= last ? source : lane);
}

template <typename T>
T __shfl_down_sync(unsigned, T value, unsigned delta, int width = warpSize) {
  const int lane = seve::emulator::Lane(), last = lane | (width - 1);
  const int source = lane + static_cast<int>(delta);
  return seve::emulator::ValueOfLane(value, source <= last ? source : lane);
}

template <typename T>
T __shfl_sync(unsigned, T value, int source, int width = warpSize) {
  const int first = seve::emulator::Lane() & ~(width - 1);
  return seve::emulator::ValueOfLane(value, first | (source & (width - 1)));
}

inline unsigned __ballot_sync(unsigned, int predicate) {
  const seve::emulator::WarpValues& values = seve::emulator::MeetWarp(predicate != 0);
  unsigned votes = 0;
  for (int lane = 0; lane < 32; ++lane) {
    if ((values.present >> lane & 1) != 0)
      votes |= static_cast<unsigned>(values.of_lane[lane]) << lane;
  }
  return votes;
}
inline int __any_sync(unsigned, int predicate) {
  return __ballot_sync(0xffffffffu, predicate) != 0 ? 1 : 0;
}
inline int __all_sync(unsigned, int predicate) {
  return __ballot_sync(0xffffffffu, predicate == 0) == 0 ? 1 : 0;
}
