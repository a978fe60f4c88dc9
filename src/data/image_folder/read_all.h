// All pictures of a source at once.
#pragma once

#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "data/image_folder/picture_list.h"
#include "data/pictures/picture_source.h"
#include "data/samples.h"

namespace seve {

// Decodes all into memory. origin: for the progress told. Throws what the first unreadable picture
// brings.
ImageSamples ReadAllPictures(const PictureSource& source, std::vector<std::string> class_names,
                             const std::string& origin, WorkerPool& pool);

// Takes the pictures that cannot be decoded out of the list and returns what is wrong with each, in
// its order.
std::vector<std::string> LeaveOutUnreadable(const FileStore& store, PictureList* list,
                                            WorkerPool& pool);

}  // namespace seve
