#include "layers/cuda/cudnn/engines.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace seve {
namespace {

// Engines that want more are often no faster, and the memory is then no one else's.
constexpr size_t kEnoughWorkspace = size_t{512} << 20;

using Notes = std::vector<cudnnBackendNumericalNote_t>;

bool Has(const Notes& notes, cudnnBackendNumericalNote_t note) {
  return std::ranges::find(notes, note) != notes.end();
}

// What an engine does that the spec does not allow; empty where nothing.
std::string WhyNot(const Notes& notes, const CudnnConvolutionSpec& spec) {
  if (Has(notes, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC)) {
    return "its bits differ from run to run";
  }
  if (Has(notes, CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION)) {
    return "it adds up in less than FP32";
  }
  for (const auto note : {CUDNN_NUMERICAL_NOTE_FFT, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6,
                          CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13}) {
    if (Has(notes, note)) return "transforms cost it precision";
  }
  const bool tensor_cores = Has(notes, CUDNN_NUMERICAL_NOTE_TENSOR_CORE) ||
                            Has(notes, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS);
  if (spec.precision == Precision::kFp32 && tensor_cores) return "it rounds what it multiplies";
  return "";
}

std::vector<CudnnDescriptor> Proposals(const CudnnOperationGraph& graph,
                                       cudnnBackendHeurMode_t mode) {
  CudnnDescriptor heuristics(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  heuristics.Set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph.graph());
  heuristics.Set(CUDNN_ATTR_ENGINEHEUR_MODE, mode);
  heuristics.Finalize();
  return heuristics.GetParts(CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
}

// Throws CudnnRefusal where the engine is not allowed, or fails to be made.
CudnnPlan MakePlan(const CudnnDescriptor& proposal, const CudnnConvolutionSpec& spec,
                   cudnnHandle_t handle) {
  CudnnDescriptor engine(CUDNN_BACKEND_ENGINE_DESCRIPTOR);
  proposal.GetPart(CUDNN_ATTR_ENGINECFG_ENGINE, engine);
  const auto index = engine.Get<int64_t>(CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  const auto notes = engine.GetAll<cudnnBackendNumericalNote_t>(CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                                                CUDNN_NUMERICAL_NOTE_TYPE_COUNT);
  if (const std::string why = WhyNot(notes, spec); !why.empty()) {
    throw CudnnRefusal(fmt::format("engine {} is not used: {}", index, why));
  }
  CudnnDescriptor plan(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
  plan.Set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, handle);
  plan.Set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, proposal);
  plan.Finalize();
  const auto bytes =
      static_cast<size_t>(plan.Get<int64_t>(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE));
  const bool tensor_cores = Has(notes, CUDNN_NUMERICAL_NOTE_TENSOR_CORE);
  return {.plan = std::move(plan),
          .workspace_bytes = bytes,
          .engine =
              fmt::format("engine {}{}, workspace {}", index, tensor_cores ? " (tensor cores)" : "",
                          HumanBytes(static_cast<double>(bytes)))};
}

}  // namespace

CudnnPlan ChooseEngine(const CudnnOperationGraph& graph, const CudnnConvolutionSpec& spec,
                       cudnnHandle_t handle) {
  std::optional<CudnnPlan> smallest;
  std::string problem = "it proposes no engine";
  for (const auto mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
    try {
      for (const CudnnDescriptor& proposal : Proposals(graph, mode)) {
        try {
          CudnnPlan plan = MakePlan(proposal, spec, handle);
          if (plan.workspace_bytes <= kEnoughWorkspace) return plan;
          if (!smallest || plan.workspace_bytes < smallest->workspace_bytes) {
            smallest.emplace(std::move(plan));
          }
        } catch (const CudnnRefusal& refusal) {
          problem = refusal.what();
        }
      }
    } catch (const CudnnRefusal& refusal) {
      problem = refusal.what();
    }
  }
  if (!smallest) throw CudnnRefusal(problem);
  return std::move(*smallest);
}

}  // namespace seve
