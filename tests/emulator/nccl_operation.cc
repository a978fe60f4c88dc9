#include "emulator/nccl_operation.h"

#include <fmt/format.h>

#include <cstring>
#include <map>
#include <utility>

#include "emulator/nccl_elements.h"
#include "emulator/nccl_wait.h"

namespace seve::emulator {
namespace {

using Bytes = std::span<std::byte>;
using ConstBytes = std::span<const std::byte>;
using Steps = std::deque<Step>;

constexpr std::chrono::milliseconds kBeforeLookingForTheLost{500};

void Copy(Bytes to, ConstBytes from) {
  if (!from.empty() && to.data() != from.data()) std::memcpy(to.data(), from.data(), from.size());
}

// The steps of one operation, appended to those of its communicator.
class Planner {
 public:
  Planner(const Operation& operation, Steps& steps)
      : operation_(operation),
        communicator_(*operation.communicator),
        steps_(steps),
        size_(SizeOf(operation.type)) {}

  void Plan() {
    switch (operation_.kind) {
      case OperationKind::kAllReduce:
        return AllReduce();
      case OperationKind::kReduceScatter:
        return ReduceInto(Sent(ranks() * operation_.count), Received(operation_.count), Equal());
      case OperationKind::kAllGather:
        return AllGather();
      case OperationKind::kBroadcast:
        return Broadcast();
      case OperationKind::kSend:
        return Last().Send(operation_.peer, kind(), Sent(operation_.count));
      case OperationKind::kReceive:
        return Last().Receive(operation_.peer, kind(), Received(operation_.count));
    }
  }

 private:
  // Where each rank's slice starts, in elements, and where the last ends.
  using Starts = std::vector<size_t>;

  [[nodiscard]] size_t ranks() const { return static_cast<size_t>(communicator_.ranks()); }
  [[nodiscard]] size_t rank() const { return static_cast<size_t>(communicator_.rank()); }
  [[nodiscard]] uint64_t kind() const {
    const bool paired = operation_.kind == OperationKind::kReceive;
    return static_cast<uint64_t>(paired ? OperationKind::kSend : operation_.kind);
  }
  [[nodiscard]] ConstBytes Sent(size_t count) const {
    return {static_cast<const std::byte*>(operation_.send), count * size_};
  }
  [[nodiscard]] Bytes Received(size_t count) const {
    return {static_cast<std::byte*>(operation_.receive), count * size_};
  }
  template <typename Span>
  Span Slice(Span whole, const Starts& starts, size_t index) const {
    return whole.subspan(starts[index] * size_, (starts[index + 1] - starts[index]) * size_);
  }

  // Ranks have slices of `count`.
  [[nodiscard]] Starts Equal() const {
    Starts starts(ranks() + 1);
    for (size_t i = 0; i < starts.size(); ++i) starts[i] = i * operation_.count;
    return starts;
  }
  // Ranks share `count`.
  [[nodiscard]] Starts Shares() const {
    Starts starts(ranks() + 1);
    for (size_t i = 0; i < starts.size(); ++i) starts[i] = i * operation_.count / ranks();
    return starts;
  }

  Step& Add() {
    steps_.push_back({.exchange = Exchange(communicator_), .then = [] {}});
    return steps_.back();
  }
  Exchange& Last() { return steps_.back().exchange; }

  template <typename Use>
  void ForOthers(Use use) const {
    for (size_t peer = 0; peer < ranks(); ++peer) {
      if (peer != rank()) use(peer);
    }
  }

  // Everybody sends its slices to their ranks; `result` becomes the sum of this rank's.
  void ReduceInto(ConstBytes values, Bytes result, const Starts& starts) {
    Step& step = Add();
    const size_t bytes = result.size();
    const auto parts = std::make_shared<std::vector<std::byte>>(ranks() * bytes);
    const auto part = [parts, bytes](size_t peer) {
      return Bytes(*parts).subspan(peer * bytes, bytes);
    };
    ForOthers([&](size_t peer) {
      step.exchange.Send(static_cast<int>(peer), kind(), Slice(values, starts, peer));
      step.exchange.Receive(static_cast<int>(peer), kind(), part(peer));
    });
    const ConstBytes own = Slice(values, starts, rank());
    step.then = [type = operation_.type, count = bytes / size_, ranks = ranks(), rank = rank(),
                 part, own, result] {
      Copy(part(rank), own);
      for (size_t peer = 1; peer < ranks; ++peer) {
        AddElements(type, part(0).data(), part(peer).data(), count);
      }
      Copy(result, part(0));
    };
  }

  // Everybody sends its slice, which lies in `values`, to all.
  void Share(ConstBytes own, Bytes values, const Starts& starts) {
    Step& step = Add();
    ForOthers([&](size_t peer) {
      step.exchange.Send(static_cast<int>(peer), kind(), own);
      step.exchange.Receive(static_cast<int>(peer), kind(), Slice(values, starts, peer));
    });
  }

  void AllReduce() {
    const Starts starts = Shares();
    const Bytes sums = Received(operation_.count);
    ReduceInto(Sent(operation_.count), Slice(sums, starts, rank()), starts);
    Share(Slice(sums, starts, rank()), sums, starts);
  }

  void AllGather() {
    const Bytes all = Received(ranks() * operation_.count);
    const ConstBytes own = Sent(operation_.count);
    Share(own, all, Equal());
    steps_.back().then = [to = Slice(all, Equal(), rank()), own] { Copy(to, own); };
  }

  void Broadcast() {
    Step& step = Add();
    if (communicator_.rank() != operation_.peer) {
      step.exchange.Receive(operation_.peer, kind(), Received(operation_.count));
      return;
    }
    const ConstBytes own = Sent(operation_.count);
    ForOthers([&](size_t peer) { step.exchange.Send(static_cast<int>(peer), kind(), own); });
    step.then = [to = Received(operation_.count), own] { Copy(to, own); };
  }

  const Operation& operation_;
  Communicator& communicator_;
  Steps& steps_;
  size_t size_;
};

bool IsPaired(const Operation& operation) {
  return operation.kind == OperationKind::kSend || operation.kind == OperationKind::kReceive;
}

using Plans = std::map<Communicator*, Steps>;

Plans PlanGroup(const std::vector<Operation>& group) {
  Plans plans;
  for (const bool paired : {false, true}) {
    std::map<Communicator*, bool> started;
    for (const Operation& operation : group) {
      if (IsPaired(operation) != paired) continue;
      Steps& steps = plans[operation.communicator.get()];
      Communicator& communicator = *operation.communicator;
      if (paired && !std::exchange(started[&communicator], true)) {
        steps.push_back({.exchange = Exchange(communicator), .then = [] {}});
      }
      Planner(operation, steps).Plan();
    }
  }
  return plans;
}

// Whether something moved.
bool Advance(Steps& steps) {
  if (steps.empty()) return false;
  const bool moved = steps.front().exchange.Progress();
  if (!steps.front().exchange.IsDone()) return moved;
  steps.front().then();
  steps.pop_front();
  return true;
}

}  // namespace

void RunGroup(const std::vector<Operation>& group) {
  Plans plans = PlanGroup(group);
  PeerWait wait([&plans] {
    const Communicator& one = *plans.begin()->first;
    return fmt::format("rank {} of {}: others do not take part", one.rank(), one.ranks());
  });
  while (!plans.empty()) {
    bool moved = false;
    for (auto& [communicator, steps] : plans) moved = Advance(steps) || moved;
    if (moved) {
      wait.Restart();
    } else {
      wait.Wait();
    }
    const bool late = wait.Waited() > kBeforeLookingForTheLost;
    for (auto& [communicator, steps] : plans) {
      if (late && communicator->IsDeserted()) {
        communicator->Fail(ncclRemoteError, "socket closed by remote peer");
        steps.clear();
      }
    }
    std::erase_if(plans,
                  [](const auto& plan) { return plan.second.empty() || plan.first->aborted(); });
  }
}

}  // namespace seve::emulator
