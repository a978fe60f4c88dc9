#include "data/loader.h"

#include <condition_variable>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "tensor/buffer.h"

namespace seve {

// The micro-batches in order, gathered on whichever thread asks. Not thread-safe.
class Loader::Source {
 public:
  Source(const Dataset& dataset, const Sampler& sampler, std::function<Slice(int64_t)> request,
         int64_t first)
      : dataset_(dataset), sampler_(sampler), request_(std::move(request)), next_(first) {}

  [[nodiscard]] const Dataset& dataset() const { return dataset_; }

  // Moves on to the next micro-batch.
  Slice Advance() {
    const Slice slice = request_(next_++);
    place_ = {.seed = sampler_.seed(), .epoch = slice.epoch, .position = slice.position};
    indices_.resize(static_cast<size_t>(slice.count));
    for (int64_t i = 0; i < slice.count; ++i) {
      indices_[static_cast<size_t>(i)] = sampler_.Train(slice.epoch, slice.position + i);
    }
    return slice;
  }

  // Writes the samples of the micro-batch that Advance() brought.
  void Gather(const Batch& destination) const {
    dataset_.GatherForTraining(indices_, place_, destination);
  }

 private:
  const Dataset& dataset_;
  const Sampler& sampler_;
  std::function<Slice(int64_t)> request_;
  int64_t next_;
  TrainingPlace place_;
  std::vector<int64_t> indices_;
};

// A ring of batches that a thread fills and Next() empties, in order.
class Loader::Background {
 public:
  Background(Source& source, int batches)
      : source_(source), ring_(static_cast<size_t>(batches)), thread_([this] { Run(); }) {}

  ~Background() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Slice Next(const Batch& destination) {
    Prepared& prepared = ring_[taken_ % ring_.size()];
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return made_ > taken_ || failure_; });
      if (made_ == taken_) std::rethrow_exception(failure_);
    }
    // The slot is this thread's until taken_ moves past it.
    for (size_t field = 0; field < destination.size(); ++field) {
      const Tensor& from = prepared.batch[field];
      Check(destination[field].bytes() >= from.bytes(), "a batch has fewer rows than its slice");
      if (from.bytes() > 0) std::memcpy(destination[field].memory(), from.memory(), from.bytes());
    }
    const Slice slice = prepared.slice;
    {
      const std::lock_guard lock(mutex_);
      ++taken_;
    }
    changed_.notify_all();
    return slice;
  }

 private:
  struct Prepared {
    Slice slice;
    std::vector<Buffer> memory;
    Batch batch;  // as many rows as the slice has
  };

  void Run() {
    try {
      while (WaitForRoom()) {
        Fill(ring_[made_ % ring_.size()]);
        {
          const std::lock_guard lock(mutex_);
          ++made_;
        }
        changed_.notify_all();
      }
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
      }
      changed_.notify_all();
    }
  }

  // False when it is time to stop.
  bool WaitForRoom() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || made_ - taken_ < ring_.size(); });
    return !stopping_;
  }

  void Fill(Prepared& prepared) {
    prepared.slice = source_.Advance();
    const auto& fields = source_.dataset().Fields();
    prepared.memory.resize(fields.size());
    prepared.batch.clear();
    for (size_t i = 0; i < fields.size(); ++i) {
      const Shape shape = fields[i].shape.WithRows(prepared.slice.count);
      const size_t bytes = static_cast<size_t>(shape.elements()) * SizeOf(fields[i].dtype);
      if (prepared.memory[i].size() < bytes) prepared.memory[i] = Buffer(bytes);
      prepared.batch.emplace_back(prepared.memory[i].data(), fields[i].dtype, shape);
    }
    source_.Gather(prepared.batch);
  }

  Source& source_;
  std::vector<Prepared> ring_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t made_ = 0;   // batches filled; written by the thread alone
  size_t taken_ = 0;  // batches handed out; written by Next() alone
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::thread thread_;  // last: it uses everything above
};

Loader::Loader(const Dataset& dataset, const Sampler& sampler,
               std::function<Slice(int64_t)> request, int64_t first, int prefetch)
    : source_(std::make_unique<Source>(dataset, sampler, std::move(request), first)) {
  Check(prefetch >= 0, "a negative number of batches to prefetch");
  if (prefetch > 0) background_ = std::make_unique<Background>(*source_, prefetch);
}

Loader::~Loader() = default;

Slice Loader::Next(const Batch& destination) {
  if (background_) return background_->Next(destination);
  const Slice slice = source_->Advance();
  source_->Gather(destination);
  return slice;
}

}  // namespace seve
