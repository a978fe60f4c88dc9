#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "base/temporary_folder.h"
#include "data/picture_files_testing.h"
#include "data/tar/tar_index.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Bytes Text(const std::string& text) { return {text.begin(), text.end()}; }

void Append(Bytes* bytes, const Bytes& more) {
  bytes->insert(bytes->end(), more.begin(), more.end());
}

// A pax record counts its own length, digits included.
Bytes PaxRecord(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return Text(std::to_string(length) + rest);
}

class IndexTarTest : public ::testing::Test {
 protected:
  std::string Put(const Bytes& bytes) {
    PutFile(folder_.File("a.tar"), bytes);
    return folder_.File("a.tar");
  }
  std::string Contents(const std::string& path, const TarEntry& entry) {
    const Bytes bytes = FileBytes(path);
    const auto begin = bytes.begin() + entry.offset;
    return {begin, begin + entry.size};
  }

  TemporaryFolder folder_;
};

TEST_F(IndexTarTest, FindsFilesAndWhereTheyLie) {
  const std::string path = Put(TarBytes(
      {{"./a/one", Text("first")}, {"a/two", Bytes(600, 'x')}, {"empty", {}}, {"z", Text("l")}}));
  const auto entries = IndexTar(path);
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].name, "a/one");
  EXPECT_EQ(Contents(path, entries[0]), "first");
  EXPECT_EQ(Contents(path, entries[1]), std::string(600, 'x'));
  EXPECT_EQ(entries[2].size, 0);
  EXPECT_EQ(Contents(path, entries[3]), "l");
}

TEST_F(IndexTarTest, LeavesOutFoldersAndLinks) {
  Bytes bytes = TarMemberBytes("a/", {}, '5');
  Append(&bytes, TarMemberBytes("link", {}, '2'));
  Append(&bytes, TarBytes({{"a/one", Text("1")}}));
  const auto entries = IndexTar(Put(bytes));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].name, "a/one");
}

TEST_F(IndexTarTest, ReadsLongNamesOfGnu) {
  const std::string name = std::string(150, 'd') + "/" + std::string(40, 'f');
  Bytes bytes = TarMemberBytes("././@LongLink", Text(name + '\0'), 'L');
  Append(&bytes, TarBytes({{name.substr(0, 100), Text("1")}, {"short", Text("2")}}));
  const auto entries = IndexTar(Put(bytes));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, name);
  EXPECT_EQ(entries[1].name, "short");
}

TEST_F(IndexTarTest, ReadsPathsOfPax) {
  Bytes records = PaxRecord("mtime", "1.5");
  Append(&records, PaxRecord("path", "train/\xC3\xA9t\xC3\xA9/" + std::string(120, 'n')));
  Bytes bytes = TarMemberBytes("pax_global_header", PaxRecord("comment", "x"), 'g');
  Append(&bytes, TarMemberBytes("PaxHeaders/n", records, 'x'));
  Append(&bytes, TarBytes({{"cut", Text("1")}, {"next", Text("2")}}));
  const auto entries = IndexTar(Put(bytes));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, "train/\xC3\xA9t\xC3\xA9/" + std::string(120, 'n'));
  EXPECT_EQ(entries[1].name, "next");
}

// Many small files, then ones that are larger than a piece that is read.
TEST_F(IndexTarTest, ReadsArchivesLargerThanItsPieces) {
  NamedFiles files;
  for (int i = 0; i < 300; ++i)
    files.emplace_back("f" + std::to_string(i), Bytes(700, 'a' + i % 26));
  for (int i = 0; i < 4; ++i) files.emplace_back("g" + std::to_string(i), Bytes(70000 + 9000 * i));
  files.emplace_back("last", Text("end"));
  const std::string path = Put(TarBytes(files));
  const auto entries = IndexTar(path);
  ASSERT_EQ(entries.size(), files.size());
  EXPECT_EQ(Contents(path, entries[299]), std::string(700, 'a' + 299 % 26));
  EXPECT_EQ(Contents(path, entries.back()), "end");
}

TEST_F(IndexTarTest, RefusesCompressedArchivesWithTheRemedy) {
  const std::string path = Put({0x1F, 0x8B, 8, 0, 0, 0, 0, 0});
  EXPECT_THAT(DataErrorOf([&] { IndexTar(path); }),
              AllOf(HasSubstr(path + " is compressed"), HasSubstr("gunzip " + path)));
}

TEST_F(IndexTarTest, RefusesWhatIsNoArchiveOrDamaged) {
  for (const Bytes& bytes : {Bytes{}, Text("a picture"), Bytes(2000, 'x')}) {
    EXPECT_THAT(DataErrorOf([&] { IndexTar(Put(bytes)); }), HasSubstr("a.tar: is no tar archive"));
  }
  const Bytes whole = TarBytes({{"one", Bytes(2000, 'x')}, {"two", Text("2")}});
  Bytes cut = whole;
  cut.resize(1000);
  EXPECT_THAT(DataErrorOf([&] { IndexTar(Put(cut)); }), HasSubstr("ends within one"));
  Bytes damaged = whole;
  damaged[512 + 2048] ^= 1;
  EXPECT_THAT(DataErrorOf([&] { IndexTar(Put(damaged)); }),
              HasSubstr("no header of a file at byte 2560"));
}

}  // namespace
}  // namespace seve
