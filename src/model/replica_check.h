// Do all replicas hold equal parameters?
//
// Each rank adds a fingerprint of its parameters to the step record: four numbers h of six bits
// from a hash, as h and h^2. Over N ranks N * sum(h^2) = sum(h)^2 holds just when all h are equal
// (the equality case of Cauchy-Schwarz), and FP32 adds these whole numbers exactly for N up to
// 4,000. So a comparison costs a pass over the parameters and no message; it overlooks a difference
// with probability 2^-24, and the next one draws anew.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "model/arenas.h"
#include "model/gradient_reducer.h"
#include "model/parameter_layout.h"

namespace seve {

class ReplicaCheck {
 public:
  // All that is referred to must outlive it.
  ReplicaCheck(const ParameterLayout& layout, std::vector<Bucket> buckets,
               const ParameterArena& parameters, Communicator& communicator);

  // Writes this replica's fingerprint into the record of a gradient arena.
  void WriteFingerprint(const GradientArena& arena);
  // After the reduction of the record: were all fingerprints equal (or none written)?
  [[nodiscard]] bool FingerprintsAgree(const GradientArena& arena) const;

  // Compares the hashes of every bucket's parameters (8 bytes a bucket). Collective. Throws
  // AgreedError(kCommunication) that names the ranks in the minority, or all where there is none,
  // and the parameters.
  void Compare(int64_t step);

 private:
  // A slice of an arena that is hashed as one: a gradient bucket, or all frozen parameters.
  struct Part {
    std::span<const float> values;
    std::vector<std::string> names;  // of its parameters
  };

  void Hash();
  [[nodiscard]] std::string Differences(const std::vector<std::vector<std::byte>>& hashes) const;

  std::vector<Part> parts_;
  std::vector<uint64_t> hashes_;  // of this replica's parts
  Communicator& communicator_;
};

}  // namespace seve
