#include "data/tensors/class_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "data/stored_elements.h"
#include "data/tensors/cell_number.h"

namespace seve {
namespace {

constexpr const char* kOrValues = "or declare the field `kind: VALUES` if it holds numbers to fit";

const TextColumn* TextOf(const RawField& field) { return std::get_if<TextColumn>(&field.content); }

bool OneWholeNumberEach(const StoredArray& array) {
  return IsInteger(array.element()) && array.SampleShape() == Shape{1};
}

std::string PlaceOf(const RawField& field, size_t sample) {
  if (const TextColumn* text = TextOf(field)) return text->Place(sample);
  return fmt::format("{}: position {}", field.path, sample);
}

// What the cells of a column hold.
struct Cells {
  std::string text, number;  // places of the first that is no number, and of the first that is one
  bool fractions = false;    // numbers that are not whole

  void Add(const TextColumn& column) {
    for (size_t i = 0; i < column.cells.size(); ++i) {
      const bool is_number = NumberOf(column.cells[i]).has_value();
      std::string& first = is_number ? number : text;
      if (first.empty()) first = fmt::format("{} holds '{}'", column.Place(i), column.cells[i]);
      fractions |= is_number && !WholeNumberOf(column.cells[i]);
    }
  }
};

// Whether every label is written as a whole number.
bool GoByNumber(FieldOfSplits splits) {
  return std::ranges::all_of(splits, [](const RawField* field) {
    const TextColumn* text = TextOf(*field);
    return text == nullptr || std::ranges::all_of(text->cells, [](const std::string& cell) {
             return WholeNumberOf(cell).has_value();
           });
  });
}

std::vector<int64_t> WholeNumbers(const RawField& field) {
  std::vector<int64_t> numbers;
  if (const TextColumn* text = TextOf(field)) {
    for (const auto& cell : text->cells) numbers.push_back(*WholeNumberOf(cell));
    return numbers;
  }
  const auto& array = std::get<StoredArray>(field.content);
  if (!OneWholeNumberEach(array)) {
    ThrowData(
        fmt::format("{}: classes are one whole number a sample, (N) or (N, 1), but it holds "
                    "{} of shape {}",
                    field.path, NameOf(array.element()), array.shape().ToString()));
  }
  WithElementType(array.element(), [&](auto element) {
    for (size_t i = 0; i < static_cast<size_t>(array.samples()); ++i) {
      numbers.push_back(
          static_cast<int64_t>(StoredElement<decltype(element)>(array.bytes().data(), i)));
    }
  });
  return numbers;
}

void CheckLabel(const RawField& field, size_t sample, int64_t label, int64_t classes) {
  if (label < 0) {
    ThrowData(fmt::format("{}: label {}, but classes are whole numbers from 0; number them so, {}",
                          PlaceOf(field, sample), label, kOrValues));
  }
  if (label < classes) return;
  ThrowData(
      fmt::format("{}: label {}, but there are {} classes (labels 0 to {}); set "
                  "data.tensors.classes, {}",
                  PlaceOf(field, sample), label, classes, classes - 1, kOrValues));
}

ClassLabels FromNumbers(FieldOfSplits splits, int64_t classes) {
  // Indices are int32.
  const int64_t most = classes > 0 ? classes : std::numeric_limits<int32_t>::max();
  ClassLabels result;
  for (const RawField* field : splits) {
    std::vector<int32_t> indices;
    for (const int64_t label : WholeNumbers(*field)) {
      CheckLabel(*field, indices.size(), label, most);
      indices.push_back(static_cast<int32_t>(label));
      result.labels.classes = std::max(result.labels.classes, label + 1);
    }
    result.splits.push_back(Store(indices, {field->samples()}));
  }
  if (classes > 0) result.labels.classes = classes;
  return result;
}

ClassLabels FromNames(FieldOfSplits splits, int64_t classes) {
  std::set<std::string> names;
  for (const RawField* field : splits) {
    const TextColumn* text = TextOf(*field);
    if (text == nullptr) {
      ThrowData(fmt::format("{}: holds classes by number, but {} by name", field->path,
                            splits.front()->path));
    }
    names.insert(text->cells.begin(), text->cells.end());
  }
  ClassLabels result;
  result.labels = {static_cast<int64_t>(names.size()), {names.begin(), names.end()}};
  if (classes > 0 && classes != result.labels.classes) {
    ThrowData(fmt::format("{}: holds {} names of classes ({}), but data.tensors.classes is {}",
                          splits.front()->path, names.size(), Join(FirstOf(result.labels.names, 5)),
                          classes));
  }
  for (const RawField* field : splits) {
    std::vector<int32_t> indices;
    for (const auto& cell : TextOf(*field)->cells) {
      indices.push_back(static_cast<int32_t>(std::ranges::lower_bound(result.labels.names, cell) -
                                             result.labels.names.begin()));
    }
    result.splits.push_back(Store(indices, {field->samples()}));
  }
  return result;
}

}  // namespace

bool LookLikeClasses(FieldOfSplits splits) {
  Cells cells;
  for (const RawField* field : splits) {
    if (const TextColumn* text = TextOf(*field)) {
      cells.Add(*text);
    } else if (!OneWholeNumberEach(std::get<StoredArray>(field->content))) {
      return false;
    }
  }
  if (!cells.text.empty() && !cells.number.empty()) {
    ThrowData(
        fmt::format("{}, but {}: correct one, or declare the field `kind: CLASSES` if both "
                    "are names of classes",
                    cells.text, cells.number));
  }
  return !cells.fractions;
}

ClassLabels MakeClassLabels(FieldOfSplits splits, int64_t classes) {
  return GoByNumber(splits) ? FromNumbers(splits, classes) : FromNames(splits, classes);
}

}  // namespace seve
