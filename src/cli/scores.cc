#include "cli/scores.h"

#include "comm/solo/solo_communicator.h"
#include "model/cpu_pass.h"
#include "model/evaluator.h"
#include "train/figures.h"

namespace seve {

std::vector<std::vector<float>> ScoresOf(const Replica& replica, const Dataset& data) {
  const Setup& setup = replica.setup();
  const auto outputs = static_cast<size_t>(ClassesOf(setup.graph));
  const auto communicator = MakeSoloCommunicator();
  std::vector<std::vector<float>> scores;
  Evaluator evaluator(CpuPasses(setup.graph, setup.layout, replica.parameters()), setup.layout,
                      replica.parameters(),
                      setup.configuration.proto.evaluation().batch_size());
  evaluator.Observe([&](int64_t, const Tensor& pass, const Tensor&) {
    const auto values = pass.Flat<float>();
    for (size_t at = 0; at < values.size(); at += outputs) {
      const auto row = values.subspan(at, outputs);
      scores.emplace_back(row.begin(), row.end());
    }
  });
  static_cast<void>(evaluator.Run(
      data, data.size(), [](int64_t position) { return position; }, *communicator, true));
  return scores;
}

}  // namespace seve
