#include "config/values.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
std::optional<T> Number(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool EqualInEitherCase(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::optional<bool> Truth(const std::string& text) {
  if (EqualInEitherCase(text, "true") || text == "1") return true;
  if (EqualInEitherCase(text, "false") || text == "0") return false;
  return std::nullopt;
}

std::optional<int> EnumNumber(const std::string& text,
                              const google::protobuf::EnumDescriptor& type) {
  for (int i = 0; i < type.value_count(); ++i) {
    if (EqualInEitherCase(text, type.value(i)->name())) return type.value(i)->number();
  }
  return std::nullopt;
}

std::optional<std::string> Unquoted(const std::string& text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Where a value goes, and the three ways reflection has of putting it there.
struct Target {
  Message* message;
  const FieldDescriptor* field;
  int index;

  template <class T>
  bool Put(const std::optional<T>& value,
           void (Reflection::*set)(Message*, const FieldDescriptor*, T) const,
           void (Reflection::*set_element)(Message*, const FieldDescriptor*, int, T) const,
           void (Reflection::*add)(Message*, const FieldDescriptor*, T) const) const {
    if (!value) return false;
    const Reflection* reflection = message->GetReflection();
    if (!field->is_repeated()) {
      (reflection->*set)(message, field, *value);
    } else if (index < reflection->FieldSize(*message, field)) {
      (reflection->*set_element)(message, field, index, *value);
    } else {
      (reflection->*add)(message, field, *value);
    }
    return true;
  }
};

}  // namespace

bool SetScalar(const std::string& text, const FieldDescriptor& field, int index, Message* message) {
  using R = Reflection;
  const Target target{message, &field, index};
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return target.Put(Number<int32_t>(text), &R::SetInt32, &R::SetRepeatedInt32, &R::AddInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return target.Put(Number<int64_t>(text), &R::SetInt64, &R::SetRepeatedInt64, &R::AddInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return target.Put(Number<uint32_t>(text), &R::SetUInt32, &R::SetRepeatedUInt32,
                        &R::AddUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return target.Put(Number<uint64_t>(text), &R::SetUInt64, &R::SetRepeatedUInt64,
                        &R::AddUInt64);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return target.Put(Number<float>(text), &R::SetFloat, &R::SetRepeatedFloat, &R::AddFloat);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return target.Put(Number<double>(text), &R::SetDouble, &R::SetRepeatedDouble, &R::AddDouble);
    case FieldDescriptor::CPPTYPE_BOOL:
      return target.Put(Truth(text), &R::SetBool, &R::SetRepeatedBool, &R::AddBool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return target.Put(EnumNumber(text, *field.enum_type()), &R::SetEnumValue,
                        &R::SetRepeatedEnumValue, &R::AddEnumValue);
    case FieldDescriptor::CPPTYPE_STRING:
      return target.Put(Unquoted(text), &R::SetString, &R::SetRepeatedString, &R::AddString);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return false;
}

}  // namespace seve
