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
  // An arena of the optimizer's state.
  struct State {
    std::string name;  // "momentum_buffer"
    std::span<const float> values;
  };

  // All that is referred to must outlive it.
  ReplicaCheck(const ParameterLayout& layout, std::vector<Bucket> buckets,
               const ParameterArena& parameters, std::vector<State> states,
               Communicator& communicator);

  // Writes the fingerprint of this replica's parameters into a step record.
  void WriteFingerprint(std::span<float> record);
  // After the reduction of the record: were all fingerprints equal (or none written)?
  [[nodiscard]] bool FingerprintsAgree(std::span<const float> record) const;

  // Compares the hashes of every bucket's parameters and of the optimizer's state (8 bytes each).
  // Collective. Throws AgreedError(kCommunication) that names the ranks in the minority, or all
  // where there is none, and the parameters.
  void Compare(int64_t step);

 private:
  // What is hashed as one: the parameters of a bucket, all frozen ones, a state.
  struct Part {
    std::span<const float> values;
    std::string name;  // for messages
  };

  void Hash(size_t parts);  // the first so many
  [[nodiscard]] std::string Differences(const std::vector<std::vector<std::byte>>& hashes) const;

  std::vector<Part> parts_;
  size_t parameters_ = 0;         // parts that are parameters: the first ones
  std::vector<uint64_t> hashes_;  // of this replica's parts
  Communicator& communicator_;
};

}  // namespace seve
