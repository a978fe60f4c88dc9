#include "config/parse.h"

#include <google/protobuf/text_format.h>

#include <optional>

#include "base/error.h"
#include "config/diagnosis.h"
#include "config/written_layers.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

class FirstRefusal : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!refusal_) refusal_ = Refusal{line, column, message};
  }
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  std::optional<Refusal> refusal_;
};

void Parse(const SourceText& source, const std::string& text, Message* message,
           TextFormat::ParseInfoTree* tree) {
  FirstRefusal first;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&first);
  parser.WriteLocationsTo(tree);
  const bool parsed = parser.ParseFromString(text, message);
  if (first.refusal()) ThrowUsage(Diagnose(source, *message->GetDescriptor(), *first.refusal()));
  Check(parsed, "a text was refused without a reason");
}

// Puts the place of every field below `prefix`.
class PlaceRecorder {
 public:
  PlaceRecorder(const SourceText& source, Places* places) : source_(source), places_(places) {}

  void Record(const Message& message, const TextFormat::ParseInfoTree& tree,
              const std::string& prefix) {
    const auto* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const auto* field : fields) {
      if (!field->is_repeated()) {
        RecordField(message, tree, *field, -1, prefix);
        continue;
      }
      const int count = reflection->FieldSize(message, field);
      for (int i = 0; i < count; ++i) RecordField(message, tree, *field, i, prefix);
    }
  }

 private:
  void RecordField(const Message& message, const TextFormat::ParseInfoTree& tree,
                   const FieldDescriptor& field, int index, const std::string& prefix) {
    auto location = tree.GetLocation(&field, index);
    // A list in brackets has one place for all its elements.
    if (location.line < 0) location = tree.GetLocation(&field, 0);
    const std::string place = source_.Place(location.line, location.column);
    const std::string path = ChildPath(prefix, field, index);
    places_->Put(path, place);
    if (index == 0) places_->Put(ChildPath(prefix, field), place);
    if (field.message_type() == nullptr) return;
    const auto* nested = tree.GetTreeForNested(&field, index);
    if (nested == nullptr) return;
    const auto* reflection = message.GetReflection();
    Record(index < 0 ? reflection->GetMessage(message, &field)
                     : reflection->GetRepeatedMessage(message, &field, index),
           *nested, path);
  }

  const SourceText& source_;
  Places* places_;
};

// Two layers of one name in one file would otherwise both replace the base's.
void RefuseEqualNames(const Draft& draft) {
  std::map<std::string, std::string> first;
  const auto lists = WrittenLists(draft.proto.model());
  for (const auto& written : lists.front()) {
    if (!written.layer.has_name()) continue;
    const std::string place = draft.places.Find(written.index_path + ".name");
    const auto [other, is_new] = first.emplace(written.name, place);
    if (is_new) continue;
    ThrowUsage(place + ": two layers are called '" + written.name + "', the first at " +
               other->second + "; rename one");
  }
}

}  // namespace

void ParseText(const std::string& text, const std::string& name, Message* message, Places* places) {
  const SourceText source(name, text);
  TextFormat::ParseInfoTree tree;
  Parse(source, text, message, &tree);
  PlaceRecorder(source, places).Record(*message, tree, "");
}

Draft ParseDraft(const std::string& text, const std::string& name) {
  Draft draft;
  ParseText(text, name, &draft.proto, &draft.places);
  RefuseEqualNames(draft);
  return draft;
}

void ParseValue(const std::string& text, const std::string& name, Message* message) {
  Parse(SourceText(name, text, false), text, message, nullptr);
}

}  // namespace seve
