#include "cli/job_plan.h"

#include <fmt/format.h>

#include "base/text.h"

namespace seve {
namespace {

std::string Line(const std::string& what, const std::string& text) {
  return fmt::format("{:<10} {}\n", what, text);
}

std::string Count(int count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string DescribeShape(const JobShape& shape, const config::Cluster& cluster) {
  return fmt::format("{}: {} x {} {}; {}, {} a rank", cluster.title(), Count(shape.nodes, "node"),
                     shape.gpus_per_node, shape.gpu.empty() ? "GPU" : shape.gpu,
                     Count(shape.ranks(), "rank"), Count(shape.cores_per_rank, "core"));
}

std::string DescribeTime(const JobShape& shape, int64_t notice) {
  const std::string time = HumanSeconds(static_cast<double>(shape.seconds));
  const std::string blocks =
      shape.blocks == 1 ? time
                        : fmt::format("{} jobs of {}, one after the other", shape.blocks, time);
  return fmt::format("{}; a checkpoint is asked for {} s before the end", blocks, notice);
}

std::string DescribeData(const JobData& data) {
  if (data.sets.empty()) return "nothing to copy to the nodes";
  const std::string where = fmt::format("{} below {}", Join(data.sets), data.root);
  if (data.bytes == 0) return where + ", taken for granted";
  return fmt::format("{}, {} to copy to each node", where,
                     HumanBytes(static_cast<double>(data.bytes)));
}

std::string DescribeModel(const ModelInspection& inspection, const JobShape& shape) {
  const std::string needs =
      fmt::format("{} parameters; a rank needs {}", WithThousands(inspection.parameters()),
                  HumanBytes(inspection.Memory().total()));
  if (shape.gpu_memory_gb == 0) {
    return needs + "; how much its GPU has is not in the profile";
  }
  return needs + fmt::format(" of {:g} GB", shape.gpu_memory_gb);
}

}  // namespace

std::string JobPlanText(const JobHeader& header, const JobData& data, const BatchGeometry& batch,
                        const ModelInspection* model, const config::Cluster& cluster) {
  const JobShape& shape = header.shape;
  return Line("job", DescribeShape(shape, cluster)) +
         Line("time", DescribeTime(shape, header.checkpoint_notice)) + Line("run", header.run) +
         Line("data", DescribeData(data)) +
         Line("batch",
              fmt::format("{} samples a step, {} on each rank", WithThousands(batch.batch()),
                          WithThousands(batch.batch() / shape.ranks()))) +
         Line("model", model == nullptr
                           ? "not looked at: its shapes are those of data that are packed or were "
                             "skipped"
                           : DescribeModel(*model, shape));
}

}  // namespace seve
