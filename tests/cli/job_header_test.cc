#include "cli/job_header.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "config/cluster_testing.h"

namespace seve {
namespace {

config::Cluster Cluster(const std::string& text = testing::kProfile) {
  return ParseCluster(text, "f").proto;
}

JobHeader OneNode() {
  JobHeader header;
  header.shape.gpu = "a100";
  header.shape.gpus_per_node = 2;
  header.shape.cores_per_rank = 12;
  header.shape.memory_mib = 2000;
  header.shape.seconds = 3 * 3600;
  header.name = "mlp";
  header.run = "/scratch/ana/runs/mlp";
  header.checkpoint_notice = 120;
  return header;
}

JobHeader SeveralNodes() {
  JobHeader header = OneNode();
  header.shape.nodes = 3;
  header.shape.gpus_per_node = 4;
  header.shape.memory_mib = 0;
  header.shape.blocks = 5;
  header.checkpoint_notice = 300;
  header.local_disk_gb = 400;
  header.data_root = "/scratch/ana/data sets";
  header.data_sets = {"mnist", "emnist/letters"};
  return header;
}

TEST(JobHeader, OfOneNodeIsWholeAndExact) {
  EXPECT_EQ(HeaderText(OneNode(), Cluster()), R"(#SBATCH --job-name=mlp
#SBATCH --nodes=1
#SBATCH --gpus-per-node=a100:2
#SBATCH --ntasks-per-node=2
#SBATCH --cpus-per-task=12
#SBATCH --mem=2000M
#SBATCH --time=03:00:00
#SBATCH --signal=B:USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/scratch/ana/runs/mlp/slurm/%x-%j.out

readonly modules=(gcc/12.3 cuda/12.6)
readonly account_prefix=def-
readonly run=/scratch/ana/runs/mlp
readonly data_sets=()
readonly data_root=''
readonly checkpoint_notice=120
)");
}

TEST(JobHeader, OfSeveralNodesAndBlocksIsWholeAndExact) {
  EXPECT_EQ(HeaderText(SeveralNodes(), Cluster()), R"(#SBATCH --job-name=mlp
#SBATCH --nodes=3
#SBATCH --gpus-per-node=a100:4
#SBATCH --ntasks-per-node=4
#SBATCH --cpus-per-task=12
#SBATCH --mem=0
#SBATCH --time=03:00:00
#SBATCH --array=1-5%1
#SBATCH --signal=B:USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=/scratch/ana/runs/mlp/slurm/%x-%A_%a.out
#SBATCH --tmp=400G

readonly modules=(gcc/12.3 cuda/12.6)
readonly account_prefix=def-
readonly run=/scratch/ana/runs/mlp
readonly data_sets=(mnist emnist/letters)
readonly data_root='/scratch/ana/data sets'
readonly checkpoint_notice=300
)");
}

TEST(JobHeader, ModelsAndMemoryThatAreNotKnownAreLeftOut) {
  JobHeader header = OneNode();
  header.shape.gpu = "";
  header.shape.memory_mib.reset();
  const std::string text = HeaderText(header, Cluster());
  EXPECT_NE(text.find("#SBATCH --gpus-per-node=2\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("--mem"), std::string::npos) << text;
}

TEST(JobHeader, OlderClustersAreAskedForGres) {
  const auto gres = Cluster(testing::ProfileWith("longest_time", "gpu_option: GRES\nlongest_time"));
  JobHeader header = OneNode();
  EXPECT_NE(HeaderText(header, gres).find("#SBATCH --gres=gpu:a100:2\n"), std::string::npos);
  header.shape.gpu = "";
  EXPECT_NE(HeaderText(header, gres).find("#SBATCH --gres=gpu:2\n"), std::string::npos);
}

TEST(JobHeader, PathsKeepTheirPercentSignsAndBlanks) {
  JobHeader header = OneNode();
  header.run = "/scratch/ana/100% sure";
  const std::string text = HeaderText(header, Cluster());
  EXPECT_NE(text.find("#SBATCH --output=\"/scratch/ana/100%% sure/slurm/%x-%j.out\"\n"),
            std::string::npos)
      << text;
}

TEST(JobHeader, NamesOfJobsArePartsOfFileNames) {
  EXPECT_EQ(JobName("configs/labs/lab4_mlp.textproto"), "lab4_mlp");
  EXPECT_EQ(JobName("my own/a b%.textproto"), "a_b_");
}

// What a shell makes of the words.
std::string Echoed(const std::string& word) {
  FILE* shell = popen(("printf %s " + word).c_str(), "r");
  std::string text;
  std::array<char, 256> part{};
  while (fgets(part.data(), part.size(), shell) != nullptr) text += part.data();
  pclose(shell);
  return text;
}

TEST(BashWord, IsReadBackByAShell) {
  for (const char* text :
       {"", "plain/1.2-3_4", "two words", "it's", "$HOME `id` \"x\" \\ *", "~/x", "a#b", "ünï"}) {
    EXPECT_EQ(Echoed(BashWord(text)), text);
  }
  EXPECT_EQ(BashWord("StdEnv/2023"), "StdEnv/2023");
}

}  // namespace
}  // namespace seve
