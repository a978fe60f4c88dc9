#include "cli/fits.h"

#include "base/error.h"
#include "cli/replica.h"
#include "comm/solo/solo_communicator.h"
#include "train/prediction_collector.h"

namespace seve {
namespace {

PredictionsEvent FitOf(const std::string& run, const std::string& data_root) {
  const Replica replica(run, "latest", data_root);
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
  for (const auto& run : runs) {
    fits.push_back({run, FitOf(run, data_root)});
    if (IsFit(fits.back().predictions)) continue;
    ThrowUsage(run + ": --fits draws models of one input and one output, which this one is not");
  }
  return fits;
}

}  // namespace seve
