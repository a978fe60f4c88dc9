#include "config/hints.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace seve {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

std::vector<std::string> ValueNames(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return names;
}

// The fields of `type` whose own message has a field of this name.
std::vector<std::string> Owners(const Descriptor& type, const std::string& field) {
  std::vector<std::string> owners;
  for (int i = 0; i < type.field_count(); ++i) {
    const auto* message = type.field(i)->message_type();
    if (message != nullptr && message->FindFieldByName(field) != nullptr) {
      owners.push_back(type.field(i)->name() + " { … }");
    }
  }
  return owners;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string Wanted(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return "a whole number of at most 2147483647";
    case FieldDescriptor::CPPTYPE_INT64:
      return "a whole number";
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "a whole number that is not negative";
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_STRING:
      return "text in quotes";
    case FieldDescriptor::CPPTYPE_ENUM:
      return "one of " + Join(ValueNames(*field.enum_type()));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  const auto fields = FieldNames(*field.message_type());
  return fields.empty() ? "{}" : "{ … } with fields among " + Join(fields);
}

}  // namespace

std::string Spoken(const Descriptor& type, const std::string& name) {
  if (!name.empty()) return name + " (message " + type.name() + ")";
  if (type.name() == "Config") return "the configuration";
  return type.name() == "Cluster" ? "the cluster's profile" : "message " + type.name();
}

std::string UnknownField(const Descriptor& type, const std::string& spoken,
                         const std::string& field) {
  const std::string start = spoken + " has no field '" + field + "'; ";
  const auto owners = Owners(type, field);
  if (!owners.empty()) return start + "it belongs inside " + Join(owners, " or ");
  if (type.field_count() == 0) return start + "it has none: " + spoken + " takes no settings";
  return start + Suggest(field, FieldNames(type));
}

std::string RefusedValue(const FieldDescriptor& field, const std::string& value) {
  std::string text = "'" + field.name() + "' wants " + Wanted(field);
  text += value.empty() ? "" : ", not " + value;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return text;
  const auto names = ValueNames(*field.enum_type());
  std::string word = Upper(value);
  std::erase_if(word, [](char c) { return c == '\'' || c == '"'; });
  return NearestNames(word, names).empty() ? text : text + "; " + Suggest(word, names);
}

}  // namespace seve
