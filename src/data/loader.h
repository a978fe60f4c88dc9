// Brings the micro-batches of one rank, in order, into the tensors of a plan.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "data/dataset.h"
#include "data/sampler.h"

namespace seve {

// A contiguous run of positions in an epoch's global order.
struct Slice {
  int64_t epoch = 0;
  int64_t position = 0;
  int64_t count = 0;
};

class Loader {
 public:
  // `request(i)` is the i-th micro-batch this rank runs, a pure function, called from any thread.
  // The first Next() brings request(first). prefetch: batches a background thread prepares ahead; 0
  // gathers on the calling thread. data set and sampler must outlive the loader.
  Loader(const Dataset& dataset, const Sampler& sampler, std::function<Slice(int64_t)> request,
         int64_t first, int prefetch);
  // Stops the background thread, waiting for the batch it is at.
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  // Fills `destination` (rows >= the slice's count) with the next micro-batch. Rethrows what the
  // background thread met, after the batches that were complete before it; from then on every call
  // does. One thread calls it.
  Slice Next(const Batch& destination);

 private:
  class Source;
  class Background;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Background> background_;  // absent without prefetching
};

}  // namespace seve
