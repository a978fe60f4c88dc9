#include "base/worker_pool.h"

#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "base/cores.h"
#include "base/error.h"

namespace seve {

// The loop at hand and the threads at it. One mutex guards everything; bodies run outside it.
class WorkerPool::Team {
 public:
  explicit Team(int threads) : threads_(threads) {}

  ~Team() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (auto& worker : workers_) worker.join();
  }

  void For(int64_t count, const std::function<void(int64_t)>& body) {
    const std::lock_guard one_loop(loop_);
    std::unique_lock lock(mutex_);
    while (workers_.size() + 1 < static_cast<size_t>(threads_) && count > 1) {
      workers_.emplace_back([this] { Work(); });
    }
    body_ = &body;
    count_ = count;
    next_ = 0;
    failed_ = std::numeric_limits<int64_t>::max();
    failure_ = nullptr;
    changed_.notify_all();
    TakeTurns(lock);
    changed_.wait(lock, [this] { return running_ == 0; });
    body_ = nullptr;
    count_ = next_ = 0;
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || next_ < count_; });
      if (stopping_) return;
      TakeTurns(lock);
    }
  }

  // Turns begin in order, so all before a failed one have begun and are waited for.
  void TakeTurns(std::unique_lock<std::mutex>& lock) {
    while (next_ < count_) {
      const int64_t turn = next_++;
      ++running_;
      lock.unlock();
      std::exception_ptr failure;
      try {
        (*body_)(turn);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      --running_;
      if (!failure) continue;
      count_ = 0;
      if (turn < failed_) {
        failed_ = turn;
        failure_ = failure;
      }
    }
    if (running_ == 0) changed_.notify_all();
  }

  const int threads_;
  std::mutex loop_;  // held by the caller whose loop it is
  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void(int64_t)>* body_ = nullptr;
  int64_t count_ = 0, next_ = 0, running_ = 0;
  int64_t failed_ = 0;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

WorkerPool::WorkerPool(int threads) : threads_(threads), team_(std::make_unique<Team>(threads)) {
  Check(threads >= 1, "a pool without threads");
}

WorkerPool::~WorkerPool() = default;

void WorkerPool::For(int64_t count, const std::function<void(int64_t)>& body) {
  team_->For(count, body);
}

int ThreadsForAllCores() {
  const CoreSet cores = CoresOfThisThread();
  return CountCores({&cores, 1});
}

}  // namespace seve
