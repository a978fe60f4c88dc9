#include "comm/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <vector>

#include "comm/broadcast_text.h"

namespace seve {
namespace {

struct Failure {
  ExitCode code = ExitCode::kDone;
  std::string message;
};

Failure Attempt(const std::function<void()>& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return {error.code(), error.what()};
  } catch (const std::bad_alloc&) {
    return {ExitCode::kUsage, "out of memory: lower the batch size or the model's size"};
  } catch (const std::filesystem::filesystem_error& error) {
    return {ExitCode::kUsage, error.what()};
  }
}

std::vector<std::byte> Encode(const Failure& failure) {
  std::vector<std::byte> bytes{static_cast<std::byte>(failure.code)};
  const auto text = std::as_bytes(std::span(failure.message));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

Failure Decode(const std::vector<std::byte>& bytes) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  return {static_cast<ExitCode>(bytes.front()), std::string(text + 1, bytes.size() - 1)};
}

// One message for all: said once when every rank failed alike, otherwise rank by rank.
Failure Summarise(const Communicator& communicator, const std::vector<Failure>& failures) {
  // What rank 0 alone does (the run directory) concerns the user, not the rank.
  const auto failed = std::ranges::count_if(
      failures, [](const Failure& failure) { return failure.code != ExitCode::kDone; });
  if (failed == 1 && failures.front().code == ExitCode::kUsage) return failures.front();
  Failure first;
  bool alike = true;
  std::string by_rank;
  for (size_t rank = 0; rank < failures.size(); ++rank) {
    const Failure& failure = failures[rank];
    alike &= failure.message == failures.front().message;
    if (failure.code == ExitCode::kDone) continue;
    if (first.code == ExitCode::kDone) first = failure;
    by_rank += fmt::format("{}{}: {}", by_rank.empty() ? "" : "\n",
                           communicator.Describe(static_cast<int>(rank)), failure.message);
  }
  if (!alike) first.message = by_rank;
  return first;
}

}  // namespace

void RunAgreed(Communicator& communicator, const std::function<void()>& work) {
  const Failure local = Attempt(work);
  double failed = local.code == ExitCode::kDone ? 0 : 1;
  communicator.AllReduceSum({&failed, 1});
  if (failed == 0) return;

  std::vector<Failure> failures;
  for (const auto& bytes : communicator.Gather(Encode(local), 0)) {
    failures.push_back(Decode(bytes));
  }
  Failure verdict = communicator.rank() == 0 ? Summarise(communicator, failures) : Failure{};
  communicator.Broadcast(std::as_writable_bytes(std::span(&verdict.code, 1)), 0);
  throw AgreedError(verdict.code, BroadcastText(communicator, std::move(verdict.message)));
}

}  // namespace seve
