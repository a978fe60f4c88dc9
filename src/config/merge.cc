#include "config/merge.h"

#include <algorithm>

#include "config/load.h"
#include "config/names.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr const char* kLayers = "model.layer";
constexpr const char* kDefinitions = "model.define";

// Clears in `to` what merging `from` must not add to: repeated fields and other alternatives.
void MakeRoom(const Message& from, const std::string& prefix, Message* to, Places* places) {
  std::vector<const FieldDescriptor*> fields;
  from.GetReflection()->ListFields(from, &fields);
  const auto* reflection = to->GetReflection();
  for (const auto* field : fields) {
    const std::string path = ChildPath(prefix, *field);
    ForgetOtherAlternative(*to, *field, prefix, places);
    if (field->is_repeated()) {
      reflection->ClearField(to, field);
      places->Erase(path);
    } else if (field->message_type() != nullptr && reflection->HasField(*to, field)) {
      MakeRoom(from.GetReflection()->GetMessage(from, field), path,
               reflection->MutableMessage(to, field), places);
    }
  }
}

// `names`: of those in `draft`. `path`: of both lists.
void LayLayersOver(const LayerList& over, const Places& over_places, const std::string& path,
                   const std::vector<std::string>& names, LayerList* layers, Places* places) {
  const auto element = [&](int index) { return path + "[" + std::to_string(index) + "]"; };
  for (int i = 0; i < over.size(); ++i) {
    const auto found =
        over[i].has_name() ? std::find(names.begin(), names.end(), over[i].name()) : names.end();
    int index = static_cast<int>(found - names.begin());
    if (found == names.end()) {
      index = layers->size();
      layers->Add();
    }
    *layers->Mutable(index) = over[i];
    places->Erase(element(index));
    places->Adopt(over_places, element(i), element(index));
  }
}

}  // namespace

void ForgetOtherAlternative(const Message& message, const FieldDescriptor& field,
                            const std::string& prefix, Places* places) {
  const auto* oneof = field.containing_oneof();
  if (oneof == nullptr) return;
  const auto* given = message.GetReflection()->GetOneofFieldDescriptor(message, oneof);
  if (given != nullptr && given != &field) places->Erase(ChildPath(prefix, *given));
}

void LayOver(const Draft& over, Draft* draft) {
  config::Config rest = over.proto;
  if (rest.has_model()) {
    rest.mutable_model()->clear_layer();
    rest.mutable_model()->clear_define();
  }
  MakeRoom(rest, "", &draft->proto, &draft->places);
  draft->proto.MergeFrom(rest);
  for (const auto& [path, where] : over.places.all()) {
    const bool listed = IsWithin(path, kLayers) || IsWithin(path, kDefinitions);
    if (!listed) draft->places.Put(path, where);
  }
  if (!over.proto.has_model()) return;
  const auto& model = over.proto.model();
  auto* under = draft->proto.mutable_model();
  LayLayersOver(model.layer(), over.places, kLayers, LayerNames(*under), under->mutable_layer(),
                &draft->places);
  LayLayersOver(model.define(), over.places, kDefinitions, DefinitionNames(*under),
                under->mutable_define(), &draft->places);
}

}  // namespace seve
