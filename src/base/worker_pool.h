// Threads that share out the turns of a loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace seve {

class WorkerPool {
 public:
  // `threads` >= 1 work on a loop, the caller's among them. They start with the first loop that has
  // more than one turn.
  explicit WorkerPool(int threads);
  // Waits for the threads to end.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] int threads() const { return threads_; }
  // Calls body(i) for every i in [0, count), each on any thread, and returns when all have ended.
  // After an exception no further turns begin; that of the smallest i is rethrown, which is the
  // same for any number of threads. Loops of several callers run one after the other.
  void For(int64_t count, const std::function<void(int64_t)>& body);

 private:
  class Team;
  int threads_;
  std::unique_ptr<Team> team_;
};

// As many as the cores that this process may run on.
int ThreadsForAllCores();

}  // namespace seve
