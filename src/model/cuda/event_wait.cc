#include "model/cuda/event_wait.h"

#include <fmt/format.h>

#include <thread>

#include "base/clock.h"
#include "base/error.h"

namespace seve {
namespace {

// Queries without a pause: a step of a small network takes tens of microseconds.
constexpr int kEagerQueries = 2000;
constexpr auto kPause = std::chrono::microseconds(50);
// A watched rank leaves its watchdog the first word.
constexpr double kPatience = 1;

}  // namespace

void WaitFor(const Event& event, Communicator& communicator, GpuCommunicator* gpus) {
  Activity& activity = communicator.activity();
  const WaitingMark mark(activity);
  const Stopwatch watch;
  for (int queries = 0;; ++queries) {
    const cudaError_t status = cudaEventQuery(event.get());
    if (status == cudaSuccess) return;
    if (status != cudaErrorNotReady) CheckCuda(status, "a step on the GPU");
    if (queries < kEagerQueries) continue;
    if (gpus != nullptr) gpus->CheckHealth();
    const auto reading = activity.Read();
    const double deadline = reading.deadline + (activity.watched() ? kPatience : 0);
    if (watch.Seconds() > deadline) {
      ThrowCommunication(fmt::format(
          "{}: the GPU of {} did not finish within {:g} s (deadlines in the configuration){}",
          reading.Text(), communicator.Describe(communicator.rank()), reading.deadline,
          communicator.size() > 1 ? ": it, or a rank it exchanges gradients with, hangs" : ""));
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace seve
