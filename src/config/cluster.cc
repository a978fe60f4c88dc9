#include "config/cluster.h"

#include <fmt/format.h>

#include <map>

#include "config/files.h"
#include "config/parse.h"
#include "config/slurm_time.h"
#include "config/validate_parts.h"

namespace seve {
namespace {

// What jobs are asked for by name, and where it was given first.
using Names = std::map<std::string, std::string>;

// A word of #SBATCH lines and of scripts that nothing has to quote.
bool IsWord(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") == std::string::npos;
}

void ValidateName(const std::string& path, const std::string& name, Names* names,
                  Checker& checker) {
  if (!IsWord(name)) {
    checker.Fail(
        path, fmt::format("{} is '{}'; it must be made of letters, digits and _ . -", path, name));
    return;
  }
  const auto [other, is_new] = names->emplace(name, checker.Where(path));
  if (is_new) return;
  checker.Fail(path, fmt::format("two GPUs are called '{}', the first at {}", name, other->second));
}

void ValidateSlice(const config::MigSlice& slice, const std::string& path, Names* names,
                   Checker& checker) {
  if (!slice.has_name() || !slice.has_gpu_memory_gb() || !slice.has_cores()) {
    checker.Fail(path, path + " needs 'name', 'gpu_memory_gb' and 'cores'");
    return;
  }
  ValidateName(path + ".name", slice.name(), names, checker);
  checker.Above(path + ".gpu_memory_gb", slice.gpu_memory_gb(), 0);
  checker.Above(path + ".cores", slice.cores(), 0);
  if (slice.has_memory_mib()) checker.Above(path + ".memory_mib", slice.memory_mib(), 0);
}

void ValidateGpu(const config::GpuModel& gpu, const std::string& path, Names* names,
                 Checker& checker) {
  if (!gpu.has_per_node() || !gpu.has_cores_per_gpu()) {
    checker.Fail(path, path + " needs 'per_node' and 'cores_per_gpu'");
  }
  if (gpu.has_model()) ValidateName(path + ".model", gpu.model(), names, checker);
  if (gpu.has_gpu_memory_gb()) checker.Above(path + ".gpu_memory_gb", gpu.gpu_memory_gb(), 0);
  if (gpu.has_per_node()) checker.Above(path + ".per_node", gpu.per_node(), 0);
  if (gpu.has_cores_per_gpu()) checker.Above(path + ".cores_per_gpu", gpu.cores_per_gpu(), 0);
  if (gpu.has_memory_mib_per_gpu()) {
    checker.Above(path + ".memory_mib_per_gpu", gpu.memory_mib_per_gpu(), 0);
  }
  if (gpu.has_nvlink_gbps_per_gpu()) {
    checker.Above(path + ".nvlink_gbps_per_gpu", gpu.nvlink_gbps_per_gpu(), 0);
  }
  if (gpu.has_network_gbps_per_node()) {
    checker.Above(path + ".network_gbps_per_node", gpu.network_gbps_per_node(), 0);
  }
  const std::string& architecture = gpu.cuda_architecture();
  if (architecture.find_first_not_of("0123456789") != std::string::npos) {
    checker.Fail(path + ".cuda_architecture",
                 fmt::format("{}.cuda_architecture is '{}'; it must be a compute capability "
                             "without its point, for example \"80\"",
                             path, architecture));
  }
  for (int i = 0; i < gpu.mig_size(); ++i) {
    ValidateSlice(gpu.mig(i), fmt::format("{}.mig[{}]", path, i), names, checker);
  }
}

void ValidateTime(const std::string& path, const std::string& time, Checker& checker) {
  if (SlurmSeconds(time)) return;
  checker.Fail(path, fmt::format("{} is '{}'; it must be a time as Slurm reads it: \"3:00:00\" or "
                                 "\"7-00:00:00\"",
                                 path, time));
}

void ValidateTimes(const config::Cluster& cluster, Checker& checker) {
  if (cluster.has_longest_time()) ValidateTime("longest_time", cluster.longest_time(), checker);
  if (cluster.has_shortest_time()) ValidateTime("shortest_time", cluster.shortest_time(), checker);
  const auto longest = SlurmSeconds(cluster.longest_time());
  const auto shortest = SlurmSeconds(cluster.shortest_time());
  if (longest && shortest && *shortest > *longest) {
    checker.Fail("shortest_time", "shortest_time is longer than longest_time");
  }
}

// "cuda" alone loads another version some day.
void ValidateModules(const config::Cluster& cluster, Checker& checker) {
  for (int i = 0; i < cluster.module_size(); ++i) {
    const std::string& module = cluster.module(i);
    const size_t slash = module.find('/');
    const bool versioned = slash != std::string::npos && IsWord(module.substr(0, slash)) &&
                           IsWord(module.substr(slash + 1));
    if (versioned) continue;
    const std::string path = fmt::format("module[{}]", i);
    checker.Fail(path, fmt::format("{} is '{}'; it must be a module with its version, for example "
                                   "\"cuda/12.6\"",
                                   path, module));
  }
}

void ValidateDisk(const config::LocalDisk& disk, Checker& checker) {
  if (!disk.has_gb()) checker.Fail("local_disk", "local_disk needs 'gb'");
  if (disk.has_gb()) checker.Above("local_disk.gb", disk.gb(), 0);
  if (disk.has_most_gb()) checker.AtLeast("local_disk.most_gb", disk.most_gb(), disk.gb());
}

void ValidateNetwork(const config::Network& network, Checker& checker) {
  checker.AtLeast("network.oversubscription", network.oversubscription(), 1);
}

void RequireParts(const config::Cluster& cluster, Checker& checker) {
  const auto require = [&](bool given, const char* name, const char* example) {
    if (given) return;
    checker.Fail("", std::string("no '") + name + "' is given; for example: " + example);
  };
  require(cluster.has_name(), "name", "name: \"narval\"");
  require(cluster.has_title(), "title", "title: \"Narval (Calcul Québec)\"");
  require(cluster.gpu_size() > 0, "gpu",
          "gpu { model: \"a100\" gpu_memory_gb: 40 per_node: 4 cores_per_gpu: 12 }");
  require(cluster.has_data_root(), "data_root", "data_root: \"$SCRATCH/seve/data\"");
  require(cluster.has_run_root(), "run_root", "run_root: \"$SCRATCH/seve/runs\"");
}

void ValidateCluster(const config::Cluster& cluster, Checker& checker) {
  RequireParts(cluster, checker);
  if (cluster.has_name() && !IsWord(cluster.name())) {
    checker.Fail("name", fmt::format("name is '{}'; it must be made of letters, digits and _ . -",
                                     cluster.name()));
  }
  Names names;
  for (int i = 0; i < cluster.gpu_size(); ++i) {
    ValidateGpu(cluster.gpu(i), fmt::format("gpu[{}]", i), &names, checker);
  }
  ValidateTimes(cluster, checker);
  if (cluster.has_most_jobs()) checker.Above("most_jobs", cluster.most_jobs(), 0);
  ValidateModules(cluster, checker);
  if (cluster.has_local_disk()) ValidateDisk(cluster.local_disk(), checker);
  ValidateNetwork(cluster.network(), checker);
  ValidateFinite(cluster, checker);
}

}  // namespace

ClusterProfile ParseCluster(const std::string& text, const std::string& name) {
  ClusterProfile profile;
  profile.path = name;
  profile.source.SetFile(name);
  Places places;
  ParseText(text, name, &profile.proto, &places);
  for (const auto& [path, where] : places.all()) profile.source.Put(path, where);
  Checker checker(profile.source);
  ValidateCluster(profile.proto, checker);
  checker.Throw();
  return profile;
}

ClusterProfile LoadCluster(const std::string& path) {
  return ParseCluster(ReadConfigurationFile(path, ""), path);
}

}  // namespace seve
