#include "data/pictures/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/worker_pool.h"
#include "data/augment/registry.h"
#include "data/cifar/registry.h"
#include "data/digits/generate.h"
#include "data/idx_folder.h"
#include "data/pictures/synthetic.h"
#include "data/places.h"

namespace seve {
namespace {

constexpr const char* kDigitsInstead =
    "train on generated digits, which need no files: data { digits {} }";

std::vector<std::string> Candidates(const config::Idx& idx, const std::string& root,
                                    const std::vector<std::string>& when_unset) {
  if (idx.has_folder()) return PlacesOf(idx.folder(), root);
  std::vector<std::string> folders;
  for (const auto& folder : when_unset) {
    if (!root.empty()) folders.push_back(folder.empty() ? root : PlacesOf(folder, root)[0]);
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

PictureSets ReadFolder(const config::Idx& idx, const std::vector<std::string>& folders,
                       int64_t classes, const std::string& name) {
  const std::string folder = FindFolder(folders, idx.test_prefix());
  PictureSets source;
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

PictureSets ReadMnist(const config::Idx& idx, const std::string& root) {
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

PictureSets ReadIdxSource(const config::Idx& idx, const std::string& root) {
  try {
    return ReadFolder(idx, Candidates(idx, root, {}), idx.classes(), "IDX files");
  } catch (const Error& error) {
    ThrowData(fmt::format("data.idx: {}.\nCorrect data.idx.folder, test_prefix or --data, or {}",
                          error.what(), kDigitsInstead),
              error.where());
  }
}

PictureSets MakeDigits(const config::GeneratedDigits& digits) {
  return {GenerateDigits(digits.seed(), 0, digits.train()),
          GenerateDigits(digits.seed(), kFirstTestDigit, digits.test()),
          fmt::format("generated digits of seed {}", digits.seed())};
}

PictureSets MakeSynthetic(const config::SyntheticImages& synthetic) {
  const Shape picture{synthetic.channels(), synthetic.height(), synthetic.width()};
  WorkerPool pool(ThreadsForAllCores());
  const auto make = [&](int64_t first, int64_t count) {
    return MakeSyntheticImages(synthetic.seed(), picture, synthetic.classes(), first, count, pool);
  };
  return {make(0, synthetic.train()), make(synthetic.train(), synthetic.test()),
          fmt::format("random pictures {} of seed {}", picture.ToString(), synthetic.seed())};
}

PictureSets ReadSource(const config::Data& data, const std::string& root) {
  switch (data.source_case()) {
    case config::Data::kMnist:
      return ReadMnist(data.mnist(), root);
    case config::Data::kIdx:
      return ReadIdxSource(data.idx(), root);
    case config::Data::kDigits:
      return MakeDigits(data.digits());
    case config::Data::kCifar10:
      return ReadCifar10(data.cifar10(), root);
    case config::Data::kCifar100:
      return ReadCifar100(data.cifar100(), root);
    case config::Data::kSynthetic:
      return MakeSynthetic(data.synthetic());
    default:
      break;
  }
  Check(false, "no source of pictures, or one that is missing from the registry");
  return {};
}

}  // namespace

DataSets OpenPictures(const config::Data& data, const std::string& root) {
  PictureSets source = ReadSource(data, root);
  return {PreparePictures(data, std::move(source.train), source.origin),
          PreparePictures(data, std::move(source.test), source.origin)};
}

ImageDataset::Options PictureOptions(const config::Data& data, const Shape& picture,
                                     const std::string& origin) {
  ImageDataset::Options options;
  options.origin = origin;
  options.scale = MakePixelScale(data, picture);
  options.augmenter = MakeAugmenter(data, picture, options.scale);
  return options;
}

std::unique_ptr<Dataset> PreparePictures(const config::Data& data, ImageSamples samples,
                                         const std::string& origin) {
  ImageDataset::Options options = PictureOptions(data, samples.picture, origin);
  if (data.has_permute_pixels()) {
    const uint64_t seed = data.permute_pixels().seed();
    PermutePixels(samples, PixelPermutation(seed, samples.picture.elements()));
    options.origin += fmt::format(", pixels permuted with seed {}", seed);
  }
  return std::make_unique<ImageDataset>(std::move(samples), std::move(options));
}

}  // namespace seve
