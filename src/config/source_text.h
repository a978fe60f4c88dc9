// One text of the configuration language as its writer sees it: lines, columns, tokens.
#pragma once

#include <google/protobuf/io/tokenizer.h>

#include <optional>
#include <string>
#include <vector>

namespace seve {

class SourceText {
 public:
  using Token = google::protobuf::io::Tokenizer::Token;

  // `numbered`: places carry line and column; false for a value of --set, which has neither.
  SourceText(std::string name, const std::string& text, bool numbered = true);

  // "name:line:column" of a tokenizer's position (from 0; tabs widen to 8), counted from 1 in
  // characters.
  [[nodiscard]] std::string Place(int line, int column) const;
  [[nodiscard]] std::string Place(const Token& token) const {
    return Place(token.line, token.column);
  }

  // All tokens; the last one is the end of the text.
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }

  // What the tokenizer refused first ("String literals cannot cross line boundaries."), if
  // anything.
  [[nodiscard]] const std::optional<std::string>& token_error() const { return token_error_; }

 private:
  std::string name_;
  bool numbered_;
  std::vector<std::string> lines_;
  std::vector<Token> tokens_;
  std::optional<std::string> token_error_;
};

}  // namespace seve
