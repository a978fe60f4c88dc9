#include "layers/maxout.h"

namespace seve {
namespace {

LinearOptions AllPieces(LinearOptions piece, int64_t pieces) {
  piece.units *= pieces;
  return piece;
}

}  // namespace

Maxout::Maxout(const LinearOptions& piece, int64_t pieces)
    : pieces_(pieces), output_({piece.units}), linear_(AllPieces(piece, pieces)) {
  Check(piece.activation.kind == ActivationKind::kNone, "a maxout's pieces are linear");
}

size_t Maxout::WorkspaceBytes(int64_t rows) const {
  const int64_t units = rows * output_[0];
  return static_cast<size_t>(units * pieces_) * sizeof(float) +
         static_cast<size_t>(units) * sizeof(int32_t);
}

int64_t Maxout::FlopsPerSample() const {
  return linear_.FlopsPerSample() + output_[0] * (pieces_ - 1);
}

}  // namespace seve
