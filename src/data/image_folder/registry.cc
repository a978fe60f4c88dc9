#include "data/image_folder/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "data/image_folder/read_all.h"
#include "data/image_folder/streamed_pictures.h"
#include "data/pictures/registry.h"
#include "data/places.h"

namespace seve {
namespace {

// The same on every rank and machine: where pictures are decoded enters the hash that is compared.
constexpr int64_t kMostInMemory = int64_t{2} << 30;

ImageFolderRequest RequestOf(const config::ImageFolder& folder, const std::string& root) {
  ImageFolderRequest request;
  request.path = FindFileOrFolder(folder.path(), root);
  request.splits = {folder.train(), folder.test()};
  request.height = folder.height();
  request.width = folder.width();
  request.resize = SizingOf(folder, {folder.channels(), request.height, request.width}).resize;
  request.channels = folder.channels();
  request.leave_out_unreadable = folder.unreadable() == config::LEAVE_OUT;
  return request;
}

template <typename Action>
auto Named(Action action) {
  try {
    return action();
  } catch (const Error& error) {
    ThrowData(fmt::format("data.image_folder: {}", error.what()), error.where());
  }
}

bool CropsStoredPictures(const config::Data& data) {
  return data.image_folder().has_height() &&
         std::ranges::any_of(data.augment(), [](const config::Augmentation& augmentation) {
           return augmentation.has_random_resized_crop();
         });
}

bool FitsInMemory(const ImageFolder& pictures) {
  const int64_t count = pictures.train->size() + pictures.test->size();
  return count * pictures.train->picture().elements() <= kMostInMemory;
}

DataSets Open(const config::Data& data, const std::string& root) {
  const auto& folder = data.image_folder();
  const ImageFolderRequest request = RequestOf(folder, root);
  const auto pool =
      std::make_shared<WorkerPool>(folder.has_threads() ? folder.threads() : ThreadsForAllCores());
  ImageFolder pictures = OpenImageFolder(request, *pool);
  const std::string origin = "pictures from " + request.path;
  DataSets sets;
  sets.notes = std::move(pictures.notes);
  const bool in_memory = FitsInMemory(pictures) && !CropsStoredPictures(data);
  const auto make = [&](std::unique_ptr<FolderPictures> source) -> std::unique_ptr<Dataset> {
    if (in_memory) {
      auto samples = ReadAllPictures(*source, pictures.class_names, origin, *pool);
      return PreparePictures(data, std::move(samples), origin);
    }
    auto options = PictureOptions(data, source->picture(), origin);
    return std::make_unique<StreamedPictures>(std::move(source), pictures.class_names,
                                              std::move(options), pool);
  };
  sets.train = make(std::move(pictures.train));
  sets.test = make(std::move(pictures.test));
  return sets;
}

}  // namespace

PictureSizing SizingOf(const config::ImageFolder& folder, const Shape& picture) {
  if (!folder.has_height()) return {picture, 0};
  if (folder.has_resize()) return {picture, folder.resize()};
  return {picture, (std::max(picture[1], picture[2]) * 256 + 112) / 224};
}

DataSets OpenConfiguredFolder(const config::Data& data, const std::string& root) {
  return Named([&] { return Open(data, root); });
}

ImageFolderShape PeekConfiguredFolder(const config::Data& data, const std::string& root) {
  return Named([&] { return PeekImageFolder(RequestOf(data.image_folder(), root)); });
}

}  // namespace seve
