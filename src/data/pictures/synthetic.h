// Random pictures with a class each: data of any size without a file.
#pragma once

#include <cstdint>

#include "base/worker_pool.h"
#include "data/samples.h"

namespace seve {

// Pictures `first` to `first + count - 1`; test pictures come after the training pictures. Each is
// that of its class, drawn at random, with noise of a quarter of the range. A picture is a pure
// function of seed, index and shape; classes take turns.
ImageSamples MakeSyntheticImages(uint64_t seed, const Shape& picture, int64_t classes,
                                 int64_t first, int64_t count, WorkerPool& pool);

}  // namespace seve
