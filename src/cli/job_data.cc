#include "cli/job_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "cli/job_header.h"
#include "cli/paths.h"
#include "data/cifar/registry.h"
#include "data/idx_folder.h"
#include "data/known_sets.h"
#include "data/places.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

// Shapes that do not depend on the files.
bool HasKnownShape(const config::Data& data) {
  return !data.has_idx() && !data.has_tensors() && !data.has_image_folder() &&
         !(data.has_mnist() && data.mnist().has_classes());
}

bool IsFile(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// Of a file or of all files of a folder.
int64_t BytesBelow(const fs::path& path) {
  std::error_code ignored;
  if (IsFile(path)) return static_cast<int64_t>(fs::file_size(path, ignored));
  int64_t bytes = 0;
  for (fs::recursive_directory_iterator entry(path, ignored), end; entry != end;
       entry.increment(ignored)) {
    if (IsFile(entry->path())) bytes += static_cast<int64_t>(entry->file_size(ignored));
  }
  return bytes;
}

// A folder below the root that can be copied under the same name: "mnist", "emnist/letters".
bool IsInside(const std::string& folder) {
  const fs::path path(folder);
  return !folder.empty() && folder != "." && path.is_relative() &&
         std::ranges::find(path, fs::path("..")) == path.end();
}

std::string TarOf(const std::string& root, const std::string& folder) {
  return (fs::path(root) / folder).lexically_normal().string() + ".tar";
}

class Locator {
 public:
  Locator(const std::string& root, config::Data* data) : data_(*data) { found_.root = root; }

  JobData Locate() {
    if (data_.has_mnist()) PicturesOf(data_.mutable_mnist(), "mnist");
    if (data_.has_idx()) PicturesOf(data_.mutable_idx(), "");
    if (data_.has_cifar10()) PicturesOf(data_.mutable_cifar10(), "cifar10");
    if (data_.has_cifar100()) PicturesOf(data_.mutable_cifar100(), "cifar100");
    if (data_.has_image_folder()) FolderOf(data_.mutable_image_folder());
    if (data_.has_tensors()) {
      for (auto& field : *data_.mutable_tensors()->mutable_train()) Tensor(&field);
      for (auto& field : *data_.mutable_tensors()->mutable_test()) Tensor(&field);
    }
    for (const auto& set : found_.sets) {
      const std::string tar = TarOf(found_.root, set);
      found_.bytes += BytesBelow(IsFile(tar) ? fs::path(tar) : fs::path(found_.root) / set);
    }
    return found_;
  }

 private:
  [[nodiscard]] bool Holds(const std::string& folder, const config::Cifar&) const {
    return HoldsCifar(folder, LayoutOf(data_));
  }

  [[nodiscard]] bool Holds(const std::string& folder, const config::Idx& idx) const {
    return FindIdxPair(folder, TrainPrefix(idx.test_prefix())).has_value() &&
           FindIdxPair(folder, idx.test_prefix()).has_value();
  }

  void Add(const std::string& folder) {
    if (std::ranges::find(found_.sets, folder) == found_.sets.end()) found_.sets.push_back(folder);
  }

  // Whether a folder below the root is there, as it is or packed; it is then to be copied.
  bool AddPacked(const std::string& folder) {
    if (found_.root.empty() || !IsInside(folder) || !IsFile(TarOf(found_.root, folder))) {
      return false;
    }
    Add(folder);
    found_.readable = HasKnownShape(data_);
    return true;
  }

  // The folder of an Idx or a Cifar.
  template <typename Message>
  void PicturesOf(Message* message, const std::string& when_unset) {
    const std::string folder = message->has_folder() ? message->folder() : when_unset;
    std::vector<std::string> places = PlacesOf(folder, found_.root);
    if (!message->has_folder()) {
      places = found_.root.empty() ? std::vector<std::string>{}
                                   : std::vector<std::string>{places[0], found_.root};
    }
    const auto at = std::ranges::find_if(
        places, [&](const std::string& place) { return Holds(place, *message); });
    const bool below_root = at == places.begin() && !found_.root.empty() && IsInside(folder);
    if (at != places.end() && below_root) return Add(folder);
    if (AddPacked(folder)) return;
    if (at == places.end()) Missing(*message, folder, places);
    message->set_folder(AbsolutePath(*at));
  }

  [[nodiscard]] std::string FilesOf(const config::Cifar&) const {
    const CifarLayout& layout = LayoutOf(data_);
    return fmt::format("{} and {}, plain or .gz, nor {}.gz", Join(layout.train),
                       layout.test.front(), layout.archive);
  }

  [[nodiscard]] std::string FilesOf(const config::Idx& idx) const {
    return fmt::format("{}-images-idx3-ubyte, {}-images-idx3-ubyte and their labels, plain or .gz,",
                       TrainPrefix(idx.test_prefix()), idx.test_prefix());
  }

  static std::string Instead(const config::Cifar&) { return "random pictures"; }
  static std::string Instead(const config::Idx&) { return "generated digits"; }
  static std::string SetInstead(const config::Cifar&) { return "data.synthetic"; }
  static std::string SetInstead(const config::Idx&) { return "data.digits"; }

  template <typename Message>
  [[noreturn]] void Missing(const Message& message, const std::string& folder,
                            std::vector<std::string> places) const {
    if (!found_.root.empty() && IsInside(folder)) places.push_back(TarOf(found_.root, folder));
    std::string text =
        fmt::format("the data are not there: no {} in {}.\n", FilesOf(message),
                    places.empty() ? "any folder, as neither --data nor $SEVE_DATA is given"
                                   : Join(places, " or "));
    const auto known = KnownSets();
    const bool is_known =
        std::ranges::any_of(known, [&](const auto& set) { return set.name == folder; });
    if (is_known) {
      text += fmt::format(
          "Fetch them where there is internet (on a login node):\n"
          "  seve data get {} --data {}",
          folder, found_.root.empty() ? "DIR" : BashWord(found_.root));
    } else {
      text += "Correct the folder (of idx: or test_prefix) or --data, or copy them there";
    }
    ThrowData(fmt::format("{}\nor train on {}, which need no files: --set {}={{}}", text,
                          Instead(message), SetInstead(message)));
  }

  // A folder or an archive, which is copied as it is.
  void FolderOf(config::ImageFolder* folder) {
    const bool staged = !found_.root.empty() && IsInside(folder->path());
    std::error_code ignored;
    if (staged && fs::exists(fs::path(found_.root) / folder->path(), ignored)) {
      return Add(folder->path());
    }
    if (AddPacked(folder->path())) return;
    folder->set_path(AbsolutePath(FindFileOrFolder(folder->path(), found_.root)));
  }

  void Tensor(config::FieldFile* field) {
    const std::string folder = fs::path(field->file()).parent_path().string();
    const bool staged = !found_.root.empty() && IsInside(folder);
    if (staged && IsFile(fs::path(found_.root) / field->file())) return Add(folder);
    if (AddPacked(folder)) return;
    field->set_file(AbsolutePath(FindFile(field->file(), found_.root)));
  }

  JobData found_;
  config::Data& data_;
};

void Assume(const std::string& folder, JobData* found) {
  const bool is_new = std::ranges::find(found->sets, folder) == found->sets.end();
  if (IsInside(folder) && is_new) found->sets.push_back(folder);
}

}  // namespace

JobData LocateData(const std::string& root, config::Data* data) {
  return Locator(root, data).Locate();
}

JobData AssumeData(const std::string& root, const config::Data& data) {
  JobData found;
  found.root = root;
  found.readable = HasKnownShape(data);
  if (data.has_mnist()) Assume(data.mnist().has_folder() ? data.mnist().folder() : "mnist", &found);
  if (data.has_idx()) Assume(data.idx().folder(), &found);
  const auto assume = [&](const config::Cifar& cifar, const char* when_unset) {
    Assume(cifar.has_folder() ? cifar.folder() : when_unset, &found);
  };
  if (data.has_cifar10()) assume(data.cifar10(), "cifar10");
  if (data.has_cifar100()) assume(data.cifar100(), "cifar100");
  if (data.has_image_folder()) Assume(data.image_folder().path(), &found);
  for (const auto& field : data.tensors().train()) {
    Assume(fs::path(field.file()).parent_path().string(), &found);
  }
  for (const auto& field : data.tensors().test()) {
    Assume(fs::path(field.file()).parent_path().string(), &found);
  }
  return found;
}

}  // namespace seve
