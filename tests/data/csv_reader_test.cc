#include "data/tensors/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/quick_files.h"
#include "base/temporary_folder.h"
#include "data/scratch_testing.h"
#include "data/tensors/cell_number.h"

namespace seve {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

using Table = std::vector<std::vector<std::string>>;

class Csv : public ::testing::Test {
 protected:
  // Header and records.
  Table Read(const std::string& text) {
    WriteQuickly(path_, text);
    CsvReader reader(path_);
    Table table = {reader.header()};
    lines_.clear();
    while (reader.Next()) {
      table.push_back(reader.cells());
      lines_.push_back(reader.line());
    }
    return table;
  }
  // What follows the path in the complaint about a table.
  std::string Refusal(const std::string& text) {
    const std::string error = DataErrorOf([&] { Read(text); });
    EXPECT_THAT(error, StartsWith(path_ + ":"));
    return error.substr(std::min(error.size(), path_.size()));
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("t.csv");
  std::vector<int64_t> lines_;
};

TEST_F(Csv, LineEndsMayBeEitherAndTheLastMayLack) {
  const Table expected = {{"a", "b"}, {"1", "2"}, {"3", ""}};
  EXPECT_EQ(Read("a,b\n1,2\n3,\n"), expected);
  EXPECT_EQ(Read("a,b\r\n1,2\r\n3,\r\n"), expected);
  EXPECT_EQ(Read("a,b\n1,2\n3,"), expected);
  EXPECT_EQ(Read("a,b\n1,2\n3,\r"), expected);
  EXPECT_THAT(lines_, ElementsAre(2, 3));
}

TEST_F(Csv, QuotedCellsHoldCommasQuotesAndLineEnds) {
  EXPECT_EQ(Read("\"a,b\",c\n\"say \"\"no\"\"\",\"two\nlines\"\n\"\",x\n"),
            (Table{{"a,b", "c"}, {"say \"no\"", "two\nlines"}, {"", "x"}}));
  EXPECT_THAT(lines_, ElementsAre(2, 4));
}

TEST_F(Csv, ByteOrderMarkAndBlankLinesAtTheEndArePassedOver) {
  EXPECT_EQ(Read("\xef\xbb\xbf"
                 "a,b\n1,2\n\n\r\n"),
            (Table{{"a", "b"}, {"1", "2"}}));
}

TEST_F(Csv, MayHoldNoRecords) { EXPECT_EQ(Read("a,b\n"), (Table{{"a", "b"}})); }

TEST_F(Csv, DamageIsRefusedWithItsLine) {
  EXPECT_EQ(Refusal("a,b\n1,2\n3\n"), ":3: 1 cells, but the header line names 2 columns");
  EXPECT_EQ(Refusal("a,b\n\"x\ny\",2\n1,2,3\n"),
            ":4: 3 cells, but the header line names 2 columns");
  EXPECT_EQ(Refusal("a,b\n1,2\n\n1,2\n"), ":3: a blank line within the table");
  EXPECT_EQ(Refusal("a,b\n1,2\n\"3,4\n"), ":3: a quote is opened but never closed");
  EXPECT_THAT(Refusal("a,b\n\"3\"4,5\n"), StartsWith(":2: text follows a closing quote"));
  EXPECT_THAT(Refusal(""), StartsWith(":1: the file is empty; a header line"));
  EXPECT_THAT(Refusal("5.1,3\n4,2\n"), StartsWith(":1: the header line holds numbers"));
}

TEST_F(Csv, ColumnsMayBeCalledByWholeNumbers) {
  EXPECT_EQ(Read("0,1\n5.1,2\n"), (Table{{"0", "1"}, {"5.1", "2"}}));
}

TEST(CellNumber, IsWhatIsWrittenAndNothingElse) {
  EXPECT_EQ(NumberOf(" -1.5e3 "), -1500);
  EXPECT_EQ(NumberOf("+2"), 2);
  for (const char* text : {"", " ", "abc", "1,5", "1 2", "nan", "inf", "1e999", "+-2", "0x10"}) {
    EXPECT_FALSE(NumberOf(text)) << text;
  }
  EXPECT_EQ(WholeNumberOf(" 12 "), 12);
  for (const char* text : {"1.0", "1e3", "", "9223372036854775808"}) {
    EXPECT_FALSE(WholeNumberOf(text)) << text;
  }
}

}  // namespace
}  // namespace seve
