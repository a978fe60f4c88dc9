// The head of a job script: what Slurm is asked for, and what the body of the script has to know.
#pragma once

#include <string>
#include <vector>

#include "config/cluster.h"
#include "config/job_request.h"

namespace seve {

struct JobHeader {
  JobShape shape;
  std::string name;               // of the job
  std::string run;                // run directory, absolute
  int64_t checkpoint_notice = 0;  // seconds before its end at which a job is told to checkpoint
  int64_t local_disk_gb = 0;      // asked for; 0: what every job gets
  std::string data_root;          // absolute; empty where no data are read
  std::vector<std::string> data_sets;  // below data_root
};

// Lines of #SBATCH, an empty line, and assignments of bash: modules, account_prefix (empty where
// jobs need no account), run, data_sets, data_root, checkpoint_notice.
std::string HeaderText(const JobHeader& header, const config::Cluster& cluster);

// A job's name from a configuration's path: "mnist_mlp". Slurm's %x becomes part of a file name.
std::string JobName(const std::string& config_path);

// A word of bash: quoted where it has to be.
std::string BashWord(const std::string& text);

}  // namespace seve
