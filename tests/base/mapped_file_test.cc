#include "base/mapped_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <utility>

#include "base/expect_error.h"
#include "base/quick_files.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using testing::HasSubstr;

std::string Text(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.size()};
}

TEST(MappedFile, HasTheBytesOfTheFile) {
  const TemporaryFolder folder;
  WriteQuickly(folder.File("f"), "some bytes");
  const MappedFile file(folder.File("f"));
  EXPECT_EQ(Text(file), "some bytes");
  EXPECT_EQ(file.path(), folder.File("f"));
}

TEST(MappedFile, OutlivesTheNameOfTheFile) {
  const TemporaryFolder folder;
  WriteQuickly(folder.File("f"), "some bytes");
  const MappedFile file(folder.File("f"));
  std::filesystem::remove(folder.File("f"));
  EXPECT_EQ(Text(file), "some bytes");
}

TEST(MappedFile, KeepsItsBytesInPlaceWhenMoved) {
  const TemporaryFolder folder;
  WriteQuickly(folder.File("a"), "first");
  WriteQuickly(folder.File("b"), "second");
  MappedFile file(folder.File("a"));
  const std::byte* const place = file.bytes().data();
  MappedFile moved(std::move(file));
  EXPECT_EQ(moved.bytes().data(), place);
  moved = MappedFile(folder.File("b"));
  EXPECT_EQ(Text(moved), "second");
}

TEST(MappedFile, MayBeEmpty) {
  const TemporaryFolder folder;
  WriteQuickly(folder.File("f"), "");
  EXPECT_EQ(MappedFile(folder.File("f")).size(), 0u);
  EXPECT_EQ(MappedFile().size(), 0u);
}

TEST(MappedFile, ThatCannotBeOpenedIsNamedWithTheReason) {
  const TemporaryFolder folder;
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { MappedFile(folder.File("f")); }),
            "cannot open " + folder.File("f") + ": No such file or directory");
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { MappedFile(folder.path()); }),
              HasSubstr(folder.path() + ": Is a directory"));
}

}  // namespace
}  // namespace seve
