#include "config/job_request.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "config/checker.h"
#include "config/sbatch_option.h"
#include "config/slurm_time.h"

namespace seve {
namespace {

// The GPU of a request: a model of the profile, or one of its slices.
struct ChosenGpu {
  const config::GpuModel* model = nullptr;
  const config::MigSlice* slice = nullptr;
  std::string path;        // of the model
  std::string slice_path;  // empty for whole GPUs

  [[nodiscard]] std::string name() const {
    return slice != nullptr ? slice->name() : model->model();
  }
};

std::vector<ChosenGpu> AllGpus(const config::Cluster& cluster) {
  std::vector<ChosenGpu> all;
  for (int i = 0; i < cluster.gpu_size(); ++i) {
    const auto& model = cluster.gpu(i);
    const std::string path = fmt::format("gpu[{}]", i);
    all.push_back({&model, nullptr, path, ""});
    for (int j = 0; j < model.mig_size(); ++j) {
      all.push_back({&model, &model.mig(j), path, fmt::format("{}.mig[{}]", path, j)});
    }
  }
  return all;
}

// "a100 GPU", or "GPU" where requests name no model.
std::string Noun(const config::GpuModel& gpu) {
  return gpu.has_model() ? gpu.model() + " GPU" : "GPU";
}

std::string Count(int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Checks a request part by part; what is refused goes to the checker with the rule's source.
class RequestCheck {
 public:
  RequestCheck(const JobRequest& request, const ClusterProfile& cluster)
      : request_(request), cluster_(cluster.proto), source_(cluster.source), checker_(source_) {}

  JobShape Shape() {
    JobShape shape;
    Time(&shape);
    const ChosenGpu gpu = Gpu();
    Nodes(gpu, &shape);
    checker_.Throw();
    Resources(gpu, &shape);
    for (const auto& text : request_.sbatch) Option(text, gpu, shape);
    checker_.Throw();
    return shape;
  }

 private:
  void Refuse(const std::string& path, const std::string& text) {
    checker_.Fail(path,
                  cluster_.has_source() ? text + " (source: " + cluster_.source() + ")" : text);
  }

  void Time(JobShape* shape) {
    const auto seconds = SlurmSeconds(request_.time);
    if (!seconds) {
      Refuse("longest_time",
             fmt::format("--time {} is no time; write hours:minutes:seconds, as 3:00:00, or "
                         "days-hours, as 1-12",
                         request_.time));
      return;
    }
    shape->seconds = *seconds;
    shape->blocks = request_.blocks;
    const auto longest = SlurmSeconds(cluster_.longest_time());
    const auto shortest = SlurmSeconds(cluster_.shortest_time());
    if (longest && *seconds > *longest) {
      Refuse("longest_time",
             fmt::format("--time {} is longer than the {} that a job may take on {}; a longer "
                         "training goes on in further jobs: --time {} --blocks {}",
                         SlurmTime(*seconds), SlurmTime(*longest), cluster_.name(),
                         SlurmTime(*longest), (*seconds + *longest - 1) / *longest));
    }
    if (shortest && *seconds < *shortest) {
      Refuse("shortest_time",
             fmt::format("--time {} is {}, shorter than the {} that a job must ask for on {}",
                         request_.time, HumanSeconds(static_cast<double>(*seconds)),
                         SlurmTime(*shortest), cluster_.name()));
    }
    if (cluster_.has_most_jobs() && request_.blocks > cluster_.most_jobs()) {
      Refuse("most_jobs", fmt::format("--blocks {} is more than the {} jobs that a user may have "
                                      "waiting and running on {}",
                                      request_.blocks, cluster_.most_jobs(), cluster_.name()));
    }
  }

  // Throws when there is none such: nothing else can be checked then.
  ChosenGpu Gpu() {
    const auto all = AllGpus(cluster_);
    if (request_.gpu.empty()) return all.front();
    std::vector<std::string> names;
    for (const auto& gpu : all) {
      if (gpu.slice == nullptr && !gpu.model->has_model()) continue;
      if (gpu.name() == request_.gpu) return gpu;
      names.push_back(gpu.name());
    }
    std::string text =
        fmt::format("--gpu {}: {} has {}", request_.gpu, cluster_.name(), Join(names));
    if (!cluster_.gpu(0).has_model()) text += "; leave --gpu out for a whole GPU";
    if (!NearestNames(request_.gpu, names).empty()) text += "; " + Suggest(request_.gpu, names);
    Refuse("gpu", text);
    checker_.Throw();
    return {};
  }

  void Nodes(const ChosenGpu& gpu, JobShape* shape) {
    if (gpu.slice != nullptr) return Slice(gpu, shape);
    const int per_node = gpu.model->per_node();
    const int fewest = (request_.gpus + per_node - 1) / per_node;
    const int nodes = request_.nodes.value_or(fewest);
    shape->nodes = nodes;
    shape->gpus_per_node = request_.gpus / nodes;
    if (cluster_.whole_nodes() && request_.gpus != nodes * per_node) {
      return Refuse("whole_nodes",
                    fmt::format("{} gives whole nodes only, of {} each: --gpus must be {} for {}, "
                                "not {}",
                                cluster_.name(), Count(per_node, Noun(*gpu.model)),
                                nodes * per_node, Count(nodes, "node"), request_.gpus));
    }
    if (nodes < fewest) {
      return Refuse(gpu.path + ".per_node",
                    fmt::format("--gpus {} --nodes {} is more than the {} that a node of {} has; "
                                "--nodes {} or more would do",
                                request_.gpus, nodes, Count(per_node, Noun(*gpu.model)),
                                cluster_.name(), fewest));
    }
    if (request_.gpus % nodes == 0) return;
    const int below = request_.gpus / nodes * nodes;
    std::string remedy = below > 0 ? fmt::format("--gpus {}", below) : "";
    if (below + nodes <= nodes * per_node) {
      remedy += fmt::format("{}--gpus {}", remedy.empty() ? "" : " or ", below + nodes);
    }
    Refuse(gpu.path + ".per_node",
           fmt::format("{} GPUs cannot be spread equally over {}{}: ask for {}", request_.gpus,
                       Count(nodes, "node"),
                       request_.nodes ? "" : fmt::format(" (a node has {})", per_node), remedy));
  }

  void Slice(const ChosenGpu& gpu, JobShape* shape) {
    shape->nodes = shape->gpus_per_node = 1;
    if (request_.gpus == 1 && request_.nodes.value_or(1) == 1) return;
    const std::string whole =
        gpu.model->has_model() ? fmt::format("--gpu {}", gpu.model->model()) : "no --gpu";
    Refuse(
        gpu.slice_path,
        fmt::format("{} is a part of a GPU (MIG): one rank at most, as NCCL does not run between "
                    "such parts; --gpus 1 without --nodes, or whole GPUs with {}",
                    gpu.name(), whole));
  }

  void Resources(const ChosenGpu& gpu, JobShape* shape) const {
    if (gpu.slice != nullptr) {
      shape->gpu = gpu.slice->name();
      shape->gpu_memory_gb = gpu.slice->gpu_memory_gb();
      shape->gpu_place = source_.Where(gpu.slice_path + ".gpu_memory_gb");
      shape->cores_per_rank = gpu.slice->cores();
      if (gpu.slice->has_memory_mib()) shape->memory_mib = gpu.slice->memory_mib();
      return;
    }
    shape->gpu = gpu.model->model();
    shape->gpu_memory_gb = gpu.model->gpu_memory_gb();
    shape->gpu_place = source_.Where(gpu.path + ".gpu_memory_gb");
    shape->cores_per_rank = gpu.model->cores_per_gpu();
    if (cluster_.whole_nodes() ||
        (shape->gpus_per_node == gpu.model->per_node() && gpu.model->per_node() > 1)) {
      shape->memory_mib = 0;
    } else if (gpu.model->has_memory_mib_per_gpu()) {
      shape->memory_mib = int64_t{gpu.model->memory_mib_per_gpu()} * shape->gpus_per_node;
    }
  }

  void Option(const std::string& text, const ChosenGpu& gpu, const JobShape& shape) {
    const SbatchOption option = ReadSbatchOption(text);
    if (const auto instead = InsteadOf(option)) {
      checker_.Fail("", fmt::format("--sbatch={} would change the job behind our back: use {}",
                                    text, *instead));
    }
    if (option.name == "--cpus-per-task") Cores(text, option.value, gpu, shape);
    if (option.name == "--mem") Memory(text, option.value, gpu, shape);
  }

  void Cores(const std::string& text, const std::string& value, const ChosenGpu& gpu,
             const JobShape& shape) {
    const auto cores = SlurmCount(value);
    if (!cores || *cores == 0) {
      return checker_.Fail("", fmt::format("--sbatch={}: cores are a whole number", text));
    }
    if (*cores <= shape.cores_per_rank) return;
    const bool slice = gpu.slice != nullptr;
    Refuse(slice ? gpu.slice_path + ".cores" : gpu.path + ".cores_per_gpu",
           fmt::format("--sbatch={} is more than the {} for each {} on {}", text,
                       Count(shape.cores_per_rank, "core"), slice ? gpu.name() : Noun(*gpu.model),
                       cluster_.name()));
  }

  void Memory(const std::string& text, const std::string& value, const ChosenGpu& gpu,
              const JobShape& shape) {
    const auto memory = SlurmMebibytes(value);
    if (!memory) {
      return checker_.Fail("", fmt::format("--sbatch={}: memory is written as 8192M or 8G", text));
    }
    // A job of whole nodes may have all there is.
    if (!shape.memory_mib || *shape.memory_mib == 0) return;
    if (*memory > 0 && *memory <= *shape.memory_mib) return;
    const bool slice = gpu.slice != nullptr;
    Refuse(slice ? gpu.slice_path + ".memory_mib" : gpu.path + ".memory_mib_per_gpu",
           fmt::format("--sbatch={} is more than the {}M that go with {} of a node on {}", text,
                       *shape.memory_mib,
                       Count(shape.gpus_per_node, slice ? gpu.name() : Noun(*gpu.model)),
                       cluster_.name()));
  }

  const JobRequest& request_;
  const config::Cluster& cluster_;
  const SourceMap& source_;
  Checker checker_;
};

}  // namespace

JobShape ShapeJob(const JobRequest& request, const ClusterProfile& cluster) {
  return RequestCheck(request, cluster).Shape();
}

}  // namespace seve
