#include "data/image_folder/survey.h"

#include <mutex>

#include "base/error.h"
#include "data/image_folder/load_progress.h"
#include "data/pictures/decode.h"

namespace seve {
namespace {

bool IsSmaller(const PictureSize& a, const PictureSize& b) {
  return a.height * a.width < b.height * b.width;
}

}  // namespace

PictureSurvey Survey(const FileStore& store, const PictureList& list, WorkerPool& pool) {
  PictureSurvey survey;
  PixelHistogram histogram(3);
  std::vector<std::string> faults(list.files.size());
  std::mutex mutex;
  LoadProgress progress("reading pictures of " + store.Place(""), list.size());
  const auto look = [&](const StoredFile& file) {
    const Bitmap bitmap = DecodePicture(store.Read(file), store.Place(file.name), 0);
    const PictureSize size{bitmap.height, bitmap.width};
    const bool grey = bitmap.channels == 1;
    PixelHistogram one(3);
    one.Add(WithChannels(bitmap, 3).pixels);
    const std::lock_guard lock(mutex);
    histogram.Add(one);
    if (grey) ++survey.grey;
    if (survey.smallest.height == 0 || IsSmaller(size, survey.smallest)) survey.smallest = size;
    if (IsSmaller(survey.largest, size)) survey.largest = size;
  };
  pool.For(list.size(), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    try {
      look(list.files[at]);
    } catch (const Error& error) {
      faults[at] = error.what();
    }
    progress.Advance();
  });
  std::erase(faults, "");
  survey.faults = std::move(faults);
  survey.channels = histogram.Channels();
  return survey;
}

}  // namespace seve
