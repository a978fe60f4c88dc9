#include "data/idx_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "data/idx.h"

namespace seve {
namespace {

std::vector<std::string> Spellings(const std::string& prefix, const std::string& what) {
  std::vector<std::string> names;
  for (const char* separator : {"-", "."}) {
    for (const char* ending : {"", ".gz"}) {
      names.push_back(prefix + "-" + what + separator + (what == "images" ? "idx3" : "idx1") +
                      "-ubyte" + ending);
    }
  }
  return names;
}

std::optional<std::string> FindFile(const std::string& folder,
                                    const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const auto path = std::filesystem::path(folder) / name;
    if (std::error_code ignored; std::filesystem::is_regular_file(path, ignored))
      return path.string();
  }
  return std::nullopt;
}

std::string RequireFile(const std::string& folder, const std::string& prefix,
                        const std::string& what) {
  const auto names = Spellings(prefix, what);
  if (auto path = FindFile(folder, names)) return *path;
  ThrowData(fmt::format("{}: no {} of the '{}' samples there; looked for {}", folder, what, prefix,
                        Join(names)));
}

void CheckLabels(const std::string& path, std::span<const uint8_t> labels, int64_t classes) {
  const auto wrong = std::find_if(labels.begin(), labels.end(),
                                  [classes](uint8_t label) { return label >= classes; });
  if (wrong == labels.end()) return;
  ThrowData(
      fmt::format("{}: label {} at position {}, but there are {} classes (labels 0 to {}); set "
                  "`classes`, or use the "
                  "labels that belong to this data set",
                  path, *wrong, wrong - labels.begin(), classes, classes - 1));
}

}  // namespace

std::optional<IdxPair> FindIdxPair(const std::string& folder, const std::string& prefix) {
  auto images = FindFile(folder, Spellings(prefix, "images"));
  auto labels = FindFile(folder, Spellings(prefix, "labels"));
  if (!images || !labels) return std::nullopt;
  return IdxPair{std::move(*images), std::move(*labels)};
}

std::string TrainPrefix(const std::string& test_prefix) {
  if (!test_prefix.ends_with("test")) return "train";
  return test_prefix.substr(0, test_prefix.size() - 4) + "train";
}

ImageSamples ReadIdxSamples(const std::string& folder, const std::string& prefix, int64_t classes) {
  const std::string images_path = RequireFile(folder, prefix, "images");
  const std::string labels_path = RequireFile(folder, prefix, "labels");
  IdxArray images = ReadIdx(images_path, 3);
  const IdxArray labels = ReadIdx(labels_path, 1);
  if (images.shape[0] != labels.shape[0]) {
    ThrowData(fmt::format(
        "{} holds {} pictures but {} holds {} labels; they do not belong together", images_path,
        WithThousands(images.shape[0]), labels_path, WithThousands(labels.shape[0])));
  }
  const std::span<const uint8_t> values = labels.Bytes();
  if (classes == 0) classes = *std::max_element(values.begin(), values.end()) + 1;
  CheckLabels(labels_path, values, classes);

  ImageSamples samples;
  samples.picture = Shape{1, images.shape[1], images.shape[2]};
  samples.pixels = std::move(images.bytes);
  samples.labels.assign(values.begin(), values.end());
  samples.classes = classes;
  return samples;
}

void WriteIdxSamples(const std::string& folder, const std::string& prefix,
                     const ImageSamples& samples) {
  Check(samples.picture[0] == 1, "IDX pictures have one channel");
  const std::string start = (std::filesystem::path(folder) / prefix).string();
  WriteIdx(start + "-images-idx3-ubyte.gz",
           {samples.size(), samples.picture[1], samples.picture[2]}, samples.Pixels());
  std::vector<uint8_t> labels;
  for (const int32_t label : samples.labels) labels.push_back(static_cast<uint8_t>(label));
  WriteIdx(start + "-labels-idx1-ubyte.gz", {samples.size()}, labels);
}

}  // namespace seve
