#include "comm/nccl/nccl_handle.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"

namespace seve {
namespace {

using std::chrono::duration;

constexpr double kInitShare = 0.5;
constexpr double kLongestFinalize = 10, kLongestEnd = 20;  // seconds
constexpr auto kTurn = std::chrono::microseconds(20);

ncclResult_t StateOf(ncclComm_t comm) {
  ncclResult_t state = ncclSuccess;
  const ncclResult_t asked = ncclCommGetAsyncError(comm, &state);
  return asked == ncclSuccess ? state : asked;
}

// Once all that was enqueued is done. False where it failed or took too long: peers may be gone.
bool Finalize(ncclComm_t comm) {
  const Stopwatch watch;
  ncclResult_t state = ncclCommFinalize(comm);
  while (state == ncclInProgress && watch.Seconds() < kLongestFinalize) {
    std::this_thread::sleep_for(kTurn);
    state = StateOf(comm);
  }
  NoteNccl(state, "ncclCommFinalize");
  return state == ncclSuccess;
}

// Where registration is switched off, NCCL gives no handle.
void Forget(ncclComm_t comm, void* registration) {
  if (registration == nullptr) return;
  NoteNccl(ncclCommDeregister(comm, registration), "ncclCommDeregister");
}

void End(ncclComm_t comm, bool in_order, const std::vector<void*>& registrations) {
  if (in_order) {
    for (void* registration : registrations) Forget(comm, registration);
    if (Finalize(comm)) return NoteNccl(ncclCommDestroy(comm), "ncclCommDestroy");
  }
  NoteNccl(ncclCommAbort(comm), "ncclCommAbort");
}

// Whether `work` ends in time. If it does not, its thread stays behind.
bool EndsWithin(double seconds, std::function<void()> work) {
  std::promise<void> ended;
  const std::future<void> end = ended.get_future();
  std::thread([work = std::move(work), ended = std::move(ended)]() mutable {
    work();
    ended.set_value();
  }).detach();
  return end.wait_for(duration<double>(seconds)) == std::future_status::ready;
}

}  // namespace

NcclHandle::NcclHandle(const ncclUniqueId& id, Communicator& communicator)
    : communicator_(communicator), waiter_(MakeWaiter(1)), exceptions_(std::uncaught_exceptions()) {
  constexpr const char* kCall = "ncclCommInitRankConfig";
  ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
  config.blocking = 0;
  try {
    CheckNccl(ncclCommInitRankConfig(&comm_, communicator.size(), id, communicator.rank(), &config),
              kCall, comm_);
    Wait(MakeWaiter(kInitShare), kCall);
    CheckNccl(State(), kCall, comm_);
  } catch (...) {  // there is no destructor yet
    failed_ = true;
    Leave();
    throw;
  }
}

NcclHandle::~NcclHandle() { Leave(); }

void NcclHandle::Leave() noexcept {
  if (comm_ == nullptr) return;
  const bool in_order = !failed_ && std::uncaught_exceptions() <= exceptions_;
  try {
    const auto end = [comm = comm_, in_order, registrations = registrations_] {
      End(comm, in_order, registrations);
    };
    if (EndsWithin(kLongestEnd, end)) return;
    Logger().Error(fmt::format("{}: NCCL did not end within {:g} s; going on without",
                               communicator_.Describe(communicator_.rank()), kLongestEnd));
  } catch (...) {  // no thread, or nothing to say it with
  }
}

Waiter NcclHandle::MakeWaiter(double share) const {
  return Waiter(communicator_.activity(),
                {.rank = communicator_.rank(),
                 .oversubscribed = false,
                 .describe = [this](int rank) { return communicator_.Describe(rank); },
                 .while_waiting = [] { std::this_thread::sleep_for(kTurn); },
                 .share = share});
}

ncclResult_t NcclHandle::State() const { return StateOf(comm_); }

void NcclHandle::Wait(const Waiter& waiter, const char* call) {
  waiter.Until(
      call, [this] { return State() != ncclInProgress; }, [] { return std::vector<int>(); });
}

void NcclHandle::Check(ncclResult_t result, const char* call) {
  if (!IsFailure(result)) return;
  failed_ = true;
  ThrowCommunication(fmt::format("{}: {}: {}", communicator_.activity().Read().Text(),
                                 communicator_.Describe(communicator_.rank()),
                                 FailureText(result, call, comm_)));
}

void NcclHandle::Finish(ncclResult_t result, const char* call) {
  Check(result, call);
  failed_ = true;  // unless it comes to an end
  Wait(waiter_, call);
  failed_ = false;
  Check(State(), call);
}

bool NcclHandle::Register(void* memory, size_t bytes) {
  void* registration = nullptr;
  if (ncclCommRegister(comm_, memory, bytes, &registration) != ncclSuccess) return false;
  registrations_.push_back(registration);
  return true;
}

void NcclHandle::Deregister() {
  Forget(comm_, registrations_.back());
  registrations_.pop_back();
}

}  // namespace seve
