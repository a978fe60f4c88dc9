#include "comm/threads/thread_world.h"

#include <fmt/format.h>

#include "base/error.h"
#include "comm/host_name.h"

namespace seve {
namespace {

std::string Message(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace

ThreadWorld::ThreadWorld(int size)
    : slots_(size), published_(size), arenas_(size), host_(HostName()) {}

void ThreadWorld::Fail(int rank, std::exception_ptr failure) {
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  failed_rank_ = rank;
  failure_ = std::move(failure);
  failed_.store(true, std::memory_order_release);
}

void ThreadWorld::CheckPeers() const {
  if (!failed_.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(mutex_);
  ThrowCommunication(
      fmt::format("{} failed first: {}", DescribeRank(host_, failed_rank_), Message(failure_)));
}

void ThreadWorld::RethrowFirst() const {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace seve
