#include "train/consistency.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/philox.h"
#include "train/agreement.h"

namespace seve {
namespace {

constexpr std::array kSubjects{"settings", "training data", "test data", "parameters"};
using Hashes = std::array<uint64_t, kSubjects.size()>;

Hashes HashesOf(const Setup& setup) {
  return {NameHash(ResolvedText(setup.configuration.proto)), setup.data.train->ContentHash(),
          setup.data.test->ContentHash(), setup.layout.Hash()};
}

}  // namespace

void CheckSameEverywhere(Communicator& communicator, const Setup& setup) {
  const Hashes mine = HashesOf(setup);
  const auto all = communicator.Gather(std::as_bytes(std::span(mine)), 0);
  RunAgreed(communicator, [&] {
    std::string differences;
    for (size_t rank = 1; rank < all.size(); ++rank) {
      Hashes theirs;
      std::memcpy(theirs.data(), all[rank].data(), sizeof theirs);
      for (size_t i = 0; i < kSubjects.size(); ++i) {
        if (theirs[i] == mine[i]) continue;
        differences +=
            fmt::format("{}{} has other {} than rank 0", differences.empty() ? "" : "; ",
                        communicator.Describe(static_cast<int>(rank)), kSubjects[i]);
      }
    }
    if (!differences.empty()) {
      ThrowUsage(differences + ": start every rank with the same files");
    }
  });
}

}  // namespace seve
