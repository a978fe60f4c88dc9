// Announces each gradient bucket for summing over all ranks as soon as backward has finished its
// last gradient. When the bucket moves is the window's business (comm/communicator.h).
#pragma once

#include <vector>

#include "comm/communicator.h"
#include "model/arenas.h"
#include "model/parameter_layout.h"

namespace seve {

// A contiguous slice of the gradient arena that travels as one. Offsets in floats.
struct Bucket {
  size_t begin = 0, end = 0;
  int last_node = 0;  // complete when backward is through this node
};

inline constexpr size_t kBucketBytes = 25 << 20;

// Cuts between nodes, in arena order: a small bucket first, so that the wire starts
// early, large ones between, a small one last, so that little is left when backward ends.
std::vector<Bucket> CutBuckets(const ParameterLayout& layout, size_t large_bytes = kBucketBytes,
                               size_t small_bytes = 1 << 20);

class GradientReducer {
 public:
  // `arena` lies in the window, from its first float on; `exact`: where the gradients end and begin
  // what is never carried narrower, running statistics and the record. All outlive the reducer.
  GradientReducer(std::vector<Bucket> buckets, size_t exact, const GradientArena& arena,
                  Window& window, Wire wire, Legs legs);

  // Backward of the step's last micro-batch is through this node: starts every bucket now complete,
  // always in bucket order, and moves along those under way.
  void NodeDone(int node);
  // Starts what is left and the step record, and returns when all sums are there: with Legs::kSum,
  // those of gradients on their owners.
  void Finish();
  // What this rank owns of the gradients.
  [[nodiscard]] std::vector<Range> Owned() const;
  // Gives every rank what owners have in the gradients' place, and returns when it is there.
  void Gather();

  [[nodiscard]] const std::vector<Bucket>& buckets() const { return buckets_; }

 private:
  [[nodiscard]] Range GradientsOf(const Bucket& bucket) const;
  void Start(const Bucket& bucket);
  std::vector<Bucket> buckets_;
  size_t exact_;
  const GradientArena& arena_;
  Window& window_;
  Wire wire_;
  Legs legs_;
  size_t next_ = 0;
};

}  // namespace seve
