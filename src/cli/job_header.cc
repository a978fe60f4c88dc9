#include "cli/job_header.h"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>

#include "base/text.h"
#include "config/slurm_time.h"

namespace seve {
namespace {

constexpr const char* kPlain = "_@%+=:,./-";  // besides letters and digits

bool IsPlain(const std::string& text) {
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view(kPlain).find(c) != std::string_view::npos;
    if (!plain) return false;
  }
  return !text.empty();
}

// '%' is Slurm's own in names of files, and quotes keep a blank in.
std::string OutputPath(const std::string& run, bool array) {
  std::string path;
  for (const char c : run) path += c == '%' ? "%%" : std::string(1, c);
  path += array ? "/slurm/%x-%A_%a.out" : "/slurm/%x-%j.out";
  return IsPlain(path) ? path : "\"" + path + "\"";
}

// "--gpus-per-node=a100:4", "--gres=gpu:1".
std::string GpuRequest(const JobShape& shape, config::GpuOption option) {
  const std::string model = shape.gpu.empty() ? "" : shape.gpu + ":";
  return fmt::format("{}{}{}", option == config::GRES ? "--gres=gpu:" : "--gpus-per-node=", model,
                     shape.gpus_per_node);
}

std::vector<std::string> SlurmOptions(const JobHeader& header, config::GpuOption option) {
  const JobShape& shape = header.shape;
  std::vector<std::string> options = {
      "--job-name=" + header.name,
      fmt::format("--nodes={}", shape.nodes),
      GpuRequest(shape, option),
      fmt::format("--ntasks-per-node={}", shape.gpus_per_node),
      fmt::format("--cpus-per-task={}", shape.cores_per_rank),
  };
  if (shape.memory_mib) {
    options.push_back(*shape.memory_mib == 0 ? "--mem=0"
                                             : fmt::format("--mem={}M", *shape.memory_mib));
  }
  options.push_back("--time=" + SlurmTime(shape.seconds));
  if (shape.blocks > 1) options.push_back(fmt::format("--array=1-{}%1", shape.blocks));
  options.push_back(fmt::format("--signal=B:USR1@{}", header.checkpoint_notice));
  options.emplace_back("--requeue");
  options.emplace_back("--open-mode=append");
  options.push_back("--output=" + OutputPath(header.run, shape.blocks > 1));
  if (header.local_disk_gb > 0) options.push_back(fmt::format("--tmp={}G", header.local_disk_gb));
  return options;
}

std::string BashList(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(BashWord(word));
  return "(" + Join(quoted, " ") + ")";
}

}  // namespace

std::string HeaderText(const JobHeader& header, const config::Cluster& cluster) {
  std::string text;
  for (const auto& option : SlurmOptions(header, cluster.gpu_option())) {
    text += "#SBATCH " + option + "\n";
  }
  text += fmt::format("\nreadonly modules={}\n",
                      BashList({cluster.module().begin(), cluster.module().end()}));
  text += fmt::format("readonly account_prefix={}\n", BashWord(cluster.account_prefix()));
  text += fmt::format("readonly run={}\n", BashWord(header.run));
  text += fmt::format("readonly data_sets={}\n", BashList(header.data_sets));
  text += fmt::format("readonly data_root={}\n", BashWord(header.data_root));
  text += fmt::format("readonly checkpoint_notice={}\n", header.checkpoint_notice);
  return text;
}

std::string JobName(const std::string& config_path) {
  std::string name = std::filesystem::path(config_path).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-' && c != '.')
      c = '_';
  }
  return name;
}

std::string BashWord(const std::string& text) {
  if (IsPlain(text)) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

}  // namespace seve
