#include "config/diagnosis.h"

#include <algorithm>

#include "config/hints.h"
#include "config/open_messages.h"

namespace seve {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::io::Tokenizer;

// Index of the token at the refusal's place, or of the first one after it.
size_t TokenAt(const SourceText& source, const Refusal& refusal) {
  const auto& tokens = source.tokens();
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const auto& token) {
    return std::pair(token.line, token.column) >= std::pair(refusal.line, refusal.column);
  });
  return std::min<size_t>(found - tokens.begin(), tokens.size() - 1);
}

// A value as written: "-" and the number after it belong together.
std::string ValueText(const SourceText& source, size_t token) {
  const auto& tokens = source.tokens();
  if (tokens[token].type == Tokenizer::TYPE_END) return "the end of the text";
  const bool sign = tokens[token].text == "-" && token + 1 < tokens.size();
  return sign ? "-" + tokens[token + 1].text : tokens[token].text;
}

// The token of another alternative of the same oneof in this message; false when there is none.
bool OtherAlternative(const OpenMessage& open, const FieldDescriptor& field, std::string* other) {
  if (field.containing_oneof() == nullptr) return false;
  for (const auto& [name, token] : open.given) {
    const auto* given = open.type->FindFieldByName(name);
    if (given == nullptr || given == &field) continue;
    if (given->containing_oneof() != field.containing_oneof()) continue;
    *other = name;
    return true;
  }
  return false;
}

// What is wrong with a field whose name has just been read; empty when its name is not the trouble.
std::string DiagnoseName(const SourceText& source, const OpenMessage& open, size_t next) {
  const auto* field = open.Field();
  if (field == nullptr) return UnknownField(*open.type, Spoken(*open.type, open.name), open.field);
  const size_t first = open.given.at(open.field);
  if (first != open.field_token && !field->is_repeated()) {
    return "'" + open.field + "' is given twice, first at " + source.Place(source.tokens()[first]) +
           "; keep one";
  }
  std::string other;
  if (OtherAlternative(open, *field, &other)) {
    return "'" + open.field + "' and '" + other + "' (at " +
           source.Place(source.tokens()[open.given.at(other)]) +
           ") exclude each other: keep one of them";
  }
  const auto& token = source.tokens()[next];
  const bool message = field->message_type() != nullptr;
  if (!message && token.text != ":") return "'" + open.field + "' needs a ':' before its value";
  if (message && token.text != "{") return RefusedValue(*field, ValueText(source, next));
  return "";
}

// Enumerations and truth values are refused only after they were read.
bool WasRefusedAfterReading(const SourceText& source, const OpenMessage& open) {
  const auto* field = open.Field();
  if (field == nullptr || open.value_token == 0) return false;
  const std::string& text = source.tokens()[open.value_token].text;
  if (field->enum_type() != nullptr) return field->enum_type()->FindValueByName(text) == nullptr;
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return false;
  static constexpr const char* kWords[] = {"true", "false", "True", "False", "t", "f", "1", "0"};
  return std::find(std::begin(kWords), std::end(kWords), text) == std::end(kWords);
}

bool IsValueDue(const OpenMessage& open) {
  return open.Field() != nullptr && open.value_token != 0 && !open.value_read;
}

std::string DiagnoseSyntax(const SourceText& source, const std::vector<OpenMessage>& open,
                           size_t at, const Refusal& refusal) {
  const auto& token = source.tokens()[at];
  if (token.type == Tokenizer::TYPE_END && open.size() > 1) {
    return source.Place(source.tokens()[open.back().opened]) + ": the '{' of '" + open.back().name +
           "' is never closed: add a '}'";
  }
  const std::string place = source.Place(token) + ": ";
  if (token.text == "}" && open.size() == 1) return place + "a '}' too many: nothing is open here";
  if (refusal.message.starts_with("Expected identifier")) {
    return place + "expected the name of a field, found '" + token.text + "'";
  }
  return source.Place(refusal.line, refusal.column) + ": " + refusal.message;
}

}  // namespace

std::string Diagnose(const SourceText& source, const google::protobuf::Descriptor& root,
                     const Refusal& refusal) {
  if (source.token_error() == refusal.message) {
    return source.Place(refusal.line, refusal.column) + ": " + refusal.message;
  }
  const size_t at = TokenAt(source, refusal);
  const auto open = OpenMessages(source, root, at);
  const OpenMessage& inner = open.back();
  if (inner.type == nullptr) return DiagnoseSyntax(source, open, at, refusal);
  if (!inner.field.empty() && at == inner.field_token + 1) {
    const std::string trouble = DiagnoseName(source, inner, at);
    if (!trouble.empty()) return source.Place(source.tokens()[inner.field_token]) + ": " + trouble;
  }
  if (IsValueDue(inner) || WasRefusedAfterReading(source, inner)) {
    return source.Place(source.tokens()[inner.value_token]) + ": " +
           RefusedValue(*inner.Field(), ValueText(source, inner.value_token));
  }
  return DiagnoseSyntax(source, open, at, refusal);
}

}  // namespace seve
