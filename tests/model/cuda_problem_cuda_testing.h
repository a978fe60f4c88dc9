// A small problem that trains on GPUs and on the CPU, on ranks that are threads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "model/cuda_executor.h"
#include "model/graph.h"
#include "model/small_data.h"

namespace seve::testing {

struct Training {
  int world = 1;
  int64_t steps = 10;
  bool cuda = true;
  CudaOptions options = {};
  int64_t micro_batches = 0;  // over all ranks; 0: one a rank
  bool reproducible = false;
  bool sync_batch_norm = false;
  int busy = 0;  // so many ranks have samples, one micro-batch each; 0: all
  float clip_norm = 0;
  size_t bucket_bytes = kBucketBytes;
  Wire wire = Wire::kFloat32;
  bool shards = false;
  // Rank 0's or every rank's look at the executor after the last step.
  std::function<void(Communicator&, Executor&, ParameterArena&)> at_end = {};
  // Changes the parameters of a rank before the first step.
  std::function<void(int rank, ParameterArena&)> poison = {};
  int64_t compare_at = -1;  // replicas, in this step
};

struct Trained {
  std::vector<float> parameters;  // rank 0's
  std::vector<StepOutcome> outcomes;
};

// How many ranks can have a GPU of their own here.
int GpusHere();

class CudaProblem {
 public:
  // `more`: of the configuration, besides model and data: an optimizer, penalties.
  explicit CudaProblem(const std::string& more = "", const std::string& layers = kLayers,
                       std::unique_ptr<const Dataset> given = nullptr);  // nullptr: points

  // GPU r is rank r's.
  [[nodiscard]] Trained Train(const Training& training) const;

  static constexpr const char* kLayers =
      "layer { linear { units: 8 activation: RELU } }\nlayer { linear { units: 3 } }";
  static constexpr int64_t kBatch = 16;

  std::unique_ptr<const Dataset> owned;
  const Dataset& data;
  Sampler sampler;
  Configuration configuration;
  Graph graph;
  std::unique_ptr<Optimizer> optimizer;
  ParameterLayout layout;
};

}  // namespace seve::testing
