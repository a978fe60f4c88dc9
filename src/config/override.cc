#include "config/override.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "config/hints.h"
#include "config/load.h"
#include "config/merge.h"
#include "config/names.h"
#include "config/override_path.h"
#include "config/values.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string Trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// "[a, b]" -> {"a", "b"}; anything else is one element.
std::vector<std::string> Elements(const std::string& text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return {text};
  std::vector<std::string> elements;
  const std::string inside = Trimmed(text.substr(1, text.size() - 2));
  for (size_t start = 0; start < inside.size();) {
    const size_t end = std::min(inside.find(',', start), inside.size());
    elements.push_back(Trimmed(inside.substr(start, end - start)));
    start = end + 1;
  }
  return elements;
}

// Walks from the configuration to the field a path names, making the messages on the way.
class Override {
 public:
  Override(const std::string& set, Draft* draft)
      : label_("--set " + set), draft_(draft), at_(&draft->proto) {}

  void Apply(const std::vector<PathSegment>& path, const std::string& value) {
    for (size_t i = 0; i + 1 < path.size(); ++i) Enter(path[i], path[i + 1].name);
    const PathSegment& last = path.back();
    if (const Named layer = FindLayer(last); layer.list) return SetLayer(layer, value);
    const FieldDescriptor& field = Field(last);
    if (field.is_repeated() && !last.index) return SetList(field, value);
    if (!field.is_repeated() && last.index) FailNoList(last);
    if (field.is_repeated()) RefuseIndexBeyond(field, *last.index, Size(field));
    ForgetOtherAlternative(*at_, field, prefix_, &draft_->places);
    const int index = field.is_repeated() ? *last.index : -1;
    SetOne(field, index, value);
    draft_->places.Put(ChildPath(prefix_, field, index), label_);
  }

 private:
  [[noreturn]] void Fail(const std::string& text) const { ThrowUsage(label_ + ": " + text); }

  [[noreturn]] void FailNoList(const PathSegment& segment) const {
    Fail("'" + segment.name + "' is no list: leave out the [" + std::to_string(*segment.index) +
         "]");
  }

  [[nodiscard]] int Size(const FieldDescriptor& field) const {
    return at_->GetReflection()->FieldSize(*at_, &field);
  }

  void RefuseIndexBeyond(const FieldDescriptor& field, int index, int highest) const {
    if (index <= highest) return;
    Fail("there is no " + field.name() + "[" + std::to_string(index) + "]: '" + field.name() +
         "' has " + std::to_string(Size(field)) + (Size(field) == 1 ? " element" : " elements") +
         ", counted from 0");
  }

  // The layer or definition of the model that a segment names; its field is null where layers are
  // not what is looked for.
  struct Named {
    const FieldDescriptor* list = nullptr;
    int index = -1;
  };

  [[nodiscard]] Named FindLayer(const PathSegment& segment) const {
    if (at_->GetDescriptor() != config::Model::descriptor() || segment.index) return {};
    const auto* type = config::Model::descriptor();
    auto names = LayerNames(draft_->proto.model());
    const auto definitions = DefinitionNames(draft_->proto.model());
    const auto layers = std::ssize(names);
    names.insert(names.end(), definitions.begin(), definitions.end());
    const auto at = std::find(names.begin(), names.end(), segment.name) - names.begin();
    if (at == std::ssize(names)) {
      Fail("the model has no layer '" + segment.name + "'; " +
           (names.empty() ? "it has none at all" : Suggest(segment.name, names)));
    }
    if (at < layers) return {type->FindFieldByName("layer"), static_cast<int>(at)};
    return {type->FindFieldByName("define"), static_cast<int>(at - layers)};
  }

  [[nodiscard]] const FieldDescriptor& Field(const PathSegment& segment) const {
    const auto* field = at_->GetDescriptor()->FindFieldByName(segment.name);
    if (field == nullptr) {
      Fail(UnknownField(*at_->GetDescriptor(), Spoken(*at_->GetDescriptor(), name_), segment.name));
    }
    if (prefix_.empty() && field->name() == "base") {
      Fail("'base' can only be given in a file: name another file instead");
    }
    return *field;
  }

  void Enter(const PathSegment& segment, const std::string& next) {
    if (const Named layer = FindLayer(segment); layer.list) {
      return EnterElement(*layer.list, layer.index, segment.name);
    }
    const FieldDescriptor& field = Field(segment);
    if (field.message_type() == nullptr) {
      Fail("'" + segment.name + "' holds a value: nothing like '" + next + "' lies below it");
    }
    if (field.is_repeated()) {
      return EnterElement(field, segment.index ? *segment.index : OnlyElement(field), segment.name);
    }
    if (segment.index) FailNoList(segment);
    ForgetOtherAlternative(*at_, field, prefix_, &draft_->places);
    const bool is_new = !at_->GetReflection()->HasField(*at_, &field);
    at_ = at_->GetReflection()->MutableMessage(at_, &field);
    Descend(ChildPath(prefix_, field), segment.name, is_new);
  }

  void EnterElement(const FieldDescriptor& field, int index, const std::string& name) {
    const bool is_first = index == 0 && Size(field) == 0;
    if (!is_first) RefuseIndexBeyond(field, index, Size(field) - 1);
    const auto* reflection = at_->GetReflection();
    at_ = is_first ? reflection->AddMessage(at_, &field)
                   : reflection->MutableRepeatedMessage(at_, &field, index);
    Descend(ChildPath(prefix_, field, index), name, is_first);
  }

  void Descend(const std::string& path, const std::string& name, bool is_new) {
    prefix_ = path;
    name_ = name;
    if (is_new) draft_->places.Put(path, label_);
  }

  [[nodiscard]] int OnlyElement(const FieldDescriptor& field) const {
    if (Size(field) <= 1) return 0;
    Fail("there are " + std::to_string(Size(field)) + " of '" + field.name() + "': say which, " +
         field.name() + "[0] to " + field.name() + "[" + std::to_string(Size(field) - 1) + "]");
  }

  void SetList(const FieldDescriptor& field, const std::string& value) {
    at_->GetReflection()->ClearField(at_, &field);
    draft_->places.Erase(ChildPath(prefix_, field));
    if (field.message_type() != nullptr) {
      SetOne(field, 0, value);
    } else {
      for (const auto& element : Elements(value)) SetOne(field, Size(field), element);
    }
    draft_->places.Put(ChildPath(prefix_, field), label_);
  }

  // Keeps the name.
  void SetLayer(const Named& named, const std::string& value) {
    auto& layer = static_cast<config::Layer&>(
        *at_->GetReflection()->MutableRepeatedMessage(at_, named.list, named.index));
    const config::Layer before = layer;
    SetOne(*named.list, named.index, value);
    if (before.has_name() && !layer.has_name()) layer.set_name(before.name());
    draft_->places.Put(ChildPath(prefix_, *named.list, named.index), label_);
  }

  // Sets a field or, when it is repeated, its element `index` (its size: a new one).
  void SetOne(const FieldDescriptor& field, int index, const std::string& value) {
    if (field.message_type() != nullptr) return SetMessage(field, index, value);
    if (!SetScalar(value, field, index, at_)) {
      Fail(RefusedValue(field, value.empty() ? "nothing" : "'" + value + "'"));
    }
  }

  void SetMessage(const FieldDescriptor& field, int index, const std::string& value) {
    const bool braced = value.starts_with('{') && value.ends_with('}');
    if (!value.empty() && !braced) Fail(RefusedValue(field, "'" + value + "'"));
    const auto* reflection = at_->GetReflection();
    Message* message = nullptr;
    if (!field.is_repeated()) {
      message = reflection->MutableMessage(at_, &field);
    } else if (index < Size(field)) {
      message = reflection->MutableRepeatedMessage(at_, &field, index);
    } else {
      message = reflection->AddMessage(at_, &field);
    }
    draft_->places.Erase(ChildPath(prefix_, field, index));
    ParseValue(braced ? value.substr(1, value.size() - 2) : "", label_, message);
  }

  const std::string label_;
  Draft* draft_;
  Message* at_;
  std::string prefix_;  // index path of at_
  std::string name_;    // how the path called at_
};

}  // namespace

void ApplyOverride(const std::string& set, Draft* draft) {
  const size_t equals = set.find('=');
  if (equals == std::string::npos) {
    ThrowUsage("--set " + set + ": wants PATH=VALUE, for example optimizer.sgd.learning_rate=0.1");
  }
  const auto path = SplitPath(Trimmed(set.substr(0, equals)));
  if (path.empty()) {
    ThrowUsage("--set " + set + ": '" + set.substr(0, equals) +
               "' is no path; write names separated by dots, list elements as name[0]");
  }
  Override(set, draft).Apply(path, Trimmed(set.substr(equals + 1)));
}

}  // namespace seve
