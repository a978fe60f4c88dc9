#include "layers/reshape.h"

#include "tensor/channels_last.h"

namespace seve {
namespace {

// to(columns, rows) = from(rows, columns) transposed, or to += with `add`.
void Move(const float* __restrict from, int64_t rows, int64_t columns, float* __restrict to,
          bool add) {
  if (!add) return Transpose(from, rows, columns, to);
  for (int64_t column = 0; column < columns; ++column) {
    for (int64_t row = 0; row < rows; ++row)
      to[column * rows + row] += from[row * columns + column];
  }
}

// Moves samples from one shape's order in memory to another's, by way of the row-major one.
class Mover {
 public:
  Mover(const Shape& from, const Shape& to) : from_(Extents(from)), to_(Extents(to)) {
    const bool both = from_.rows > 1 && to_.rows > 1;
    row_major_.resize(static_cast<size_t>(both ? from.elements() : 0));
  }

  void operator()(const Tensor& from, const Tensor& to, int64_t samples, bool add) {
    if (samples == 0) return;
    const int64_t each = to.elements() / samples;
    const float* source = from.Flat<float>().data();
    float* destination = to.Flat<float>().data();
    for (int64_t i = 0; i < samples * each; i += each) {
      Sample(source + i, destination + i, add);
    }
  }

 private:
  // A sample lies as the transpose, (columns, rows), of its row-major order: channels by pixels.
  struct Matrix {
    int64_t rows, columns;
  };

  static Matrix Extents(const Shape& shape) {
    if (LiesRowMajor(shape)) return {1, shape.elements()};
    return {shape[0], shape[1] * shape[2]};
  }

  void Sample(const float* from, float* to, bool add) {
    if (row_major_.empty()) {
      // One of the two is row-major: its matrix has one row.
      if (from_.rows > 1) return Move(from, from_.columns, from_.rows, to, add);
      return Move(from, to_.rows, to_.columns, to, add);
    }
    Move(from, from_.columns, from_.rows, row_major_.data(), false);
    Move(row_major_.data(), to_.rows, to_.columns, to, add);
  }

  Matrix from_, to_;
  std::vector<float> row_major_;  // of a sample
};

class BoundReshape : public BoundLayer {
 public:
  BoundReshape(const Shape& input, const Shape& output, const LayerBinding& binding)
      : forward_(input, output), backward_(output, input), binding_(binding) {}

  void Forward(const StepContext& /*context*/) override {
    forward_(binding_.inputs[0], binding_.output, binding_.rows, false);
  }

  void Backward(const StepContext& /*context*/) override {
    const Tensor& dx = binding_.input_gradients[0];
    if (!dx.present()) return;
    backward_(binding_.output_gradient, dx, binding_.rows, binding_.add_input_gradient[0]);
  }

 private:
  Mover forward_, backward_;
  LayerBinding binding_;
};

}  // namespace

std::unique_ptr<BoundLayer> Reshape::BindCpu(const LayerBinding& binding) const {
  Check(!IsView(), "a view cannot be bound");
  return std::make_unique<BoundReshape>(input_, output_, binding);
}

}  // namespace seve
