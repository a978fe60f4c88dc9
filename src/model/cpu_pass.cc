#include "model/cpu_pass.h"

namespace seve {
namespace {

class CpuPass : public Pass {
 public:
  CpuPass(const Graph& graph, const ParameterLayout& parameters, const PlanLayout& layout,
          const ParameterArena& values)
      : memory_(layout.bytes), plan_(graph, parameters, layout, values, nullptr, memory_.data()) {}

  int64_t rows() const override { return plan_.rows(); }
  const Batch& inputs() const override { return plan_.inputs(); }
  LossSums Run(int64_t position) override { return plan_.Forward({.position = position}); }
  const Tensor& scores() const override { return plan_.scores(); }
  const Tensor& target() const override { return plan_.target(); }

 private:
  Buffer memory_;
  Plan plan_;
};

}  // namespace

PassMaker CpuPasses(const Graph& graph, const ParameterLayout& layout,
                    const ParameterArena& parameters) {
  return [&](int64_t rows) {
    const PlanLayout plan = LayOutPlan(graph, layout, rows, PlanMode::kEvaluation);
    return std::make_unique<CpuPass>(graph, layout, plan, parameters);
  };
}

}  // namespace seve
