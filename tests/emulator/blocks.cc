#include "blocks.h"

#include <alloca.h>

#include <array>
#include <bit>
#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "device_threads.h"

constinit thread_local uint3 threadIdx = {};
constinit thread_local uint3 blockIdx = {};
constinit thread_local dim3 blockDim = {};
constinit thread_local dim3 gridDim = {};

namespace seve::emulator {
namespace {

constexpr size_t kStackBytes = 64 << 10;

struct Fiber {
  boost::context::fiber context;  // where it stands while it does not run
};

struct Warp {
  uint32_t live = 0;     // a bit a lane that has not ended
  uint32_t arrived = 0;  // of them, those that wait to meet
  unsigned meeting = 0;
  // Two, in turn: a lane reads of one meeting while faster ones already bring values to the next.
  // None gets two ahead.
  WarpValues values[2] = {};
  std::vector<Fiber*> waiting;
};

class Blocks {
 public:
  Blocks() = default;
  // Lets the fibers, all of them idle, come to their end: without it each would end by an
  // exception.
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  void Run(dim3 grid, dim3 block, const std::function<void()>& body);
  void SyncBlock();
  const WarpValues& MeetWarp(uint64_t value);
  [[nodiscard]] int lane() const { return thread_ % 32; }

 private:
  void StartBlock();
  bool NextBlock();
  void StartThread();
  void EndThread();
  void FiberMain();
  void RunThreads();
  void Suspend(std::vector<Fiber*>* waiting);
  void Release(std::vector<Fiber*>* waiting);
  void ReleaseWarp(Warp* warp);
  Fiber* TakeReady();
  Fiber* TakeIdle();
  void SwitchTo(Fiber* next);
  [[noreturn]] void AbortStuck() const;

  const std::function<void()>* body_ = nullptr;
  int threads_ = 0;  // of a block
  int started_ = 0;
  uint3 next_ = {};  // the index of the thread to start
  int live_ = 0;     // not ended; those not started among them
  int thread_ = 0;
  std::vector<Warp> warps_;
  std::vector<Fiber*> at_barrier_;
  std::vector<Fiber*> ready_;
  size_t first_ready_ = 0;

  Fiber main_;
  Fiber* current_ = &main_;
  Fiber* previous_ = nullptr;
  bool closing_ = false;
  std::vector<Fiber*> idle_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
};

constinit thread_local Blocks* running = nullptr;

Blocks::~Blocks() {
  closing_ = true;
  for (Fiber* fiber : idle_) SwitchTo(fiber);
}

void Blocks::Run(dim3 grid, dim3 block, const std::function<void()>& body) {
  gridDim = grid;
  blockDim = block;
  body_ = &body;
  threads_ = static_cast<int>(block.x * block.y * block.z);
  if (warps_.size() < static_cast<size_t>(threads_ + 31) / 32) warps_.resize((threads_ + 31) / 32);
  blockIdx = {0, 0, 0};
  StartBlock();
  SwitchTo(TakeIdle());
}

void Blocks::StartBlock() {
  started_ = 0;
  next_ = {0, 0, 0};
  live_ = threads_;
  for (int first = 0; first < threads_; first += 32) {
    const int lanes = threads_ - first < 32 ? threads_ - first : 32;
    warps_[first / 32].live = lanes == 32 ? 0xffffffffu : (1u << lanes) - 1;
  }
}

bool Blocks::NextBlock() {
  if (++blockIdx.x < gridDim.x) return true;
  blockIdx.x = 0;
  if (++blockIdx.y < gridDim.y) return true;
  blockIdx.y = 0;
  return ++blockIdx.z < gridDim.z;
}

void Blocks::StartThread() {
  thread_ = started_++;
  threadIdx = next_;
  if (++next_.x < blockDim.x) return;
  next_.x = 0;
  if (++next_.y < blockDim.y) return;
  next_.y = 0;
  ++next_.z;
}

void Blocks::EndThread() {
  --live_;
  Warp& warp = warps_[thread_ / 32];
  warp.live &= ~(1u << lane());
  if (warp.arrived != 0 && warp.arrived == warp.live) ReleaseWarp(&warp);
  if (live_ != 0 && at_barrier_.size() == static_cast<size_t>(live_)) Release(&at_barrier_);
}

// A fiber's life: threads while there are any to start, then sleep until somebody needs it.
void Blocks::FiberMain() {
  while (!closing_) {
    RunThreads();
    idle_.push_back(current_);
    if (live_ == 0) {
      SwitchTo(&main_);
    } else if (Fiber* ready = TakeReady()) {
      SwitchTo(ready);
    } else {
      AbortStuck();
    }
  }
}

// Until the grid's end, or until others should go on.
void Blocks::RunThreads() {
  for (;;) {
    while (started_ < threads_) {
      if (first_ready_ < ready_.size()) return;
      StartThread();
      (*body_)();
      EndThread();
    }
    if (live_ != 0 || !NextBlock()) return;
    StartBlock();
  }
}

void Blocks::Suspend(std::vector<Fiber*>* waiting) {
  const int thread = thread_;
  const uint3 index = threadIdx;
  waiting->push_back(current_);
  Fiber* next = TakeReady();
  if (next == nullptr && started_ < threads_) next = TakeIdle();
  if (next == nullptr) AbortStuck();
  SwitchTo(next);
  thread_ = thread;
  threadIdx = index;
}

void Blocks::Release(std::vector<Fiber*>* waiting) {
  ready_.insert(ready_.end(), waiting->begin(), waiting->end());
  waiting->clear();
}

void Blocks::ReleaseWarp(Warp* warp) {
  warp->values[warp->meeting % 2].present = warp->arrived;
  warp->arrived = 0;
  ++warp->meeting;
  Release(&warp->waiting);
}

void Blocks::SyncBlock() {
  if (at_barrier_.size() + 1 == static_cast<size_t>(live_)) {
    Release(&at_barrier_);
  } else {
    Suspend(&at_barrier_);
  }
}

const WarpValues& Blocks::MeetWarp(uint64_t value) {
  Warp& warp = warps_[thread_ / 32];
  WarpValues& values = warp.values[warp.meeting % 2];
  values.of_lane[lane()] = value;
  warp.arrived |= 1u << lane();
  if (warp.arrived == warp.live) {
    ReleaseWarp(&warp);
  } else {
    Suspend(&warp.waiting);
  }
  return values;
}

Fiber* Blocks::TakeReady() {
  if (first_ready_ == ready_.size()) return nullptr;
  Fiber* fiber = ready_[first_ready_++];
  if (first_ready_ == ready_.size()) {
    ready_.clear();
    first_ready_ = 0;
  }
  return fiber;
}

Fiber* Blocks::TakeIdle() {
  if (!idle_.empty()) {
    Fiber* fiber = idle_.back();
    idle_.pop_back();
    return fiber;
  }
  Fiber* fiber = fibers_.emplace_back(std::make_unique<Fiber>()).get();
  // Stacks start at different lines of a page, or the same lines of all would share few cache sets.
  const size_t shift = fibers_.size() % 24 * 128;
  const auto life = [this, shift](boost::context::fiber&& from) {
    previous_->context = std::move(from);
    static_cast<char volatile*>(alloca(shift + 1))[0] = 0;
    FiberMain();
    previous_ = std::exchange(current_, &main_);
    return std::move(main_.context);
  };
  fiber->context = boost::context::fiber(
      std::allocator_arg, boost::context::protected_fixedsize_stack(kStackBytes), life);
  return fiber;
}

void Blocks::SwitchTo(Fiber* next) {
  previous_ = current_;
  current_ = next;
  boost::context::fiber from = std::move(next->context).resume();
  previous_->context = std::move(from);  // whoever switched here is the previous one by now
}

void Blocks::AbortStuck() const {
  size_t at_warp = 0;
  for (const Warp& warp : warps_) at_warp += warp.waiting.size();
  std::fprintf(
      stderr,
      "emulator: threads of block (%u, %u, %u) wait for ever: %zu at __syncthreads, %zu at "
      "an intrinsic of their warp; %d of %d have not ended\n",
      blockIdx.x, blockIdx.y, blockIdx.z, at_barrier_.size(), at_warp, live_, threads_);
  std::abort();
}

}  // namespace

void RunGrid(dim3 grid, dim3 block, const std::function<void()>& body) {
  thread_local Blocks blocks;
  running = &blocks;
  blocks.Run(grid, block, body);
  running = nullptr;
}

void SyncBlock() { running->SyncBlock(); }

int Lane() { return running->lane(); }

const WarpValues& MeetWarp(uint64_t value) { return running->MeetWarp(value); }

}  // namespace seve::emulator
