#include "config/source_text.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <sstream>

namespace seve {
namespace {

constexpr int kTabWidth = 8;  // of google::protobuf::io::Tokenizer

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int, google::protobuf::io::ColumnNumber, const std::string& message) override {
    if (!message_) message_ = message;
  }
  [[nodiscard]] const std::optional<std::string>& message() const { return message_; }

 private:
  std::optional<std::string> message_;
};

// Characters (UTF-8) before the tokenizer's column, which counts bytes and widens tabs.
int CharactersBefore(const std::string& line, int column) {
  int width = 0;
  int characters = 0;
  for (const char byte : line) {
    if (width >= column) break;
    width += byte == '\t' ? kTabWidth - width % kTabWidth : 1;
    const bool continues = (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
    characters += continues ? 0 : 1;
  }
  return characters;
}

}  // namespace

SourceText::SourceText(std::string name, const std::string& text, bool numbered)
    : name_(std::move(name)), numbered_(numbered) {
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines_.push_back(line);

  google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  FirstError error;
  google::protobuf::io::Tokenizer tokenizer(&input, &error);
  tokenizer.set_comment_style(google::protobuf::io::Tokenizer::SH_COMMENT_STYLE);
  tokenizer.set_allow_f_after_float(true);
  tokenizer.set_require_space_after_number(false);
  while (tokenizer.Next()) tokens_.push_back(tokenizer.current());
  tokens_.push_back(tokenizer.current());
  token_error_ = error.message();
}

std::string SourceText::Place(int line, int column) const {
  if (!numbered_) return name_;
  const bool exists = line >= 0 && static_cast<size_t>(line) < lines_.size();
  const int characters = exists ? CharactersBefore(lines_[static_cast<size_t>(line)], column) : 0;
  return name_ + ":" + std::to_string(line + 1) + ":" + std::to_string(characters + 1);
}

}  // namespace seve
