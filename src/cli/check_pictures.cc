#include "cli/check_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "base/worker_pool.h"
#include "data/cifar/registry.h"
#include "data/image_folder/survey.h"
#include "data/places.h"
#include "data/summary.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

std::string FiguresText(const std::vector<PixelHistogram::Figures>& channels) {
  std::vector<std::string> means, deviations;
  for (const auto& channel : channels) {
    means.push_back(fmt::format("{:.4f}", channel.mean));
    deviations.push_back(fmt::format("{:.4f}", channel.deviation));
  }
  return fmt::format("mean [{}], deviation [{}] (of value/255)", Join(means), Join(deviations));
}

void PrintSplit(const char* split, const ImageSamples& samples) {
  const SamplesSummary summary = Summarise(samples);
  fmt::print("{}: {} pictures {}, {} classes, {}\n", split, WithThousands(samples.size()),
             samples.picture.ToString(), samples.classes, FiguresText(summary.channels));
  PrintClasses(summary.per_class, samples.class_names);
}

void CheckCifar(const PictureSets& sets) {
  fmt::print("{}\n", sets.origin);
  PrintSplit("train", sets.train);
  PrintSplit("test", sets.test);
}

// Where `place` is one of CIFAR's sets or its folder.
std::optional<PictureSets> FindCifarSets(const std::string& place, const std::string& root) {
  config::Cifar cifar;
  if (place == "cifar10") return ReadCifar10(cifar, root);
  if (place == "cifar100") return ReadCifar100(cifar, root);
  for (const auto& folder : PlacesOf(place, root)) {
    cifar.set_folder(folder);
    if (FindCifar(folder, LayoutOf(CifarKind::k10))) return ReadCifar10(cifar, "");
    if (FindCifar(folder, LayoutOf(CifarKind::k100))) return ReadCifar100(cifar, "");
  }
  return std::nullopt;
}

std::string SizeText(const PictureSize& size) {
  return fmt::format("{}x{}", size.width, size.height);
}

// The number of pictures that cannot be decoded.
size_t CheckList(const char* split, const FileStore& store, const PictureList& list,
                 const std::vector<std::string>& class_names, WorkerPool& pool) {
  const PictureSurvey survey = Survey(store, list, pool);
  fmt::print("{}: {} pictures, {} of them grey, width x height {}, {} classes, {}\n", split,
             WithThousands(list.size()), WithThousands(survey.grey),
             survey.smallest == survey.largest
                 ? SizeText(survey.smallest)
                 : SizeText(survey.smallest) + " to " + SizeText(survey.largest),
             class_names.size(), FiguresText(survey.channels));
  std::vector<int64_t> per_class(class_names.size());
  for (const int32_t label : list.labels) ++per_class[static_cast<size_t>(label)];
  PrintClasses(per_class, class_names);
  for (const auto& fault : survey.faults) fmt::print("  {}\n", fault);
  return survey.faults.size();
}

void CheckFolder(const std::string& path) {
  WorkerPool pool(ThreadsForAllCores());
  const auto store = OpenFileStore(path, "train");
  const PictureLists lists = ListPictures(*store, {.train = "train", .test = ""}, pool);
  fmt::print("{}\n", path);
  const size_t faults = CheckList("train", *store, lists.train, lists.class_names, pool) +
                        CheckList("test", *store, lists.test, lists.class_names, pool);
  if (faults == 0) return;
  ThrowData(
      fmt::format("{}: {} pictures cannot be read (named above): replace or remove them, or "
                  "train with image_folder {{ unreadable: LEAVE_OUT }}",
                  path, faults));
}

bool HoldsFolders(const std::string& place) {
  std::error_code ignored;
  return (place.ends_with(".tar") && fs::is_regular_file(place, ignored)) ||
         fs::is_directory(fs::path(place) / "train", ignored);
}

}  // namespace

void PrintClasses(const std::vector<int64_t>& per_class, const std::vector<std::string>& names) {
  const int64_t most = *std::ranges::max_element(per_class);
  for (size_t label = 0; label < per_class.size(); ++label) {
    const int64_t count = per_class[label];
    fmt::print("  class {:>3} {:>8}  {}{}\n", label, WithThousands(count),
               std::string(static_cast<size_t>(40 * count / most), '#'),
               names.empty() ? "" : "  " + names[label]);
  }
}

bool CheckPictures(const std::string& place, const std::string& root) {
  if (const auto sets = FindCifarSets(place, root)) {
    CheckCifar(*sets);
    return true;
  }
  for (const auto& path : PlacesOf(place, root)) {
    if (!HoldsFolders(path)) continue;
    CheckFolder(path);
    return true;
  }
  return false;
}

}  // namespace seve
