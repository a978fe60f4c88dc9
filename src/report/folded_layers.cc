#include "report/folded_layers.h"

#include <fmt/format.h>

#include <algorithm>

namespace seve {
namespace {

// Of "c/23/sum" below the prefix "c/" "23"; of a name that ends there "".
std::string PartBelow(const std::string& name, const std::string& prefix) {
  if (name.size() <= prefix.size()) return "";
  return name.substr(prefix.size(), name.find('/', prefix.size()) - prefix.size());
}

bool IsCount(const std::string& part) {
  return !part.empty() && part.size() < 9 &&
         std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

LayerGroup GroupOf(const std::vector<LayerRow>& layers, size_t first, size_t count,
                   std::string name, std::string kind) {
  LayerRow row = layers[first];
  row.name = std::move(name);
  row.kind = std::move(kind);
  row.output = layers[first + count - 1].output;
  for (size_t i = first + 1; i < first + count; ++i) {
    row.parameters += layers[i].parameters;
    row.frozen |= layers[i].frozen;
  }
  return {first, count, std::move(row)};
}

class Folder {
 public:
  explicit Folder(const std::vector<LayerRow>& layers) : layers_(layers) {}

  std::vector<LayerGroup> Run() && {
    Fold(0, layers_.size(), "");
    return std::move(groups_);
  }

 private:
  // Rows whose names start with `prefix`, or are that without its '/'.
  void Fold(size_t begin, size_t end, const std::string& prefix) {
    while (begin < end) {
      const std::string part = PartBelow(layers_[begin].name, prefix);
      const size_t rows = RunOf(begin, end, prefix);
      if (part.empty() || (rows == 1 && layers_[begin].name == prefix + part)) {
        groups_.push_back({begin, 1, layers_[begin]});
      } else {
        Fold(begin, begin + rows, prefix + part + "/");
      }
      begin += rows;
      const size_t copies = prefix.empty() ? 0 : CopiesAfter(begin - rows, rows, end, prefix);
      if (copies * rows < 2) continue;
      const auto number = std::stoll(part);
      const std::string from = prefix + std::to_string(number + 1);
      const std::string to = prefix + std::to_string(number + static_cast<int64_t>(copies));
      groups_.push_back(GroupOf(layers_, begin, copies * rows,
                                copies == 1 ? from : from + " to " + to,
                                fmt::format("{} more like {}{}", copies, prefix, part)));
      begin += copies * rows;
    }
  }

  // Rows from `begin` on with one part below the prefix.
  [[nodiscard]] size_t RunOf(size_t begin, size_t end, const std::string& prefix) const {
    const std::string part = PartBelow(layers_[begin].name, prefix);
    if (part.empty()) return 1;
    size_t rows = 1;
    while (begin + rows < end && PartBelow(layers_[begin + rows].name, prefix) == part) ++rows;
    return rows;
  }

  // How many runs like that at `begin` follow it under the next numbers.
  [[nodiscard]] size_t CopiesAfter(size_t begin, size_t rows, size_t end,
                                   const std::string& prefix) const {
    const std::string part = PartBelow(layers_[begin].name, prefix);
    if (!IsCount(part)) return 0;
    size_t copies = 0;
    for (size_t at = begin + rows; at + rows <= end; at += rows, ++copies) {
      const auto number = std::stoll(part) + static_cast<int64_t>(copies) + 1;
      const std::string copy = prefix + std::to_string(number);
      if (RunOf(at, end, prefix) != rows || !AreAlike(begin, prefix + part, at, copy, rows)) break;
    }
    return copies;
  }

  [[nodiscard]] bool AreAlike(size_t one, const std::string& name, size_t other,
                              const std::string& other_name, size_t rows) const {
    for (size_t i = 0; i < rows; ++i) {
      const LayerRow &a = layers_[one + i], &b = layers_[other + i];
      const bool alike = b.name == other_name + a.name.substr(name.size()) && a.kind == b.kind &&
                         a.output == b.output && a.parameters == b.parameters &&
                         a.frozen == b.frozen;
      if (!alike) return false;
    }
    return true;
  }

  const std::vector<LayerRow>& layers_;
  std::vector<LayerGroup> groups_;
};

}  // namespace

std::vector<LayerGroup> FoldCopies(const std::vector<LayerRow>& layers) {
  return Folder(layers).Run();
}

std::vector<LayerGroup> FoldComposites(const std::vector<LayerRow>& layers) {
  std::vector<LayerGroup> groups;
  for (size_t first = 0, count = 0; first < layers.size(); first += count) {
    const std::string name = PartBelow(layers[first].name, "");
    count = 1;
    while (first + count < layers.size() && PartBelow(layers[first + count].name, "") == name) {
      ++count;
    }
    if (count == 1) {
      groups.push_back({first, 1, layers[first]});
    } else {
      groups.push_back(GroupOf(layers, first, count, name, fmt::format("{} layers", count)));
    }
  }
  return groups;
}

std::vector<LayerRow> WithoutCopies(const std::vector<LayerRow>& layers) {
  std::vector<LayerRow> rows;
  for (auto& group : FoldCopies(layers)) rows.push_back(std::move(group.row));
  return rows;
}

}  // namespace seve
