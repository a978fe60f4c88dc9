#include "train/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "data/places.h"
#include "data/stored_elements.h"
#include "tensor/safetensors_header.h"
#include "train/tensors.h"
#include "train/weight_names.h"

namespace seve {
namespace {

using Entry = SafetensorsHeader::Entry;

constexpr size_t kToldOf = 10;

// What is wrong with a file, told together: one line each.
class Complaints {
 public:
  template <typename... Values>
  void Add(fmt::format_string<Values...> form, Values&&... values) {
    lines_.push_back(fmt::format(form, std::forward<Values>(values)...));
  }

  void Throw(const std::string& where, const std::string& file) {
    if (lines_.empty()) return;
    ThrowUsage(
        fmt::format("{}: the weights of {} are not those of this model:\n  {}\n"
                    "To start a parameter at random nevertheless: weights {{ skip: \"its name or a "
                    "pattern\" }}",
                    where, file, Join(FirstOf(std::move(lines_), kToldOf), "\n  ")));
  }

 private:
  std::vector<std::string> lines_;
};

// Whether a pattern of `skip` matches, for each parameter.
std::vector<bool> Skipped(const Configuration& configuration,
                          const std::vector<std::string>& names) {
  std::vector<bool> skipped(names.size(), false);
  const auto& patterns = configuration.proto.weights().skip();
  for (int i = 0; i < patterns.size(); ++i) {
    bool any = false;
    for (size_t k = 0; k < names.size(); ++k) {
      if (!GlobMatches(patterns[i], names[k])) continue;
      skipped[k] = any = true;
    }
    if (any) continue;
    ThrowUsage(fmt::format("{}: `skip: \"{}\"` matches no parameter; {}",
                           configuration.source.Where(fmt::format("weights.skip[{}]", i)),
                           patterns[i], Suggest(patterns[i], names)));
  }
  return skipped;
}

void Copy(const InputFile& file, const SafetensorsHeader& header, const Entry& entry,
          const Tensor& tensor) {
  std::vector<std::byte> bytes(entry.bytes());
  file.Read(header.data_start + entry.begin, bytes);
  const auto values = tensor.Flat<float>();
  WithElementType(entry.element, [&](auto element) {
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(StoredElement<decltype(element)>(bytes.data(), i));
    }
  });
}

std::vector<std::string> NamesOf(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const auto& tensor : tensors) names.push_back(tensor.name);
  return names;
}

// "'stem.weight'", or "'stem.weight' ('conv1.weight' there)".
std::string Both(const std::string& ours, const std::string& theirs) {
  return ours == theirs ? fmt::format("'{}'", ours)
                        : fmt::format("'{}' ('{}' there)", ours, theirs);
}

void CheckNothingIsLeft(config::WeightNames names, const SafetensorsHeader& header,
                        const std::set<std::string>& used, Complaints& complaints) {
  for (const auto& entry : header.entries) {
    if (used.contains(entry.name) || IsIdle(names, entry.name)) continue;
    complaints.Add("'{}' of shape {} has no place in the model", entry.name,
                   entry.shape.ToString());
  }
}

}  // namespace

void LoadWeights(const Configuration& configuration, const std::string& root,
                 const ParameterLayout& layout, const ParameterArena& arena) {
  const auto& weights = configuration.proto.weights();
  const InputFile file(FindFile(weights.file(), root));
  const SafetensorsHeader header = ReadSafetensorsHeader(file);
  const auto parameters = ModelTensors(layout, arena);
  const auto ours = NamesOf(parameters);
  const auto theirs = ForeignNames(weights.names(), ours);
  const auto skipped = Skipped(configuration, ours);

  Complaints complaints;
  std::vector<std::pair<const Entry*, const Tensor*>> copies;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (skipped[i]) continue;
    const auto found = std::ranges::find(header.entries, theirs[i], &Entry::name);
    const Shape& shape = parameters[i].tensor.shape();
    if (found == header.entries.end()) {
      complaints.Add("{} of shape {} is missing", Both(ours[i], theirs[i]), shape.ToString());
    } else if (found->shape != shape) {
      complaints.Add("{} has shape {} there, the model needs {}", Both(ours[i], theirs[i]),
                     found->shape.ToString(), shape.ToString());
    } else {
      copies.emplace_back(&*found, &parameters[i].tensor);
    }
  }
  CheckNothingIsLeft(weights.names(), header, {theirs.begin(), theirs.end()}, complaints);
  complaints.Throw(configuration.source.Where("weights.file"), file.path());
  for (const auto& [entry, tensor] : copies) Copy(file, header, *entry, *tensor);
}

}  // namespace seve
