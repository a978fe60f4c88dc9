#include "config/merge.h"

#include <algorithm>

#include "config/load.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr const char* kLayers = "model.layer";

std::string LayerPath(int index) {
  return std::string(kLayers) + "[" + std::to_string(index) + "]";
}

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

void LayLayersOver(const Draft& over, Draft* draft) {
  const auto names = LayerNames(draft->proto.model());
  for (int i = 0; i < over.proto.model().layer_size(); ++i) {
    const auto& layer = over.proto.model().layer(i);
    auto* model = draft->proto.mutable_model();
    const auto found =
        layer.has_name() ? std::find(names.begin(), names.end(), layer.name()) : names.end();
    int index = static_cast<int>(found - names.begin());
    if (found == names.end()) {
      index = model->layer_size();
      model->add_layer();
    }
    *model->mutable_layer(index) = layer;
    draft->places.Erase(LayerPath(index));
    draft->places.Adopt(over.places, LayerPath(i), LayerPath(index));
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
  if (rest.has_model()) rest.mutable_model()->clear_layer();
  MakeRoom(rest, "", &draft->proto, &draft->places);
  draft->proto.MergeFrom(rest);
  for (const auto& [path, where] : over.places.all()) {
    if (!IsWithin(path, kLayers)) draft->places.Put(path, where);
  }
  LayLayersOver(over, draft);
}

}  // namespace seve
