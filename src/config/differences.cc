#include "config/differences.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "config/load.h"
#include "config/places.h"
#include "config/written_layers.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A configuration laid flat: what stands at which path.
class Flat {
 public:
  explicit Flat(const config::Config& config) { Visit(config, ""); }

  // Where something is given.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }
  // What is given there, or the default of a field whose message is there.
  [[nodiscard]] std::string ValueAt(const std::string& path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? "-" : found->second;
  }

 private:
  void Put(const std::string& path, std::string value, bool is_given) {
    if (is_given) paths_.push_back(path);
    values_[path] = std::move(value);
  }

  void Visit(const Message& message, const std::string& path) {
    const auto* model = dynamic_cast<const config::Model*>(&message);
    if (model != nullptr) return VisitLayers(*model, path);
    std::vector<const FieldDescriptor*> given;
    message.GetReflection()->ListFields(message, &given);
    Put(path, "{}", given.empty());
    const auto* type = message.GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) VisitField(message, *type->field(i), path);
  }

  void VisitLayers(const config::Model& model, const std::string& path) {
    Put(path, Join(LayerNames(model)), true);
    const auto lists = WrittenLists(model);
    for (const WrittenLayer& written : lists.front()) {
      config::Layer layer = written.layer;
      layer.clear_name();
      Visit(layer, written.path);
    }
  }

  void VisitField(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const auto* reflection = message.GetReflection();
    const std::string at = ChildPath(path, field);
    if (!field.is_repeated()) {
      const bool is_set = reflection->HasField(message, &field);
      if (!is_set && !field.has_default_value()) return;
      if (field.message_type() != nullptr)
        return Visit(reflection->GetMessage(message, &field), at);
      return Put(at, Text(message, field, -1), is_set);
    }
    std::vector<std::string> elements;
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
      if (field.message_type() != nullptr) {
        Visit(reflection->GetRepeatedMessage(message, &field, i), ChildPath(path, field, i));
      } else {
        elements.push_back(Text(message, field, i));
      }
    }
    if (!elements.empty()) Put(at, "[" + Join(elements) + "]", true);
  }

  static std::string Text(const Message& message, const FieldDescriptor& field, int index) {
    std::string text;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
    return text;
  }

  std::vector<std::string> paths_;
  std::map<std::string, std::string> values_;
};

// Every path given in any of them: those that a later one adds stand behind the one they follow
// there.
std::vector<std::string> AllPaths(const std::vector<Flat>& flats) {
  std::vector<std::string> all;
  for (const Flat& flat : flats) {
    auto at = all.begin();
    for (const std::string& path : flat.paths()) {
      const auto known = std::ranges::find(all, path);
      at = (known == all.end() ? all.insert(at, path) : known) + 1;
    }
  }
  return all;
}

}  // namespace

std::vector<Difference> Differences(std::span<const config::Config> configs) {
  const std::vector<Flat> flats(configs.begin(), configs.end());
  std::vector<Difference> differences;
  for (const std::string& path : AllPaths(flats)) {
    Difference difference{.path = path, .values = {}};
    for (const Flat& flat : flats) difference.values.push_back(flat.ValueAt(path));
    const auto& values = difference.values;
    if (std::ranges::adjacent_find(values, std::ranges::not_equal_to()) == values.end()) continue;
    differences.push_back(std::move(difference));
  }
  return differences;
}

}  // namespace seve
