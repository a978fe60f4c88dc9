#include "data/cifar/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/image_folder/image_folder.h"
#include "data/image_folder/read_all.h"
#include "data/places.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Candidates(const config::Cifar& cifar, const CifarLayout& layout,
                                    const std::string& root) {
  if (cifar.has_folder()) return PlacesOf(cifar.folder(), root);
  if (root.empty()) return {};
  return {PlacesOf(layout.set, root)[0], root};
}

// A folder with train/ and test/ below it, or the one archive in it.
std::optional<std::string> FindPictures(const std::string& folder, const CifarLayout& layout) {
  std::error_code ignored;
  if (fs::is_directory(fs::path(folder) / "train", ignored) &&
      fs::is_directory(fs::path(folder) / "test", ignored)) {
    return folder;
  }
  std::vector<std::string> archives;
  for (fs::directory_iterator entry(folder, ignored), end; entry != end; entry.increment(ignored)) {
    const auto& path = entry->path();
    if (path.extension() == ".tar" && path.filename() != layout.archive) {
      archives.push_back(path.string());
    }
  }
  if (archives.size() != 1) return std::nullopt;
  return archives.front();
}

PictureSets ReadPictures(const std::string& path, const CifarLayout& layout) {
  WorkerPool pool(ThreadsForAllCores());
  const ImageFolder pictures =
      OpenImageFolder({.path = path, .splits = {.train = "train", .test = "test"}}, pool);
  const Shape expected{3, 32, 32};
  if (pictures.train->picture() != expected) {
    ThrowData(fmt::format("{}: its pictures are {}, those of {} {}", path,
                          pictures.train->picture().ToString(), layout.title, expected.ToString()));
  }
  if (pictures.class_names.size() != layout.class_names.size()) {
    ThrowData(fmt::format("{}: has folders of {} classes, {} has {}", path,
                          pictures.class_names.size(), layout.title, layout.class_names.size()));
  }
  const auto read = [&](const PictureSource& source) {
    return ReadAllPictures(source, pictures.class_names, layout.title, pool);
  };
  return {read(*pictures.train), read(*pictures.test),
          fmt::format("{} from {} (JPEG)", layout.title, path)};
}

PictureSets Read(const std::string& folder, const CifarLayout& layout) {
  if (const auto place = FindCifar(folder, layout)) {
    CifarSamples samples = ReadCifar(*place, layout);
    return {std::move(samples.train), std::move(samples.test),
            fmt::format("{} from {}", layout.title, place->path)};
  }
  const auto pictures = FindPictures(folder, layout);
  Check(pictures.has_value(), "a folder of CIFAR holds nothing");
  return ReadPictures(*pictures, layout);
}

PictureSets ReadOrRemedy(const config::Cifar& cifar, const CifarLayout& layout,
                         const std::string& root) {
  try {
    return Read(FindCifarFolder(cifar, layout, root), layout);
  } catch (const Error& error) {
    ThrowData(fmt::format("{}: {}.\nFetch it with `seve data get {} --data DIR` and give --data "
                          "DIR, or train on random pictures: data {{ synthetic {{}} }}",
                          layout.title, error.what(), layout.set),
              error.where());
  }
}

}  // namespace

bool HoldsCifar(const std::string& folder, const CifarLayout& layout) {
  return FindCifar(folder, layout).has_value() || FindPictures(folder, layout).has_value();
}

std::string FindCifarFolder(const config::Cifar& cifar, const CifarLayout& layout,
                            const std::string& root) {
  const auto folders = Candidates(cifar, layout, root);
  const auto found = std::ranges::find_if(
      folders, [&](const std::string& folder) { return HoldsCifar(folder, layout); });
  if (found != folders.end()) return *found;
  ThrowData(
      fmt::format("not in {}; looked for {} and {}, plain or .gz, also in {}/, for {}[.gz], "
                  "and for pictures in train/CLASS/ and test/CLASS/ or a .tar of them",
                  folders.empty() ? "any folder, as neither --data nor $SEVE_DATA is given"
                                  : Join(folders, " or "),
                  Join(layout.train), layout.test.front(), layout.subfolder, layout.archive));
}

const CifarLayout& LayoutOf(const config::Data& data) {
  if (data.has_cifar10()) return LayoutOf(CifarKind::k10);
  return LayoutOf(data.cifar100().coarse() ? CifarKind::k100Coarse : CifarKind::k100);
}

PictureSets ReadCifar10(const config::Cifar& cifar, const std::string& root) {
  return ReadOrRemedy(cifar, LayoutOf(CifarKind::k10), root);
}

PictureSets ReadCifar100(const config::Cifar& cifar, const std::string& root) {
  return ReadOrRemedy(cifar, LayoutOf(cifar.coarse() ? CifarKind::k100Coarse : CifarKind::k100),
                      root);
}

}  // namespace seve
