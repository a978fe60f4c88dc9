#include "config/cluster.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "cluster_testing.h"
#include "config/job_request.h"
#include "config_testing.h"

namespace seve {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::kProfile;
using testing::ProfileWith;
using testing::UsageError;

fs::path Profiles() { return fs::path(__FILE__).parent_path() / "../../cluster"; }

ClusterProfile Load(const std::string& name) {
  return LoadCluster((Profiles() / (name + ".textproto")).string());
}

std::vector<fs::path> ProfileFiles() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(Profiles())) {
    if (entry.path().extension() == ".textproto") files.push_back(entry.path());
  }
  return files;
}

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ClusterProfiles, AllLoadAndAreCalledLikeTheirFiles) {
  const auto files = ProfileFiles();
  EXPECT_GE(files.size(), 5u);
  for (const auto& file : files) {
    EXPECT_EQ(LoadCluster(file.string()).proto.name(), file.stem()) << file;
  }
}

TEST(ClusterProfiles, EachGivesTheSourceOfItsFactsAndSaysHowToUseIt) {
  for (const auto& file : ProfileFiles()) {
    EXPECT_TRUE(LoadCluster(file.string()).proto.has_source()) << file;
    EXPECT_THAT(TextOf(file), HasSubstr("--cluster ")) << file;
  }
}

TEST(ClusterProfiles, WholeNodesOfEachAndPartsOfGpusCanBeAskedFor) {
  for (const auto& file : ProfileFiles()) {
    const auto cluster = LoadCluster(file.string());
    for (const auto& gpu : cluster.proto.gpu()) {
      JobRequest request;
      request.gpus = 2 * gpu.per_node();
      request.gpu = gpu.model();
      const JobShape shape = ShapeJob(request, cluster);
      EXPECT_EQ(shape.nodes, 2) << file;
      EXPECT_EQ(shape.gpus_per_node, gpu.per_node()) << file;
      request.gpus = 1;
      for (const auto& slice : gpu.mig()) {
        request.gpu = slice.name();
        EXPECT_EQ(ShapeJob(request, cluster).cores_per_rank, slice.cores()) << file;
      }
    }
  }
}

TEST(ClusterProfiles, ThoseOfCalculQuebecLoadOneStackOfModules) {
  const auto modules = [](const std::string& name) {
    const auto proto = Load(name).proto;
    return std::vector<std::string>(proto.module().begin(), proto.module().end());
  };
  EXPECT_EQ(modules("narval").front(), "StdEnv/2023");
  EXPECT_EQ(modules("narval"), modules("rorqual"));
  EXPECT_EQ(modules("narval"), modules("tamia"));
}

TEST(ClusterProfiles, TheOneToCopyShowsEveryField) {
  const std::string text = TextOf(Profiles() / "generic.textproto");
  for (const auto* type : {config::Cluster::descriptor(), config::GpuModel::descriptor()}) {
    for (int i = 0; i < type->field_count(); ++i) {
      EXPECT_TRUE(text.find(type->field(i)->name() + ": ") != std::string::npos ||
                  text.find(type->field(i)->name() + " { ") != std::string::npos ||
                  text.find(type->field(i)->name() + " {\n") != std::string::npos)
          << type->field(i)->name();
    }
  }
}

struct Spoilt {
  const char* old_text;
  const char* new_text;
  const char* expected;  // part of the message
};

const Spoilt kSpoilt[] = {
    {"per_node: 4", "per_nod: 4",
     "f:7:3: gpu (message GpuModel) has no field 'per_nod'; did you "
     "mean 'per_node'?"},
    {"title:", "titel:",
     "f:2:1: the cluster's profile has no field 'titel'; did you mean 'title'?"},
    {"per_node: 4", "per_node: four", "f:7:13: 'per_node' wants a whole number"},
    {"name: \"cliff\"\n", "", "f: no 'name' is given; for example: name: \"narval\""},
    {"name: \"cliff\"", "name: \"my cliff\"", "f:1:1: name is 'my cliff'; it must be made of"},
    {"per_node: 4", "per_node: 0", "f:7:3: gpu[0].per_node is 0; it must be above 0"},
    {"  per_node: 4\n", "", "f:4:1: gpu[0] needs 'per_node' and 'cores_per_gpu'"},
    {"cores: 1", "cores: -1", "gpu[0].mig[0].cores is -1; it must be above 0"},
    {"gpu_memory_gb: 5 ", "", "gpu[0].mig[0] needs 'name', 'gpu_memory_gb' and 'cores'"},
    {"a100_1g.5gb", "a100", "two GPUs are called 'a100', the first at f:5:3"},
    {"gpu_memory_gb: 40", "gpu_memory_gb: inf", "gpu[0].gpu_memory_gb must be a finite number"},
    {"1-00:00:00", "a day", "f:12:1: longest_time is 'a day'; it must be a time as Slurm reads it"},
    {"00:05:00", "2-0", "shortest_time is longer than longest_time"},
    {"cuda/12.6", "cuda", "module[1] is 'cuda'; it must be a module with its version"},
    {"cuda/12.6", "cuda/12.6; rm -r x", "it must be a module with its version"},
    {"data_root", "local_disk { gb: 8 most_gb: 4 }\ndata_root",
     "local_disk.most_gb is 4; it must be at least 8"},
    {"cores_per_gpu", "cuda_architecture: \"8.0\" cores_per_gpu",
     "it must be a compute capability without its point"},
};

TEST(ClusterProfile, WhatIsWrongIsSaidWithItsPlaceAndItsRemedy) {
  for (const auto& spoilt : kSpoilt) {
    const std::string text = ProfileWith(spoilt.old_text, spoilt.new_text);
    EXPECT_THAT(UsageError([&] { ParseCluster(text, "f"); }), HasSubstr(spoilt.expected));
  }
}

TEST(ClusterProfile, AllThatIsWrongIsSaidAtOnce) {
  std::string text = ProfileWith("per_node: 4", "per_node: 0");
  text.replace(text.find("cuda/12.6"), 9, "cuda");
  const std::string error = UsageError([&] { ParseCluster(text, "f"); });
  EXPECT_THAT(error, HasSubstr("per_node is 0"));
  EXPECT_THAT(error, HasSubstr("module[1]"));
}

TEST(ClusterProfile, AMissingOneNamesThoseThatAreNear) {
  EXPECT_THAT(UsageError([] { Load("narwal"); }),
              HasSubstr("narwal.textproto: no such file; did you mean 'narval.textproto'"));
}

}  // namespace
}  // namespace seve
