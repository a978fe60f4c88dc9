#include "data/stored_array.h"

#include "base/error.h"

namespace seve {

StoredArray::StoredArray(MappedFile file, size_t offset, ElementType element, Shape shape)
    : file_(std::move(file)), offset_(offset), element_(element), shape_(std::move(shape)) {
  Check(shape_.rank() > 0, "an array of samples without an axis for them");
  Check(offset_ + SampleBytes() * static_cast<size_t>(samples()) <= file_.size(),
        "a file is too short for its array");
}

StoredArray::StoredArray(Buffer memory, ElementType element, Shape shape)
    : memory_(std::move(memory)), element_(element), shape_(std::move(shape)) {
  Check(shape_.rank() > 0, "an array of samples without an axis for them");
  Check(SampleBytes() * static_cast<size_t>(samples()) == memory_.size(),
        "memory of another size than its array");
}

StoredArray StoredArray::ZerosLike(const StoredArray& other, int64_t samples) {
  return StoredArray(Buffer(other.SampleBytes() * static_cast<size_t>(samples)), other.element_,
                     other.SampleShape().WithRows(samples));
}

Shape StoredArray::SampleShape() const {
  if (shape_.rank() == 1) return Shape{1};
  return Shape(std::vector<int64_t>(shape_.extents().begin() + 1, shape_.extents().end()));
}

size_t StoredArray::SampleBytes() const {
  return static_cast<size_t>(SampleShape().elements()) * SizeOf(element_);
}

std::span<const std::byte> StoredArray::bytes() const {
  const size_t count = SampleBytes() * static_cast<size_t>(samples());
  if (file_.size() > 0) return file_.bytes().subspan(offset_, count);
  return {memory_.data(), count};
}

}  // namespace seve
