#include "cli/infer_table.h"

#include <algorithm>
#include <filesystem>

#include "cli/prediction_csv.h"
#include "cli/scores.h"
#include "comm/solo/solo_communicator.h"
#include "data/registry.h"
#include "train/figures.h"
#include "train/judge.h"

namespace seve {
namespace {

// Of other fields the file says nothing.
void CheckReadsInputAlone(const Graph& graph, const std::string& path) {
  for (const Node& node : graph.nodes) {
    for (const int input : node.inputs) {
      const Value& value = graph.values[static_cast<size_t>(input)];
      if (value.producer >= 0 || value.name == "input") continue;
      ThrowUsage(path + ": layer '" + node.name + "' reads '" + value.name +
                 "' besides 'input': name the files of both in data.tensors.test and give none");
    }
  }
}

}  // namespace

bool IsTable(const std::string& path) {
  const auto suffix = std::filesystem::path(path).extension();
  return suffix == ".npy" || suffix == ".safetensors" || suffix == ".csv";
}

std::string InferTable(const Replica& replica, const std::string& path,
                       const std::string& data_root) {
  const Setup& setup = replica.setup();
  config::Data data = setup.configuration.proto.data();
  if (!data.has_tensors()) {
    ThrowUsage(path +
               ": this model was not trained on arrays or tables (data.tensors): give it PNG "
               "pictures, or nothing to predict its test set");
  }
  CheckReadsInputAlone(setup.graph, path);
  const auto& trained = data.tensors().train();
  const auto input = std::ranges::find(trained, "input", &config::FieldFile::name);
  Check(input != trained.end(), "data.tensors without an input");
  config::FieldFile field = *input;
  field.set_file(std::filesystem::absolute(path).string());
  data.mutable_tensors()->clear_test();
  *data.mutable_tensors()->add_test() = field;

  const DataSets sets = OpenData(data, data_root);
  const auto scores = ScoresOf(replica, *sets.test);
  const auto communicator = MakeSoloCommunicator();
  const bool classifies = IsClassification(setup.graph);
  PredictionCsv csv(classifies ? Judge(setup, replica.parameters(), *communicator).ClassNames()
                               : std::vector<std::string>(),
                    scores.front().size(), false);
  for (size_t i = 0; i < scores.size(); ++i) {
    if (classifies) {
      csv.AddClassified(std::to_string(i), scores[i]);
    } else {
      csv.AddRegression(std::to_string(i), scores[i]);
    }
  }
  return csv.text();
}

}  // namespace seve
