#include "queue.h"

#include <utility>

namespace seve::emulator {

void Queue::Append(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  items_.push_back({std::move(work), {}});
  ++appended_;
}

void Queue::AppendWait(Point point) {
  if (point.queue == nullptr || point.queue.get() == this) return;
  const std::lock_guard lock(mutex_);
  items_.push_back({nullptr, std::move(point)});
  ++appended_;
}

Point Queue::End() {
  const std::lock_guard lock(mutex_);
  return {shared_from_this(), appended_};
}

bool Queue::Done(const Point& point) {
  return point.queue == nullptr || point.queue->done_ >= point.position;
}

bool Queue::Run(const Point& point, Patience patience) {
  return point.queue == nullptr || point.queue->RunTo(point.position, patience);
}

// Waits refer only to what was enqueued before them, so the queues cannot wait for each other in a
// circle, and as deep as this recurses there are streams.
bool Queue::RunTo(uint64_t position, Patience patience) {
  if (done_ >= position) return true;
  std::unique_lock lock(mutex_);
  while (done_ < position) {
    if (running_) {
      if (patience == Patience::kNone) return false;
      changed_.wait(lock);
      continue;
    }
    running_ = true;
    Item item = std::move(items_.front());
    lock.unlock();
    bool ran = true;
    if (item.wait.queue != nullptr) {
      ran = Run(item.wait, patience);
    } else {
      [&]() noexcept { item.work(); }();  // a device has nobody to throw to
    }
    lock.lock();
    running_ = false;
    if (ran) {
      items_.pop_front();
      ++done_;
    } else {
      items_.front() = std::move(item);
    }
    changed_.notify_all();
    if (!ran) return false;
  }
  return true;
}

}  // namespace seve::emulator
