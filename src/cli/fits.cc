#include "cli/fits.h"

#include "base/error.h"
#include "cli/replica.h"
#include "comm/solo/solo_communicator.h"
#include "train/prediction_collector.h"

namespace seve {
namespace {

// Before anything is evaluated.
void CheckIsFit(const std::string& run, const Graph& graph) {
  const LossNode& loss = graph.losses.front();
  const bool scalar = graph.Input().shape.elements() == 1 &&
                      graph.values[static_cast<size_t>(loss.scores)].shape.elements() == 1;
  if (scalar && !loss.loss->IsClassification()) return;
  ThrowUsage(run + ": --fits draws models of one input and one output, which this one is not");
}

PredictionsEvent FitOf(const std::string& run, const std::string& data_root) {
  const Replica replica(run, "latest", data_root);
  CheckIsFit(run, replica.setup().graph);
  const auto communicator = MakeSoloCommunicator();
  Judge judge(replica.setup(), replica.parameters(), *communicator);
  const PredictionCollector collector(replica.setup(), judge, Split::kTrain,
                                      PredictionCollector::ForPictures(replica.setup().graph));
  static_cast<void>(judge.Run(Split::kTrain));
  return collector.Gather(*communicator);
}

}  // namespace

std::vector<NamedFit> FitsOf(const std::vector<std::string>& runs, const std::string& data_root) {
  std::vector<NamedFit> fits;
  for (const auto& run : runs) fits.push_back({run, FitOf(run, data_root)});
  return fits;
}

}  // namespace seve
