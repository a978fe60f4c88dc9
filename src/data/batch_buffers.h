// Memory for a batch of a data set's fields.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/dataset.h"
#include "tensor/buffer.h"

namespace seve {

class BatchBuffers {
 public:
  // The data set must outlive it.
  BatchBuffers(const Dataset& data, int64_t rows) : data_(data) {
    for (const auto& field : data.Fields()) {
      const Shape shape = field.shape.WithRows(rows);
      memory_.emplace_back(static_cast<size_t>(shape.elements()) * SizeOf(field.dtype));
      batch_.emplace_back(memory_.back().data(), field.dtype, shape);
    }
  }

  [[nodiscard]] const Batch& batch() const { return batch_; }
  // The tensor of a field that must be there.
  [[nodiscard]] const Tensor& Field(const std::string& name) const {
    const auto found = std::ranges::find(data_.Fields(), name, &FieldSpec::name);
    Check(found != data_.Fields().end(), "the data have no such field");
    return batch_[static_cast<size_t>(found - data_.Fields().begin())];
  }

 private:
  const Dataset& data_;
  std::vector<Buffer> memory_;
  Batch batch_;
};

}  // namespace seve
