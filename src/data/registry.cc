#include "data/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/digits/generate.h"
#include "data/idx_folder.h"
#include "data/image_dataset.h"

namespace seve {
namespace {

constexpr const char* kDigitsInstead =
    "train on generated digits, which need no files: data { digits {} }";

struct Source {
  ImageSamples train;
  ImageSamples test;
  std::string origin;
};

std::vector<std::string> Candidates(const config::Idx& idx, const std::string& root,
                                    const std::vector<std::string>& when_unset) {
  const auto below = [&root](const std::string& folder) {
    return folder.empty() ? root
                          : (std::filesystem::path(root) / folder).lexically_normal().string();
  };
  std::vector<std::string> folders;
  if (!root.empty()) {
    for (const auto& folder : idx.has_folder() ? std::vector{idx.folder()} : when_unset) {
      folders.push_back(below(folder));
    }
  }
  if (idx.has_folder() && (root.empty() || std::filesystem::path(idx.folder()).is_relative())) {
    folders.push_back(idx.folder());
  }
  return folders;
}

std::string FindFolder(const std::vector<std::string>& folders, const std::string& test_prefix) {
  const auto found = std::find_if(folders.begin(), folders.end(), [&](const std::string& folder) {
    return FindIdxPair(folder, TrainPrefix(test_prefix)) || FindIdxPair(folder, test_prefix);
  });
  if (found != folders.end()) return *found;
  ThrowData(
      fmt::format("no pictures with their labels in {}; looked for {}-images-idx3-ubyte, "
                  "{}-labels-idx1-ubyte and "
                  "the same of '{}', plain or .gz",
                  folders.empty() ? "any folder, as neither --data nor $SEVE_DATA is given"
                                  : Join(folders, " or "),
                  TrainPrefix(test_prefix), TrainPrefix(test_prefix), test_prefix));
}

Source ReadFolder(const config::Idx& idx, const std::vector<std::string>& folders, int64_t classes,
                  const std::string& name) {
  const std::string folder = FindFolder(folders, idx.test_prefix());
  Source source;
  source.train = ReadIdxSamples(folder, TrainPrefix(idx.test_prefix()), classes);
  source.test = ReadIdxSamples(folder, idx.test_prefix(), classes);
  if (source.train.picture != source.test.picture) {
    ThrowData(fmt::format("{}: training pictures are {} but test pictures are {}", folder,
                          source.train.picture.ToString(), source.test.picture.ToString()));
  }
  source.train.classes = source.test.classes = std::max(source.train.classes, source.test.classes);
  source.origin = fmt::format("{} from {}", name, folder);
  return source;
}

Source ReadMnist(const config::Idx& idx, const std::string& root) {
  try {
    return ReadFolder(idx, Candidates(idx, root, {"mnist", ""}),
                      idx.has_classes() ? idx.classes() : 10, "MNIST");
  } catch (const Error& error) {
    ThrowData(
        fmt::format(
            "MNIST: {}.\nFetch it with `seve data get mnist --data DIR` and give --data DIR, or {}",
            error.what(), kDigitsInstead),
        error.where());
  }
}

Source ReadIdxSource(const config::Idx& idx, const std::string& root) {
  try {
    return ReadFolder(idx, Candidates(idx, root, {}), idx.classes(), "IDX files");
  } catch (const Error& error) {
    ThrowData(fmt::format("data.idx: {}.\nCorrect data.idx.folder, test_prefix or --data, or {}",
                          error.what(), kDigitsInstead),
              error.where());
  }
}

Source MakeDigits(const config::GeneratedDigits& digits) {
  return {GenerateDigits(digits.seed(), 0, digits.train()),
          GenerateDigits(digits.seed(), kFirstTestDigit, digits.test()),
          fmt::format("generated digits of seed {}", digits.seed())};
}

Source ReadSource(const config::Data& data, const std::string& root) {
  switch (data.source_case()) {
    case config::Data::kMnist:
      return ReadMnist(data.mnist(), root);
    case config::Data::kIdx:
      return ReadIdxSource(data.idx(), root);
    case config::Data::kDigits:
      return MakeDigits(data.digits());
    case config::Data::SOURCE_NOT_SET:
      break;
  }
  Check(false, "data names no source or one that is missing from the registry");
  return {};
}

void CheckSplit(double fraction, int64_t samples) {
  if (std::llround(fraction * static_cast<double>(samples)) < samples) return;
  ThrowUsage(
      fmt::format("data.validation_fraction is {}, which leaves none of {} samples to train on",
                  fraction, samples));
}

std::unique_ptr<Dataset> Prepare(const config::Data& data, ImageSamples samples,
                                 const std::string& origin) {
  ImageDataset::Options options;
  options.origin = origin;
  if (data.has_normalize()) {
    options.mean = data.normalize().mean();
    options.deviation = data.normalize().deviation();
  }
  if (data.has_permute_pixels()) {
    const uint64_t seed = data.permute_pixels().seed();
    PermutePixels(samples, PixelPermutation(seed, samples.picture.elements()));
    options.origin += fmt::format(", pixels permuted with seed {}", seed);
  }
  return std::make_unique<ImageDataset>(std::move(samples), std::move(options));
}

}  // namespace

DataSets OpenData(const config::Data& data, const std::string& root) {
  Source source = ReadSource(data, root);
  CheckSplit(data.validation_fraction(), source.train.size());
  return {Prepare(data, std::move(source.train), source.origin),
          Prepare(data, std::move(source.test), source.origin)};
}

DataShape PeekData(const config::Data& data, const std::string& root) {
  constexpr int64_t kSide = 28, kDigits = 10;
  const bool digits = data.has_digits() || (data.has_mnist() && !data.mnist().has_classes());
  if (digits) return {PictureFields(Shape{1, kSide, kSide}), kDigits};
  const DataSets sets = OpenData(data, root);
  return {sets.train->Fields(), sets.train->classes()};
}

}  // namespace seve
