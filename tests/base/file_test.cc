#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "base/expect_error.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

TEST(File, WhatIsWrittenDurablyIsReadBack) {
  const TemporaryFolder folder;
  for (const std::string& text : {std::string(), std::string("a"), std::string(70000, 'x')}) {
    WriteFileDurably(folder.File("f"), BytesOf(text));
    EXPECT_EQ(ReadFile(folder.File("f")), text);
  }
}

TEST(File, ShortAndInterruptedWritesAreContinued) {
  const TemporaryFolder folder;
  FileCalls calls = SystemFileCalls();
  int turn = 0;
  calls.write = [&](int descriptor, const void* bytes, size_t size) -> ssize_t {
    if (++turn % 2 == 0) {
      errno = EINTR;
      return -1;
    }
    return ::write(descriptor, bytes, std::min<size_t>(size, 3));
  };
  WriteFileDurably(folder.File("f"), BytesOf("0123456789"), calls);
  EXPECT_EQ(ReadFile(folder.File("f")), "0123456789");
}

TEST(File, AFailedWriteNamesPathAndReason) {
  const TemporaryFolder folder;
  FileCalls calls = SystemFileCalls();
  calls.write = [](int, const void*, size_t) -> ssize_t {
    errno = ENOSPC;
    return -1;
  };
  const auto message = MessageOf(
      ExitCode::kData, [&] { WriteFileDurably(folder.File("f"), BytesOf("text"), calls); });
  EXPECT_EQ(message, "cannot write " + folder.File("f") + ": No space left on device");
}

TEST(File, AFailedAtomicWriteLeavesTheOldFileAndNothingElse) {
  const TemporaryFolder folder;
  WriteFileAtomically(folder.File("f"), "old");
  const auto fail = [](auto...) {
    errno = EIO;
    return -1;
  };
  for (int kind = 0; kind < 3; ++kind) {
    FileCalls calls = SystemFileCalls();
    if (kind == 0) calls.write = fail;
    if (kind == 1) calls.sync = fail;
    if (kind == 2) calls.rename = fail;
    MessageOf(ExitCode::kData, [&] { WriteFileAtomically(folder.File("f"), "new", calls); });
    EXPECT_EQ(ReadFile(folder.File("f")), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
  }
  WriteFileAtomically(folder.File("f"), "new");
  EXPECT_EQ(ReadFile(folder.File("f")), "new");
}

TEST(File, MissingFilesFoldersAndEarlyEndsAreNamed) {
  const TemporaryFolder folder;
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { ReadFile(folder.File("none")); }),
            "cannot open " + folder.File("none") + ": No such file or directory");
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { ReadFile(folder.path()); }),
            "cannot read " + folder.path() + ": Is a directory");
  WriteFileDurably(folder.File("f"), BytesOf("1234"));
  std::vector<std::byte> bytes(3);
  const InputFile file(folder.File("f"));
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { file.Read(2, bytes); }),
            folder.File("f") + " ends after 4 bytes: it is truncated");
}

TEST(File, FoldersAreMadeWithTheirParents) {
  const TemporaryFolder folder;
  MakeFolders(folder.File("a/b/c"));
  EXPECT_TRUE(fs::is_directory(folder.File("a/b/c")));
  MakeFolders(folder.File("a/b/c"));
  WriteFileDurably(folder.File("f"), {});
  EXPECT_EQ(MessageOf(ExitCode::kData, [&] { MakeFolders(folder.File("f/x")); }),
            "cannot create the folder " + folder.File("f") + ": Not a directory");
}

TEST(File, MovingAFolderReplacesTheOneThere) {
  const TemporaryFolder folder;
  for (const std::string content : {"first", "second"}) {
    MakeFolders(folder.File(".new"));
    WriteFileDurably(folder.File(".new/f"), BytesOf(content));
    MoveFolder(folder.File(".new"), folder.File("final"));
    EXPECT_EQ(ReadFile(folder.File("final/f")), content);
    EXPECT_FALSE(fs::exists(folder.File(".new")));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(File, LinksAreRelativeAndReplaced) {
  const TemporaryFolder folder;
  ReplaceSymlinkAtomically("one", folder.File("latest"));
  ReplaceSymlinkAtomically("two", folder.File("latest"));
  EXPECT_EQ(fs::read_symlink(folder.File("latest")), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(File, RemovingATreeFollowsNoLinksAndForgivesAbsence) {
  const TemporaryFolder folder;
  MakeFolders(folder.File("kept"));
  WriteFileDurably(folder.File("kept/f"), BytesOf("x"));
  MakeFolders(folder.File("tree"));
  ReplaceSymlinkAtomically("../kept", folder.File("tree/link"));
  RemoveTree(folder.File("tree"));
  RemoveTree(folder.File("tree"));
  EXPECT_FALSE(fs::exists(folder.File("tree")));
  EXPECT_EQ(ReadFile(folder.File("kept/f")), "x");
}

// The digests of XXH3-128 with seed 0 that `xxhsum -H2` prints.
TEST(File, ChecksumsAreXxh3) {
  EXPECT_EQ(Xxh3Hex({}), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(Xxh3Hex(BytesOf("abc")), "06b05ab6733a618578af5f94892f3950");
}

TEST(File, AFilesChecksumEqualsItsBytesChecksumOverPieceBorders) {
  const TemporaryFolder folder;
  for (const size_t size : {0u, 1u, (1u << 20) - 1, 1u << 20, (1u << 20) + 1, 3u << 20}) {
    std::string text(size, '\0');
    for (size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2654435761u >> 13);
    WriteFileDurably(folder.File("f"), BytesOf(text));
    EXPECT_EQ(Xxh3HexOfFile(folder.File("f")), Xxh3Hex(BytesOf(text))) << size;
  }
}

}  // namespace
}  // namespace seve
