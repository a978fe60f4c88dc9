#include "data/open_testing.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "tensor/buffer.h"

namespace seve {
namespace {

// One sample in all its fields.
struct Row {
  std::vector<Buffer> memory;
  Batch batch;

  Row(const Dataset& dataset, int64_t index) {
    for (const auto& field : dataset.Fields()) {
      const Shape shape = field.shape.WithRows(1);
      memory.emplace_back(static_cast<size_t>(shape.elements()) * SizeOf(field.dtype));
      batch.emplace_back(memory.back().data(), field.dtype, shape);
    }
    dataset.Gather({&index, 1}, batch);
  }
};

}  // namespace

config::Data ParseData(const std::string& text) {
  config::Data data;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &data)) << text;
  return data;
}

DataSets OpenText(const std::string& text, const std::string& root) {
  return OpenData(ParseData(text), root);
}

std::vector<float> ValuesOf(const Dataset& dataset, int64_t index, size_t field) {
  const Row row(dataset, index);
  const auto values = row.batch[field].Flat<float>();
  return {values.begin(), values.end()};
}

int32_t ClassOf(const Dataset& dataset, int64_t index, size_t field) {
  return Row(dataset, index).batch[field].Flat<int32_t>()[0];
}

}  // namespace seve
