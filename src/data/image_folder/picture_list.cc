#include "data/image_folder/picture_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "base/text.h"
#include "data/pictures/decode.h"

namespace seve {
namespace {

constexpr size_t kMostNamed = 5;

bool IsHidden(const StoredFile& file) {
  return file.name.substr(file.name.rfind('/') + 1).starts_with('.');
}

std::vector<StoredFile> Visible(std::vector<StoredFile> files) {
  std::erase_if(files, IsHidden);
  return files;
}

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::string FoldersThere(const std::vector<std::string>& folders) {
  return folders.empty() ? "it holds no folder at all"
                         : "its folders are " + Join(FirstOf(folders, kMostNamed));
}

void FindSplits(const FileStore& store, SplitNames* names) {
  const auto folders = store.List("").folders;
  if (!Holds(folders, names->train)) {
    ThrowData(
        fmt::format("{} holds no folder '{}' of training pictures; {}. Pictures lie in "
                    "SPLIT/CLASS/PICTURE: name the split's folder with 'train'",
                    store.Place(""), names->train, FoldersThere(folders)));
  }
  if (names->test.empty()) names->test = Holds(folders, "test") ? "test" : "val";
  if (!Holds(folders, names->test)) {
    ThrowData(fmt::format("{} holds no folder '{}' of test pictures; {}. Name it with 'test'",
                          store.Place(""), names->test == "val" ? "test' or 'val" : names->test,
                          FoldersThere(folders)));
  }
}

std::vector<std::string> ClassesOf(const FileStore& store, const std::string& split) {
  auto contents = store.List(split);
  std::erase_if(contents.folders, [](const std::string& name) { return name.starts_with('.'); });
  const auto files = Visible(std::move(contents.files));
  if (!files.empty()) {
    ThrowData(fmt::format(
        "{} lies in the folder of a split{}: put every picture into the folder "
        "of its class, {}/CLASS/, and other files elsewhere",
        store.Place(files.front().name),
        files.size() > 1 ? fmt::format(", as do {} others", files.size() - 1) : "", split));
  }
  if (contents.folders.empty()) {
    ThrowData(
        fmt::format("{} holds no folders, of which each class needs one", store.Place(split)));
  }
  return contents.folders;
}

void RequireClasses(const FileStore& store, const std::vector<std::string>& classes,
                    const std::string& split, const std::vector<std::string>& others,
                    const std::string& other) {
  std::vector<std::string> missing;
  std::ranges::set_difference(others, classes, std::back_inserter(missing));
  if (missing.empty()) return;
  ThrowData(
      fmt::format("{} lacks the class{} {}, which {} has: classes are the same in both, so "
                  "add pictures there or remove them here",
                  store.Place(split), missing.size() > 1 ? "es" : "",
                  Join(FirstOf(missing, kMostNamed)), store.Place(other)));
}

PictureList ListSplit(const FileStore& store, const std::string& split,
                      const std::vector<std::string>& classes, WorkerPool& pool) {
  std::vector<std::vector<StoredFile>> each(classes.size());
  pool.For(static_cast<int64_t>(classes.size()), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    each[at] = ListClass(store, split, classes[at]);
  });
  PictureList list;
  for (size_t label = 0; label < each.size(); ++label) {
    list.labels.insert(list.labels.end(), each[label].size(), static_cast<int32_t>(label));
    std::ranges::move(each[label], std::back_inserter(list.files));
  }
  return list;
}

}  // namespace

std::vector<std::string> ListClasses(const FileStore& store, SplitNames* names) {
  FindSplits(store, names);
  auto classes = ClassesOf(store, names->train);
  const auto tested = ClassesOf(store, names->test);
  RequireClasses(store, classes, names->train, tested, names->test);
  RequireClasses(store, tested, names->test, classes, names->train);
  return classes;
}

std::vector<StoredFile> ListClass(const FileStore& store, const std::string& split,
                                  const std::string& name) {
  const std::string folder = split + "/" + name;
  auto contents = store.List(folder);
  if (!contents.folders.empty()) {
    ThrowData(fmt::format("{} is a folder within a class: pictures lie in {} itself",
                          store.Place(folder + "/" + contents.folders.front()), folder));
  }
  auto files = Visible(std::move(contents.files));
  const auto stray = std::ranges::find_if_not(
      files, [](const StoredFile& file) { return NamesPicture(file.name); });
  if (stray != files.end()) {
    ThrowData(
        fmt::format("{} is no picture by its name (.jpg, .jpeg or .png): convert it, or move "
                    "it out of the folder",
                    store.Place(stray->name)));
  }
  if (files.empty()) {
    ThrowData(
        fmt::format("{} holds no pictures: put some there, or remove the class's folder from "
                    "training and test pictures",
                    store.Place(folder)));
  }
  return files;
}

PictureLists ListPictures(const FileStore& store, SplitNames names, WorkerPool& pool) {
  PictureLists lists;
  lists.class_names = ListClasses(store, &names);
  lists.train = ListSplit(store, names.train, lists.class_names, pool);
  lists.test = ListSplit(store, names.test, lists.class_names, pool);
  return lists;
}

}  // namespace seve
