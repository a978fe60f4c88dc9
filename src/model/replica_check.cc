#include "model/replica_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "comm/broadcast_text.h"

namespace seve {
namespace {

constexpr size_t kMostNamed = 3;
constexpr int kPieceBits = kFingerprintBits;
constexpr size_t kPieces = kFingerprintPieces;

template <typename T>
std::span<T> FingerprintOf(std::span<T> record) {
  constexpr auto kFirst = static_cast<size_t>(RecordField::kFingerprint);
  constexpr auto kEnd = static_cast<size_t>(RecordField::kEndOfFingerprint);
  static_assert(kEnd - kFirst == 2 * kPieces && kEnd <= kStepRecordFloats);
  return record.subspan(kFirst, kEnd - kFirst);
}

std::string NamesWithin(const ParameterLayout& layout, bool frozen, size_t begin, size_t end) {
  std::vector<std::string> names;
  for (const auto& parameter : layout.parameters) {
    const bool inside = parameter.offset >= begin && parameter.offset < end;
    if (parameter.frozen == frozen && inside) names.push_back("'" + parameter.name + "'");
  }
  return Join(FirstOf(std::move(names), kMostNamed));
}

// Ranks whose hash is not that of more than half of all; all of them where no hash is.
std::vector<int> Suspects(const std::vector<uint64_t>& hashes) {
  std::map<uint64_t, size_t> counts;
  for (const uint64_t hash : hashes) ++counts[hash];
  std::vector<int> suspects;
  for (size_t rank = 0; rank < hashes.size(); ++rank) {
    if (2 * counts[hashes[rank]] <= hashes.size()) suspects.push_back(static_cast<int>(rank));
  }
  return suspects;
}

}  // namespace

ReplicaCheck::ReplicaCheck(const ParameterLayout& layout, std::vector<Bucket> buckets,
                           const ParameterArena& parameters, std::vector<State> states,
                           Communicator& communicator)
    : communicator_(communicator) {
  for (const auto& bucket : buckets) {
    parts_.push_back({parameters.trainable().subspan(bucket.begin, bucket.end - bucket.begin),
                      NamesWithin(layout, false, bucket.begin, bucket.end)});
  }
  if (layout.frozen_floats > 0) {
    parts_.push_back({parameters.frozen(), NamesWithin(layout, true, 0, layout.frozen_floats)});
  }
  parameters_ = parts_.size();
  for (auto& [name, values] : states) parts_.push_back({values, "the optimizer's " + name});
  hashes_.resize(parts_.size());
}

void ReplicaCheck::Hash(size_t parts) {
  for (size_t i = 0; i < parts; ++i) hashes_[i] = Xxh3(std::as_bytes(parts_[i].values));
}

void ReplicaCheck::WriteFingerprint(std::span<float> record) {
  Hash(parameters_);
  uint64_t hash = Xxh3(std::as_bytes(std::span(hashes_).first(parameters_)));
  const std::span<float> fields = FingerprintOf(record);
  for (size_t piece = 0; piece < kPieces; ++piece) {
    const auto value = static_cast<float>(hash & ((1u << kPieceBits) - 1));
    fields[2 * piece] = value;
    fields[2 * piece + 1] = value * value;
    hash >>= kPieceBits;
  }
}

bool ReplicaCheck::FingerprintsAgree(std::span<const float> record) const {
  const std::span<const float> fields = FingerprintOf(record);
  const double ranks = communicator_.size();
  for (size_t piece = 0; piece < kPieces; ++piece) {
    const double sum = fields[2 * piece], squares = fields[2 * piece + 1];
    if (ranks * squares != sum * sum) return false;
  }
  return true;
}

void ReplicaCheck::Compare(int64_t step) {
  if (communicator_.size() == 1) return;
  Hash(parts_.size());
  const auto hashes = communicator_.Gather(std::as_bytes(std::span(hashes_)), 0);
  const std::string differences = BroadcastText(communicator_, Differences(hashes));
  if (differences.empty()) return;
  throw AgreedError(
      ExitCode::kCommunication,
      fmt::format("replicas differ after step {}: {}. Memory or a processor may be broken there; "
                  "the last checkpoint is older than this and --resume goes on from it",
                  step, differences));
}

std::string ReplicaCheck::Differences(const std::vector<std::vector<std::byte>>& hashes) const {
  std::vector<std::string> differences;
  for (size_t part = 0; part < parts_.size() && !hashes.empty(); ++part) {
    std::vector<uint64_t> of_part(hashes.size());
    for (size_t rank = 0; rank < hashes.size(); ++rank) {
      std::memcpy(&of_part[rank], hashes[rank].data() + part * sizeof(uint64_t), sizeof(uint64_t));
    }
    const std::vector<int> suspects = Suspects(of_part);
    if (suspects.empty()) continue;
    std::vector<std::string> ranks;
    for (const int rank : suspects) ranks.push_back(communicator_.Describe(rank));
    const bool minority = suspects.size() < hashes.size();
    differences.push_back(fmt::format("{} of {} {}", parts_[part].name, Join(ranks, " and "),
                                      minority ? "differ from those of most ranks"
                                               : "differ, and no majority says who is right"));
  }
  return Join(differences, "; ");
}

}  // namespace seve
