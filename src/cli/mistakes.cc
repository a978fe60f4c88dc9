#include "cli/mistakes.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/picture.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

// Owned memory for a batch of the data set's fields.
struct BatchBuffers {
  std::vector<Buffer> memory;
  Batch batch;

  BatchBuffers(const Dataset& data, int64_t rows) {
    for (const auto& field : data.Fields()) {
      const Shape shape = field.shape.WithRows(rows);
      memory.emplace_back(static_cast<size_t>(shape.elements()) * SizeOf(field.dtype));
      batch.emplace_back(memory.back().data(), field.dtype, shape);
    }
  }
  [[nodiscard]] const Tensor& Field(const Dataset& data, const std::string& name) const {
    const auto found = std::ranges::find(data.Fields(), name, &FieldSpec::name);
    Check(found != data.Fields().end(), "the data have no such field");
    return batch[static_cast<size_t>(found - data.Fields().begin())];
  }
};

// Stretches values to 0..255, as the display wants them.
std::vector<uint8_t> ToBytes(std::span<const float> values) {
  const auto [low, high] = std::ranges::minmax(values);
  const float scale = high > low ? 255 / (high - low) : 0;
  std::vector<uint8_t> bytes;
  for (const float value : values) bytes.push_back(static_cast<uint8_t>((value - low) * scale));
  return bytes;
}

}  // namespace

MistakeFinder::MistakeFinder(const Dataset& data, std::function<int64_t(int64_t)> index, int count)
    : data_(data), index_(std::move(index)), count_(static_cast<size_t>(count)) {}

void MistakeFinder::Look(int64_t position, const Tensor& scores) {
  const int64_t rows = scores.shape()[0];
  const auto classes = static_cast<size_t>(scores.elements() / rows);
  std::vector<int64_t> samples;
  for (int64_t row = 0; row < rows; ++row) samples.push_back(index_(position + row));
  const BatchBuffers buffers(data_, rows);
  data_.Gather(samples, buffers.batch);
  const auto targets = buffers.Field(data_, "target").Flat<int32_t>();

  for (size_t row = 0; row < samples.size(); ++row) {
    const auto line = scores.Flat<float>().subspan(row * classes, classes);
    const auto said = static_cast<int>(std::ranges::max_element(line) - line.begin());
    const int truth = targets[row];
    if (said == truth) continue;
    worst_.push_back({samples[row], truth, said,
                      line[static_cast<size_t>(said)] - line[static_cast<size_t>(truth)]});
  }
  std::ranges::stable_sort(worst_, std::ranges::greater(), &Mistake::margin);
  if (worst_.size() > count_) worst_.resize(count_);
}

std::string MistakeFinder::Draw(const Terminal& terminal) const {
  if (worst_.empty()) return "No mistakes.\n";
  const BatchBuffers buffers(data_, 1);
  std::vector<std::vector<uint8_t>> pixels;
  std::vector<Picture> pictures;
  for (const auto& mistake : worst_) {
    data_.Gather({&mistake.sample, 1}, buffers.batch);
    const Tensor& input = buffers.Field(data_, "input");
    const auto& shape = input.shape();
    pixels.push_back(ToBytes(input.Flat<float>()));
    pictures.push_back({.height = shape[shape.rank() - 2],
                        .width = shape[shape.rank() - 1],
                        .pixels = pixels.back(),
                        .caption = fmt::format("{}, said {}", mistake.truth, mistake.said)});
  }
  return "The worst mistakes (truth, then what the model said):\n" +
         DrawPictures(pictures, StyleFor(terminal), terminal.columns);
}

}  // namespace seve
