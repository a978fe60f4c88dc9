#include "emulator/cudnn_engines.h"

#include <algorithm>

namespace seve::emulator {
namespace {

std::vector<cudnnBackendNumericalNote_t> NotesOf(CudnnEngine engine) {
  switch (engine) {
    case CudnnEngine::kPlain:
      return {CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP};
    case CudnnEngine::kTensorCores:
      return {CUDNN_NUMERICAL_NOTE_TENSOR_CORE};
    case CudnnEngine::kAtomic:
      break;
  }
  return {CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC};
}

// Fewer fusions than cuDNN has, so that both ways to a bias are gone.
bool Runs(CudnnEngine engine, const CudnnConvolution& convolution) {
  if (!convolution.bias) return true;
  return engine == CudnnEngine::kTensorCores && convolution.y.extents[1] % 2 == 0;
}

int64_t WorkspaceOf(CudnnEngine engine, const CudnnConvolution& convolution) {
  const auto partial = static_cast<int64_t>(convolution.filters.elements() * sizeof(float));
  return engine == CudnnEngine::kTensorCores ? partial : 0;
}

std::shared_ptr<const CudnnDescriptor> Proposal(CudnnEngine index,
                                                std::shared_ptr<const CudnnDescriptor> graph) {
  auto engine = std::make_shared<CudnnDescriptor>();
  engine->type = CUDNN_BACKEND_ENGINE_DESCRIPTOR;
  engine->Put(CUDNN_ATTR_ENGINE_GLOBAL_INDEX, CUDNN_TYPE_INT64,
              std::vector{static_cast<int64_t>(index)});
  engine->Put(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE, NotesOf(index));
  engine->PutPart(CUDNN_ATTR_ENGINE_OPERATION_GRAPH, std::move(graph));
  engine->finalized = true;
  auto config = std::make_shared<CudnnDescriptor>();
  config->type = CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
  config->PutPart(CUDNN_ATTR_ENGINECFG_ENGINE, std::move(engine));
  config->finalized = true;
  return config;
}

}  // namespace

cudnnStatus_t FinalizeGraph(CudnnDescriptor& graph) {
  return ReadConvolution(graph) ? CUDNN_STATUS_SUCCESS
                                : Refuse(CUDNN_STATUS_NOT_SUPPORTED, "no convolution of this kind");
}

cudnnStatus_t FinalizeHeuristics(CudnnDescriptor& heuristics) {
  const auto& graph = heuristics.attributes.at(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH).parts.front();
  const auto mode = heuristics.Value1<cudnnBackendHeurMode_t>(CUDNN_ATTR_ENGINEHEUR_MODE);
  CudnnDescriptor::Attribute results = {.type = CUDNN_TYPE_BACKEND_DESCRIPTOR};
  std::vector<CudnnEngine> engines = {CudnnEngine::kPlain};
  if (mode == CUDNN_HEUR_MODE_A) engines = {CudnnEngine::kAtomic, CudnnEngine::kTensorCores};
  for (const auto engine : engines) results.parts.push_back(Proposal(engine, graph));
  results.count = static_cast<int64_t>(results.parts.size());
  heuristics.attributes[CUDNN_ATTR_ENGINEHEUR_RESULTS] = std::move(results);
  return CUDNN_STATUS_SUCCESS;
}

CudnnPlan PlanOf(const CudnnDescriptor& plan) {
  const CudnnDescriptor& engine =
      plan.Part(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG).Part(CUDNN_ATTR_ENGINECFG_ENGINE);
  CudnnPlan read = {
      .engine = static_cast<CudnnEngine>(engine.Value1<int64_t>(CUDNN_ATTR_ENGINE_GLOBAL_INDEX)),
      .convolution = *ReadConvolution(engine.Part(CUDNN_ATTR_ENGINE_OPERATION_GRAPH))};
  read.workspace_bytes = WorkspaceOf(read.engine, read.convolution);
  return read;
}

cudnnStatus_t FinalizePlan(CudnnDescriptor& plan) {
  const CudnnPlan read = PlanOf(plan);
  if (!Runs(read.engine, read.convolution)) {
    return Refuse(CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN, "the engine adds no such bias");
  }
  plan.Put(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64,
           std::vector{read.workspace_bytes});
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace seve::emulator
