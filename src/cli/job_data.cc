#include "cli/job_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "cli/job_header.h"
#include "cli/paths.h"
#include "data/idx_folder.h"
#include "data/known_sets.h"
#include "data/places.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

// Shapes that do not depend on the files.
bool HasKnownShape(const config::Data& data) {
  return !data.has_idx() && !data.has_tensors() &&
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
    if (data_.has_mnist()) Pictures(data_.mutable_mnist(), "mnist");
    if (data_.has_idx()) Pictures(data_.mutable_idx(), "");
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
  static bool Holds(const std::string& folder, const config::Idx& idx) {
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

  void Pictures(config::Idx* idx, const std::string& when_unset) {
    const std::string folder = idx->has_folder() ? idx->folder() : when_unset;
    std::vector<std::string> places = PlacesOf(folder, found_.root);
    if (!idx->has_folder()) {
      places = found_.root.empty() ? std::vector<std::string>{}
                                   : std::vector<std::string>{places[0], found_.root};
    }
    const auto at =
        std::ranges::find_if(places, [&](const std::string& place) { return Holds(place, *idx); });
    const bool below_root = at == places.begin() && !found_.root.empty() && IsInside(folder);
    if (at != places.end() && below_root) return Add(folder);
    if (AddPacked(folder)) return;
    if (at == places.end()) Missing(*idx, folder, places);
    idx->set_folder(AbsolutePath(*at));
  }

  [[noreturn]] void Missing(const config::Idx& idx, const std::string& folder,
                            std::vector<std::string> places) const {
    if (!found_.root.empty() && IsInside(folder)) places.push_back(TarOf(found_.root, folder));
    const std::string prefix = TrainPrefix(idx.test_prefix());
    std::string text = fmt::format(
        "the data are not there: no {}-images-idx3-ubyte, {}-images-idx3-ubyte and their labels, "
        "plain or .gz, in {}.\n",
        prefix, idx.test_prefix(),
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
      text += "Correct data.idx.folder, test_prefix or --data, or copy them there";
    }
    ThrowData(text + "\nor train on generated digits, which need no files: --set data.digits={}");
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
  for (const auto& field : data.tensors().train()) {
    Assume(fs::path(field.file()).parent_path().string(), &found);
  }
  for (const auto& field : data.tensors().test()) {
    Assume(fs::path(field.file()).parent_path().string(), &found);
  }
  return found;
}

}  // namespace seve
