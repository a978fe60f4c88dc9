#include "data/tensors/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "data/tensors/cell_number.h"

namespace seve {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

CsvReader::CsvReader(const std::string& path)
    : file_(path), text_(reinterpret_cast<const char*>(file_.bytes().data()), file_.size()) {
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  if (AtEnd()) Fail("the file is empty; a header line with the names of the columns is expected");
  ReadRecord();
  header_ = cells_;
  CheckHeader();
}

void CsvReader::Fail(const std::string& what) const {
  ThrowData(fmt::format("{}:{}: {}", path(), line_, what));
}

// Whole numbers may well be names ("0", "1", … is what pandas gives columns without one).
void CsvReader::CheckHeader() const {
  const auto is_whole = [](const std::string& name) { return WholeNumberOf(name).has_value(); };
  const auto is_number = [](const std::string& name) { return NumberOf(name).has_value(); };
  if (std::ranges::all_of(header_, is_number) && !std::ranges::all_of(header_, is_whole)) {
    Fail("the header line holds numbers; a first line with the names of the columns is expected");
  }
}

bool CsvReader::Next() {
  if (AtEnd()) return false;
  ReadRecord();
  if (cells_.size() == header_.size()) return true;
  if (cells_.size() == 1 && cells_[0].empty()) Fail("a blank line within the table");
  Fail(
      fmt::format("{} cells, but the header line names {} columns", cells_.size(), header_.size()));
}

void CsvReader::ReadRecord() {
  line_ = next_line_;
  size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == cells_.size()) cells_.emplace_back();
    std::string& cell = cells_[count];
    cell.clear();
    if (at_ < text_.size() && text_[at_] == '"') {
      ReadQuoted(&cell);
    } else {
      const size_t begin = at_;
      while (at_ < text_.size() && text_[at_] != ',' && !StartsLineEnd(at_)) ++at_;
      cell = text_.substr(begin, at_ - begin);
    }
    more = at_ < text_.size() && text_[at_] == ',';
    if (more) ++at_;
  }
  cells_.resize(count);
  SkipLineEnd();
}

void CsvReader::ReadQuoted(std::string* cell) {
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '"') {
      const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
      if (!doubled) break;
      ++at_;
    }
    next_line_ += text_[at_] == '\n';
    *cell += text_[at_];
  }
  if (at_ == text_.size()) Fail("a quote is opened but never closed");
  ++at_;
  if (at_ < text_.size() && text_[at_] != ',' && !StartsLineEnd(at_)) {
    Fail("text follows a closing quote; a quote inside a quoted cell is written twice");
  }
}

bool CsvReader::AtEnd() const {
  return text_.find_first_not_of("\r\n", at_) == std::string_view::npos;
}

bool CsvReader::StartsLineEnd(size_t at) const {
  if (text_[at] == '\n') return true;
  return text_[at] == '\r' && (at + 1 == text_.size() || text_[at + 1] == '\n');
}

void CsvReader::SkipLineEnd() {
  if (at_ == text_.size()) return;
  if (text_[at_] == '\r') ++at_;
  if (at_ < text_.size()) ++at_;
  ++next_line_;
}

}  // namespace seve
