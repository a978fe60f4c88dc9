#include "cli/forecast_fabric.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr double kBits = 8;  // Gbit/s to GB/s

[[noreturn]] void Lacks(const ClusterProfile& cluster, int gpu, const char* field,
                        const char* meaning) {
  const std::string path = fmt::format("gpu[{}]", gpu);
  ThrowUsage(fmt::format("{}: a forecast needs {} ({}), which is not given here",
                         cluster.source.Where(path), field, meaning));
}

int FindGpu(const ClusterProfile& cluster, const std::string& gpu) {
  std::vector<std::string> models;
  for (int i = 0; i < cluster.proto.gpu_size(); ++i) {
    const std::string& model = cluster.proto.gpu(i).model();
    if (gpu.empty() || model == gpu) return i;
    models.push_back(model);
  }
  ThrowUsage(fmt::format("{}: no GPU '{}'; there are: {}", cluster.path, gpu, Join(models)));
}

}  // namespace

Fabric FabricOf(const ClusterProfile& cluster, const std::string& gpu, bool cuda) {
  const int index = FindGpu(cluster, gpu);
  const config::GpuModel& model = cluster.proto.gpu(index);
  if (!model.has_per_node()) Lacks(cluster, index, "per_node", "GPUs of a node");
  if (!model.has_network_gbps_per_node()) {
    Lacks(cluster, index, "network_gbps_per_node", "of a node to the network, in Gbit/s");
  }
  Fabric fabric;
  fabric.network_gbs = model.network_gbps_per_node() / kBits;
  fabric.nvlink_gbs = model.nvlink_gbps_per_gpu() / kBits;
  fabric.oversubscription = cluster.proto.network().oversubscription();
  if (!cuda) {
    if (!model.has_cores_per_gpu()) Lacks(cluster, index, "cores_per_gpu", "cores of a node");
    fabric.summed_by = SummedBy::kMpiHosts;
    fabric.ranks_per_node = model.per_node() * model.cores_per_gpu();
    return fabric;
  }
  fabric.ranks_per_node = model.per_node();
  if (!model.has_cuda_architecture()) {
    Lacks(cluster, index, "cuda_architecture", "compute capability, as 80");
  }
  fabric.generation = GenerationOf(std::atoi(model.cuda_architecture().c_str()));
  return fabric;
}

}  // namespace seve
