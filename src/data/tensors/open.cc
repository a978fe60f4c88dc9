#include "data/tensors/open.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "data/array_dataset.h"
#include "data/tensors/class_labels.h"

namespace seve {
namespace {

using Kind = FieldRequest::Kind;

// One field in all splits: the training samples and, if there are any, the test samples.
using Splits = std::vector<RawField>;

Splits ReadSplits(const FieldRequest& train, const std::vector<FieldRequest>& test_list) {
  Splits splits;
  splits.push_back(ReadField(train));
  const auto found = std::ranges::find(test_list, train.name, &FieldRequest::name);
  if (found == test_list.end()) return splits;
  FieldRequest test = *found;
  test.kind = train.kind;
  if (test.columns.empty()) test.columns = splits[0].columns;
  splits.push_back(ReadField(test));
  return splits;
}

// Of those fields that have the split.
void CheckLengths(const std::vector<FieldRequest>& requests, const std::vector<Splits>& fields,
                  size_t split) {
  const auto described = [&](size_t field) {
    const RawField& raw = fields[field][split];
    return fmt::format("{} holds {} samples of '{}'", raw.path, WithThousands(raw.samples()),
                       requests[field].name);
  };
  std::optional<size_t> first;
  for (size_t field = 0; field < fields.size(); ++field) {
    if (fields[field].size() <= split) continue;
    if (!first) first = field;
    if (fields[field][split].samples() == fields[*first][split].samples()) continue;
    ThrowData(
        fmt::format("{} but {}; they do not belong together", described(*first), described(field)));
  }
}

std::vector<StoredArray> TakeValues(Splits splits) {
  std::vector<StoredArray> arrays;
  for (RawField& field : splits) {
    const auto* text = std::get_if<TextColumn>(&field.content);
    arrays.push_back(text ? NumbersOfText(*text) : std::move(std::get<StoredArray>(field.content)));
  }
  return arrays;
}

// What one field needs to mean the same in training and test.
std::string Describe(const StoredArray& array) {
  const bool bytes = array.element() == ElementType::kUint8;
  return fmt::format("{} of shape {}", bytes ? "bytes" : "numbers", array.SampleShape().ToString());
}

// "iris.csv", "x.npy and y.npy".
std::string OriginOf(const std::vector<Splits>& fields, size_t split) {
  std::vector<std::string> paths;
  for (const Splits& field : fields) {
    if (field.size() <= split) continue;
    const std::string& path = field[split].path;
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  }
  return Join(paths, " and ");
}

// Puts the fields of both data sets together, one after the other.
class Assembly {
 public:
  // `tested`: samples of the test set.
  Assembly(const TensorsRequest& request, int64_t tested) : request_(request), tested_(tested) {}

  void Add(const FieldRequest& request, Splits splits) {
    std::vector<const RawField*> views;
    for (const RawField& field : splits) views.push_back(&field);
    const bool classes =
        request.kind == Kind::kClasses ||
        (request.kind == Kind::kByContent && request.name == "target" && LookLikeClasses(views));
    if (classes) {
      AddClasses(request.name, views);
    } else {
      AddValues(request.name, std::move(splits));
    }
  }

  DataSets Finish(const std::vector<std::string>& origins) {
    auto train = std::make_unique<ArrayDataset>(std::move(train_), labels_, origins[0],
                                                std::move(augmenter_));
    auto test = std::make_unique<ArrayDataset>(std::move(test_), labels_, origins[1]);
    return {std::move(train), std::move(test)};
  }

 private:
  void AddClasses(const std::string& name, FieldOfSplits splits) {
    if (labels_.classes > 0) {
      ThrowUsage(
          fmt::format("data.tensors: '{}' is the second field of classes, but there may be "
                      "one: declare it `kind: VALUES`",
                      name));
    }
    ClassLabels labels = MakeClassLabels(splits, request_.classes);
    labels_ = std::move(labels.labels);
    Put(name, std::move(labels.splits), AsClass());
  }

  void AddValues(const std::string& name, Splits splits) {
    const std::vector<std::string> paths = {splits.front().path, splits.back().path};
    auto arrays = TakeValues(std::move(splits));
    if (Describe(arrays.front()) != Describe(arrays.back())) {
      ThrowData(fmt::format("{} holds {}, but {} holds {}", paths[0], Describe(arrays.front()),
                            paths[1], Describe(arrays.back())));
    }
    Meaning meaning = MeaningOf(name, arrays[0], paths[0]);
    if (name == "input" && request_.augment) Augment(arrays[0], meaning, paths[0]);
    Put(name, std::move(arrays), std::move(meaning));
  }

  void Augment(const StoredArray& train, const Meaning& meaning, const std::string& path) {
    const auto* scale = std::get_if<PixelScale>(&meaning);
    if (scale == nullptr) {
      ThrowUsage(
          fmt::format("data.augment is for pictures stored as bytes, but {} holds {}{}: remove it",
                      path, NameOf(train.element()), request_.standardize ? ", standardized" : ""));
    }
    augmenter_ = request_.augment(train.SampleShape(), *scale);
  }

  [[nodiscard]] Meaning MeaningOf(const std::string& name, const StoredArray& train,
                                  const std::string& path) const {
    const bool bytes = train.element() == ElementType::kUint8;
    if (name == "input" && request_.standardize) return Standardization(train);
    if (name == "input" && request_.normalize) {
      if (bytes) return request_.normalize(train.SampleShape());
      ThrowUsage(
          fmt::format("data.normalize is for pictures stored as bytes, but {} holds {}: use "
                      "data.tensors.standardize",
                      path, NameOf(train.element())));
    }
    if (bytes) return PixelScale();
    return AsValues();
  }

  void Put(const std::string& name, std::vector<StoredArray> splits, Meaning meaning) {
    StoredArray test =
        splits.size() > 1 ? std::move(splits[1]) : StoredArray::ZerosLike(splits[0], tested_);
    test_.push_back({name, std::move(test), meaning});
    train_.push_back({name, std::move(splits[0]), std::move(meaning)});
  }

  const TensorsRequest& request_;
  int64_t tested_;
  std::vector<ArrayDataset::Field> train_;
  std::vector<ArrayDataset::Field> test_;
  ArrayDataset::Labels labels_;
  std::unique_ptr<const Augmenter> augmenter_;
};

}  // namespace

DataSets OpenTensors(const TensorsRequest& request) {
  std::vector<Splits> fields;
  for (const FieldRequest& field : request.train) {
    fields.push_back(ReadSplits(field, request.test));
  }
  for (const size_t split : {0, 1}) CheckLengths(request.train, fields, split);
  const auto tested =
      std::ranges::find_if(fields, [](const Splits& splits) { return splits.size() > 1; });
  const std::vector<std::string> origins = {
      OriginOf(fields, 0), tested == fields.end() ? "no test samples" : OriginOf(fields, 1)};
  Assembly assembly(request, tested == fields.end() ? 0 : (*tested)[1].samples());
  for (size_t i = 0; i < fields.size(); ++i) assembly.Add(request.train[i], std::move(fields[i]));
  return assembly.Finish(origins);
}

}  // namespace seve
