#include "data/image_folder/image_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "data/image_folder/read_all.h"
#include "data/pictures/decode.h"

namespace seve {
namespace {

void LeaveOut(const FileStore& store, const std::string& split, PictureList* list, WorkerPool& pool,
              std::vector<std::string>* notes) {
  const int64_t all = list->size();
  for (const auto& fault : LeaveOutUnreadable(store, list, pool)) notes->push_back(fault);
  if (list->size() == 0) ThrowData(fmt::format("{}: no picture can be read", store.Place(split)));
  if (list->size() == all) return;
  notes->push_back(fmt::format("{} of {} {} pictures cannot be read and are left out",
                               WithThousands(all - list->size()), WithThousands(all), split));
}

PictureSize SizeOf(const FileStore& store, const StoredFile& file) {
  return SizeOfPicture(store.Read(file), store.Place(file.name));
}

// Of a class's first picture that can be read.
PictureSize FirstSize(const FileStore& store, const std::vector<StoredFile>& files,
                      bool leave_out_unreadable) {
  for (const StoredFile& file : files) {
    try {
      return SizeOf(store, file);
    } catch (const Error&) {
      if (!leave_out_unreadable) throw;
    }
  }
  ThrowData(fmt::format("{}: no picture beside it can be read", store.Place(files.front().name)));
}

PictureSizing Sizing(const ImageFolderRequest& request, const PictureSize& first) {
  return {Shape{request.channels, first.height, first.width}, 0};
}

}  // namespace

PictureSizing SizingOf(const ImageFolderRequest& request) {
  return {Shape{request.channels, request.height, request.width}, request.resize};
}

ImageFolder OpenImageFolder(const ImageFolderRequest& request, WorkerPool& pool) {
  const auto store = OpenFileStore(request.path, request.splits.train);
  PictureLists lists = ListPictures(*store, request.splits, pool);
  ImageFolder folder;
  folder.class_names = std::move(lists.class_names);
  if (request.leave_out_unreadable) {
    LeaveOut(*store, "training", &lists.train, pool, &folder.notes);
    LeaveOut(*store, "test", &lists.test, pool, &folder.notes);
  }
  const PictureSizing sizing = request.height > 0
                                   ? SizingOf(request)
                                   : Sizing(request, SizeOf(*store, lists.train.files.front()));
  folder.train = std::make_unique<FolderPictures>(store, std::move(lists.train), sizing);
  folder.test = std::make_unique<FolderPictures>(store, std::move(lists.test), sizing);
  return folder;
}

ImageFolderShape PeekImageFolder(const ImageFolderRequest& request) {
  const auto store = OpenFileStore(request.path, request.splits.train);
  SplitNames splits = request.splits;
  const auto classes = ListClasses(*store, &splits);
  const auto count = static_cast<int64_t>(classes.size());
  if (request.height > 0) return {SizingOf(request).picture, count};
  const auto files = ListClass(*store, splits.train, classes.front());
  const PictureSize size = FirstSize(*store, files, request.leave_out_unreadable);
  return {Sizing(request, size).picture, count};
}

}  // namespace seve
