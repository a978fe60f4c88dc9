#include "config/open_messages.h"

namespace seve {
namespace {

using google::protobuf::io::Tokenizer;

void ReadSymbol(char symbol, size_t at, OpenMessage& open) {
  switch (symbol) {
    case ':':
      open.value_token = at + 1;
      return;
    case '[':
      open.in_list = true;
      open.value_token = at + 1;
      return;
    case ']':
      open.in_list = false;
      open.value_read = true;
      return;
    case ',':
      if (!open.in_list) return;
      open.value_token = at + 1;
      open.value_read = false;
      return;
    default:
      return;
  }
}

void ReadWord(const SourceText::Token& token, size_t at, OpenMessage& open) {
  if (open.value_token != 0 && !open.value_read) {
    open.value_read = true;
    return;
  }
  if (token.type != Tokenizer::TYPE_IDENTIFIER || open.in_list) return;
  open.field = token.text;
  open.field_token = at;
  open.value_token = 0;
  open.value_read = false;
  open.given.emplace(token.text, at);
}

OpenMessage Enter(OpenMessage& parent) {
  parent.value_read = true;
  OpenMessage child;
  const auto* field = parent.Field();
  child.type = field == nullptr ? nullptr : field->message_type();
  child.name = parent.field;
  child.opened = parent.field_token;
  return child;
}

}  // namespace

std::vector<OpenMessage> OpenMessages(const SourceText& source,
                                      const google::protobuf::Descriptor& root, size_t count) {
  std::vector<OpenMessage> open(1);
  open.back().type = &root;
  for (size_t at = 0; at < count; ++at) {
    const auto& token = source.tokens()[at];
    if (token.type != Tokenizer::TYPE_SYMBOL) {
      ReadWord(token, at, open.back());
    } else if (token.text == "{" || token.text == "<") {
      open.push_back(Enter(open.back()));
    } else if (token.text == "}" || token.text == ">") {
      if (open.size() > 1) open.pop_back();
    } else {
      ReadSymbol(token.text[0], at, open.back());
    }
  }
  return open;
}

}  // namespace seve
