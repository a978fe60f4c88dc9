#include "report/pictures/picture_kinds.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "train/run_directory.h"

namespace seve {
namespace {

TEST(PictureKinds, AreAllRemovedWhenARunIsOverwritten) {
  const TemporaryFolder folder;
  const std::string pictures = folder.File("run/pictures");
  MakeFolders(pictures);
  WriteFileAtomically(folder.File("run/config.textproto"), "");
  for (const PictureKind& kind : picture::kAll) {
    WriteFileAtomically(kind.PathIn(pictures) + ".png", "PNG");
  }
  RunDirectory(folder.File("run"), ExistingRun::kOverwrite);
  EXPECT_FALSE(std::filesystem::exists(pictures));
}

}  // namespace
}  // namespace seve
