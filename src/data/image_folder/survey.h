// What a list of pictures holds, found by decoding all of them.
#pragma once

#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "data/image_folder/picture_list.h"
#include "data/pictures/picture_source.h"
#include "data/pixel_histogram.h"

namespace seve {

struct PictureSurvey {
  std::vector<std::string> faults;  // what is wrong with those that cannot be decoded, in order
  PictureSize smallest, largest;    // by their number of pixels
  int64_t grey = 0;                 // pictures that are stored without colour
  std::vector<PixelHistogram::Figures> channels;  // of red, green and blue
};

PictureSurvey Survey(const FileStore& store, const PictureList& list, WorkerPool& pool);

}  // namespace seve
