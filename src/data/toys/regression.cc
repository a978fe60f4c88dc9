#include "data/toys/regression.h"

#include "data/array_dataset.h"

namespace seve {
namespace {

StoredArray Rows(const std::vector<float>& values, int64_t samples) {
  return Store(values, {samples, static_cast<int64_t>(values.size()) / samples});
}

}  // namespace

DataSets MakeRegression(const std::vector<float>& inputs, const std::vector<float>& targets,
                        int64_t samples, const std::string& origin) {
  std::vector<ArrayDataset::Field> train, test;
  train.push_back({"input", Rows(inputs, samples)});
  train.push_back({"target", Rows(targets, samples)});
  for (const auto& field : train) {
    test.push_back({field.name, StoredArray::ZerosLike(field.array, 0)});
  }
  return {std::make_unique<ArrayDataset>(std::move(train), ArrayDataset::Labels(), origin),
          std::make_unique<ArrayDataset>(std::move(test), ArrayDataset::Labels(), origin)};
}

}  // namespace seve
