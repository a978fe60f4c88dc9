#include "train/consistency.h"

#include <fmt/format.h>

#include <cstring>
#include <span>

#include "base/file.h"
#include "base/philox.h"
#include "comm/agreement.h"
#include "model/gradient_reducer.h"

namespace seve {
namespace {

struct Subject {
  const char* name;
  uint64_t hash;
};

void CheckSame(Communicator& communicator, std::span<const Subject> subjects, const char* remedy) {
  std::vector<uint64_t> mine;
  for (const auto& subject : subjects) mine.push_back(subject.hash);
  const auto all = communicator.Gather(std::as_bytes(std::span(mine)), 0);
  RunAgreed(communicator, [&] {
    std::string differences;
    for (size_t rank = 1; rank < all.size(); ++rank) {
      std::vector<uint64_t> theirs(mine.size());
      std::memcpy(theirs.data(), all[rank].data(), all[rank].size());
      for (size_t i = 0; i < subjects.size(); ++i) {
        if (theirs[i] == mine[i]) continue;
        differences +=
            fmt::format("{}{} has another {} than rank 0", differences.empty() ? "" : "; ",
                        communicator.Describe(static_cast<int>(rank)), subjects[i].name);
      }
    }
    if (!differences.empty()) ThrowUsage(differences + ": " + remedy);
  });
}

uint64_t HashOfPlan(const Setup& setup, const BatchGeometry& geometry) {
  std::string text = fmt::format("{} {} {} {}\n", HashOfModel(setup), geometry.batch(),
                                 geometry.micro_batches(), geometry.steps_per_epoch());
  for (const auto& bucket : CutBuckets(setup.layout, BucketBytes(setup.configuration.proto))) {
    text += fmt::format("{} {} {}\n", bucket.begin, bucket.end, bucket.last_node);
  }
  return NameHash(text);
}

}  // namespace

void CheckSameProgram(Communicator& communicator) {
  if (communicator.size() == 1) return;
  const Subject program{"program file", NameHash(Xxh3HexOfFile("/proc/self/exe"))};
  CheckSame(communicator, {&program, 1}, "start every rank with the same binary");
}

void CheckSameEverywhere(Communicator& communicator, const Setup& setup,
                         const BatchGeometry& geometry) {
  const Subject subjects[] = {
      {"configuration", NameHash(ResolvedText(setup.configuration.proto))},
      {"training set", setup.data.train->ContentHash()},
      {"test set", setup.data.test->ContentHash()},
      {"plan", HashOfPlan(setup, geometry)},
  };
  CheckSame(communicator, subjects, "start every rank with the same files");
}

void CheckRankTree(const Communicator& communicator, const Configuration& configuration) {
  if (!configuration.proto.reproducible() || communicator.SumsInRankTree()) return;
  throw AgreedError(
      ExitCode::kUsage,
      configuration.source.Where("reproducible") +
          ": every host must have the same power of two of consecutive ranks: place them so "
          "(mpirun "
          "--map-by ppr:N:node, srun --ntasks-per-node=N --distribution=block) or set "
          "reproducible: false");
}

}  // namespace seve
