// The life of a NCCL communicator. It is a non-blocking one: NCCL works on a thread of its own, and
// every call is waited for here with the section's deadline, so that a dead peer costs no more.
#pragma once

#include <vector>

#include "comm/communicator.h"
#include "comm/nccl/nccl_call.h"
#include "comm/waiter.h"

namespace seve {

class NcclHandle {
 public:
  // Makes this rank, on the thread's current device, a member of what `id` names; waits for the
  // others up to half the section's deadline. `communicator` outlives the handle.
  NcclHandle(const ncclUniqueId& id, Communicator& communicator);
  // In order with the others unless something failed or an exception unwinds the stack, otherwise
  // alone. Takes 20 seconds at most: what hangs then is left to the process's end.
  ~NcclHandle();
  NcclHandle(const NcclHandle&) = delete;
  NcclHandle& operator=(const NcclHandle&) = delete;

  [[nodiscard]] ncclComm_t get() const { return comm_; }

  // Returns when what `call` began is enqueued; `result` is what it returned. Throws
  // Error(kCommunication) with the place where this rank is.
  void Finish(ncclResult_t result, const char* call);
  // Throws what went wrong since, if anything did.
  void CheckHealth() { Check(State(), "NCCL's communication"); }

  // Of this rank alone: whether NCCL took the memory.
  [[nodiscard]] bool Register(void* memory, size_t bytes);
  // Gives back what Register took last.
  void Deregister();

 private:
  // Ends the communicator, in order or alone.
  void Leave() noexcept;
  [[nodiscard]] ncclResult_t State() const;
  [[nodiscard]] Waiter MakeWaiter(double share) const;
  void Wait(const Waiter& waiter, const char* call);
  void Check(ncclResult_t result, const char* call);

  Communicator& communicator_;
  Waiter waiter_;
  int exceptions_;  // in flight when the handle was made
  bool failed_ = false;
  ncclComm_t comm_ = nullptr;
  std::vector<void*> registrations_;
};

}  // namespace seve
