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
  // The first Next() brings request(first). prefetch: batches a background thread prepares ahead; 0 gathers
  // on the calling thread. data set and sampler must outlive the loader.
  Loader(const Dataset& dataset, const Sampler& sampler, std::function<Slice(int64_t)> request,
         int64_t first, int prefetch);
  ~Loader();

  // Fills `destination` (rows >= the slice's count) with the next micro-batch. Rethrows what the
  // background thread met.
  Slice Next(const Batch& destination);

 private:
  class Background;
  const Dataset& dataset_;
  const Sampler& sampler_;
  std::function<Slice(int64_t)> request_;
  int64_t next_;
  std::unique_ptr<Background> background_;
};

}  // namespace seve
