#include "layers/cpu/column_moments.h"

#include <algorithm>
#include <cmath>

namespace seve {
namespace {

constexpr int64_t kBlockRows = 16;  // long ones

// Mean and squared distances of a block: the mean to float32, then what it lacks, with the squares.
void BlockMoments(const float* __restrict values, int64_t rows, int64_t width,
                  float* __restrict centres, float* __restrict rests, float* __restrict squares) {
  for (int64_t i = 0; i < width; ++i) centres[i] = rests[i] = squares[i] = 0;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t i = 0; i < width; ++i) centres[i] += values[row * width + i];
  }
  const float share = 1.0f / static_cast<float>(rows);
  for (int64_t i = 0; i < width; ++i) centres[i] *= share;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t i = 0; i < width; ++i) {
      const float distance = values[row * width + i] - centres[i];
      rests[i] += distance;
      squares[i] = std::fma(distance, distance, squares[i]);
    }
  }
}

}  // namespace

ColumnMoments::ColumnMoments(int64_t rows, int64_t columns)
    : folded_(rows, columns),
      means_(static_cast<size_t>(folded_.width)),
      squares_(means_.size()),
      centres_(means_.size()),
      rests_(means_.size()),
      block_squares_(means_.size()) {}

void ColumnMoments::Run(const float* values) {
  Start();
  Add(values, 0, folded_.rows);
  Finish();
}

int64_t ColumnMoments::part() const { return kBlockRows * folded_.fold; }

void ColumnMoments::Start() {
  std::ranges::fill(means_, 0.0);
  std::ranges::fill(squares_, 0.0);
}

void ColumnMoments::Add(const float* values, int64_t first, int64_t rows) {
  const int64_t end = (first + rows) / folded_.fold;
  for (int64_t row = first / folded_.fold; row < end; row += kBlockRows) {
    AddBlock(values + row * folded_.width, std::min(kBlockRows, end - row), row);
  }
  const bool is_last = first + rows == folded_.rows;
  if (is_last && folded_.tail > 0) AddTail(values + folded_.long_rows * folded_.width);
}

// `before`: rows whose moments are there already.
void ColumnMoments::AddBlock(const float* values, int64_t rows, int64_t before) {
  BlockMoments(values, rows, folded_.width, centres_.data(), rests_.data(), block_squares_.data());
  const double each = 1.0 / static_cast<double>(rows);
  const double share = static_cast<double>(rows) / static_cast<double>(before + rows);
  const double cross = static_cast<double>(before) * share;
  double* __restrict means = means_.data();
  double* __restrict squares = squares_.data();
  const float* __restrict centres = centres_.data();
  const float* __restrict rests = rests_.data();
  const float* __restrict block_squares = block_squares_.data();
  for (int64_t i = 0; i < folded_.width; ++i) {
    const double rest = static_cast<double>(rests[i]) * each;
    const double away = static_cast<double>(centres[i]) + rest - means[i];
    means[i] += away * share;
    squares[i] += static_cast<double>(block_squares[i]) - rest * static_cast<double>(rests[i]) +
                  away * away * cross;
  }
}

// One row more for the places that it has.
void ColumnMoments::AddTail(const float* values) {
  const double share = 1.0 / static_cast<double>(folded_.long_rows + 1);
  const double cross = static_cast<double>(folded_.long_rows) * share;
  for (size_t i = 0; i < static_cast<size_t>(folded_.tail * folded_.columns); ++i) {
    const double away = static_cast<double>(values[i]) - means_[i];
    means_[i] += away * share;
    squares_[i] += away * away * cross;
  }
}

// Puts together the `fold` places of each column.
void ColumnMoments::Unfold() {
  if (folded_.fold == 1) return;
  const auto columns = static_cast<size_t>(folded_.columns);
  const auto count = [&](int64_t part) {
    return static_cast<double>(folded_.long_rows + (part < folded_.tail ? 1 : 0));
  };
  for (size_t column = 0; column < columns; ++column) {
    double sum = 0;
    for (int64_t part = 0; part < folded_.fold; ++part) {
      sum += count(part) * means_[static_cast<size_t>(part) * columns + column];
    }
    const double mean = sum / static_cast<double>(std::max<int64_t>(folded_.rows, 1));
    double squares = 0;
    for (int64_t part = 0; part < folded_.fold; ++part) {
      const size_t i = static_cast<size_t>(part) * columns + column;
      const double away = means_[i] - mean;
      squares += squares_[i] + count(part) * away * away;
    }
    means_[column] = mean;
    squares_[column] = squares;
  }
}

}  // namespace seve
