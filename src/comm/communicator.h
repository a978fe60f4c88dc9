// How ranks talk: the only way anything crosses from one rank to another. Implementations: mpi/
// (real processes), threads/ (ranks as threads of one process, for tests and sanitizers), solo/
// (one rank).
//
// Every operation is collective unless it says otherwise: all ranks call it, in the same order,
// with the same sizes. Every wait has the deadline of the section it happens in (its activity's);
// when it passes, the waiting rank throws Error(kCommunication) naming the operation and the ranks
// not heard of. A rank that a watchdog watches waits one second longer: the watchdog knows more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "comm/activity.h"
#include "comm/range.h"

namespace seve {

// What gradients are carried as between hosts, within which memory is read and nothing is rounded,
// or between GPUs (comm/gpu_communicator.h).
enum class Wire : uint8_t {
  kFloat32,
  // Half the bytes: what a host adds is rounded to bfloat16 on its way, and so is the sum, which
  // has the same bits on every rank. Pieces of up to 16 KiB a rank are not rounded.
  kBfloat16,
};

// A sum has two legs: each element is added up on one rank, its owner, and then every rank gets it.
enum class Legs : uint8_t {
  kBoth,
  kSum,     // the owner alone gets the sum; others' elements are undefined
  kGather,  // every rank gets what owners have, as it is
};

// A rank's share of a window: memory that peers on the same host can read directly. Gradient arenas
// live in one, so that a reduction touches each gradient once and no copy into buckets exists.
class Window {
 public:
  virtual ~Window() = default;
  // This rank's floats, 256-byte aligned, zero at first.
  [[nodiscard]] virtual std::span<float> local() const = 0;

  // Announces that local()[begin, end) is final on this rank and must be summed over all ranks, in
  // place, with the sum on every rank. Until FinishSums the range is the window's: peers read it,
  // and write the sum into it. Always called in the same order, over all windows, with the same
  // disjoint ranges on all ranks. Never waits; several ranges may be under way.
  virtual void StartSum(size_t begin, size_t end, Wire wire, Legs legs) = 0;
  void StartSum(size_t begin, size_t end) { StartSum(begin, end, Wire::kFloat32, Legs::kBoth); }
  // The parts of a range that this rank owns when it is summed or gathered; together, all ranks'
  // are the range.
  [[nodiscard]] virtual std::vector<Range> Owned(Range range) const = 0;
  // Moves started sums along as far as that needs no waiting: to be called now and then by a rank
  // that computes meanwhile. Not collective.
  virtual void Progress() = 0;
  // Returns when every started sum is complete and local() may be written again without disturbing
  // a peer.
  virtual void FinishSums() = 0;
};

class Communicator {
 public:
  virtual ~Communicator() = default;

  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  // "host:rank 3" for messages about one rank (this one or another).
  [[nodiscard]] virtual std::string Describe(int rank) const = 0;
  // One line about how ranks exchange gradients, for the start table ("MPI, shared memory on one
  // host"); empty when there is no one to exchange with.
  [[nodiscard]] virtual std::string Transport() const = 0;

  // Where this rank is, and the deadline of its waits. Not collective; the caller's thread writes
  // it, waits here mark themselves in it.
  [[nodiscard]] virtual Activity& activity() = 0;
  // Longest time any later wait may take, in seconds, and the name of the section for messages, a
  // literal. Not collective.
  void SetDeadline(double seconds, const char* section) {
    activity().EnterSection(section, seconds);
  }

  // True where a window's sums have the shape of the balanced binary tree over ranks: their number
  // and that of each host's consecutive ranks are powers of two. What `reproducible` needs.
  [[nodiscard]] virtual bool SumsInRankTree() const = 0;

  virtual void Barrier() = 0;
  // In place, sum in float64; every rank gets the same bits.
  virtual void AllReduceSum(std::span<double> values) = 0;
  virtual void Broadcast(std::span<std::byte> bytes, int root) = 0;
  // Rank `root` receives every rank's bytes (lengths may differ), indexed by rank; others get an
  // empty vector.
  [[nodiscard]] virtual std::vector<std::vector<std::byte>> Gather(std::span<const std::byte> bytes,
                                                                   int root) = 0;
  // A window with `floats` floats a rank. The window must die before the communicator.
  [[nodiscard]] virtual std::unique_ptr<Window> AllocateWindow(size_t floats) = 0;

  // Ends the whole job at once with this exit code, from one rank alone, any thread. Does not
  // return.
  [[noreturn]] virtual void Abort(int code) = 0;
};

}  // namespace seve
