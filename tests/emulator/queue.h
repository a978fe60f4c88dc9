// The work of one stream, in order. Nobody runs it until somebody waits.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace seve::emulator {

class Queue;

// A place in a queue: done once everything enqueued before it has run. Without a queue, done.
struct Point {
  std::shared_ptr<Queue> queue;
  uint64_t position = 0;
};

enum class Patience {
  kWait,  // for work that another thread is running
  kNone,  // rather give up
};

// Of any number of threads.
class Queue : public std::enable_shared_from_this<Queue> {
 public:
  void Append(std::function<void()> work);
  // What follows waits for `point`, as late as possible.
  void AppendWait(Point point);
  // After everything that is enqueued now.
  Point End();

  [[nodiscard]] static bool Done(const Point& point);
  // Runs what `point` waits for, on the calling thread, with no lock held; false if it gave up.
  static bool Run(const Point& point, Patience patience);

 private:
  struct Item {
    std::function<void()> work;
    Point wait;
  };

  bool RunTo(uint64_t position, Patience patience);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  uint64_t appended_ = 0;
  std::atomic<uint64_t> done_ = 0;
  bool running_ = false;  // a thread runs the first item
};

}  // namespace seve::emulator
