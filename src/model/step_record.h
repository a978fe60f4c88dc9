// Sums over one step that every rank knows after the reduction: travels behind the last gradient.
#pragma once

#include <cstddef>

namespace seve {

// FP32 holds sums of whole numbers below 2^24 exactly.
inline constexpr size_t kStepRecordFloats = 16;
enum class RecordField : size_t {
  kLoss,
  kWeight,
  kCorrect,
  kSamples,      // what running statistics are the mean over
  kStop,         // ranks that were asked to stop
  kEnd,          // exit code with which rank 0 wants the run to end; 0: go on
  kFingerprint,  // of the parameters, this and the fields up to the next (model/replica_check.h)
  kEndOfFingerprint = kFingerprint + 8,
};

// Of the pieces that a fingerprint is cut into; each takes two fields.
inline constexpr int kFingerprintBits = 6;
inline constexpr int kFingerprintPieces = 4;

}  // namespace seve
