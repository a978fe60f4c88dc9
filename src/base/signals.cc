#include "base/signals.h"

#include <csignal>
#include <initializer_list>

namespace seve {
namespace {

// A signal handler has no other way to say something than a variable of static lifetime.
volatile std::sig_atomic_t stop_requested = 0;

void OnSignal(int signal) {
  const bool again = stop_requested != 0 && (signal == SIGTERM || signal == SIGINT);
  stop_requested = 1;
  if (!again) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

void CatchStopSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) sigaction(signal, &action, nullptr);
}

void IgnoreStopSignals() {
  for (const int signal : {SIGTERM, SIGINT}) std::signal(signal, SIG_IGN);
}

bool StopRequested() { return stop_requested != 0; }

}  // namespace seve
