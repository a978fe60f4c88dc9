#include "data/image_folder/read_all.h"

#include "base/error.h"
#include "data/image_folder/load_progress.h"
#include "data/pictures/decode.h"

namespace seve {

ImageSamples ReadAllPictures(const PictureSource& source, std::vector<std::string> class_names,
                             const std::string& origin, WorkerPool& pool) {
  ImageSamples samples;
  samples.picture = source.picture();
  samples.pixels = Buffer(static_cast<size_t>(source.size() * samples.picture.elements()));
  samples.labels.resize(static_cast<size_t>(source.size()));
  samples.classes = static_cast<int64_t>(class_names.size());
  samples.class_names = std::move(class_names);
  LoadProgress progress("reading " + origin, source.size());
  pool.For(source.size(), [&](int64_t i) {
    source.Read(i, {}, samples.Picture(i));
    samples.labels[static_cast<size_t>(i)] = source.Label(i);
    progress.Advance();
  });
  return samples;
}

std::vector<std::string> LeaveOutUnreadable(const FileStore& store, PictureList* list,
                                            WorkerPool& pool) {
  std::vector<std::string> faults(list->files.size());
  LoadProgress progress("checking pictures of " + store.Place(""), list->size());
  pool.For(list->size(), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    const StoredFile& file = list->files[at];
    try {
      DecodePicture(store.Read(file), store.Place(file.name), 0);
    } catch (const Error& error) {
      faults[at] = error.what();
    }
    progress.Advance();
  });
  PictureList kept;
  for (size_t i = 0; i < faults.size(); ++i) {
    if (!faults[i].empty()) continue;
    kept.files.push_back(std::move(list->files[i]));
    kept.labels.push_back(list->labels[i]);
  }
  *list = std::move(kept);
  std::erase(faults, "");
  return faults;
}

}  // namespace seve
