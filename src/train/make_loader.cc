#include "train/make_loader.h"

namespace seve {

std::unique_ptr<Loader> MakeLoader(const Setup& setup, const BatchGeometry& geometry,
                                   const Executor& executor, int64_t step) {
  const auto& data = setup.configuration.proto.data();
  const bool in_place = executor.ReadsDataItself() || setup.data.train->InMemory();
  const int prefetch = data.has_prefetch() ? data.prefetch() : (in_place ? 0 : 2);
  return std::make_unique<Loader>(
      *setup.data.train, setup.sampler, [&geometry](int64_t i) { return geometry.Request(i); },
      step * geometry.local_micro_batches(), prefetch);
}

}  // namespace seve
