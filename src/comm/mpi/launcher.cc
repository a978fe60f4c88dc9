#include "comm/mpi/launcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/error.h"

namespace seve {
namespace {

// The variable's number; 0 when it is unset or no number.
int NumberIn(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return 0;
  const std::string_view view(text);
  int number = 0;
  const auto [end, error] = std::from_chars(view.data(), view.data() + view.size(), number);
  return error == std::errc() && end == view.data() + view.size() ? number : 0;
}

void CheckVariable(const char* variable, int asked, int world, const char* remedy) {
  if (asked <= 1 || asked == world) return;
  ThrowUsage(
      fmt::format("the launcher asked for {} tasks ({}={}) but MPI sees {} rank{}: each would "
                  "train alone on the "
                  "same run. {}",
                  asked, variable, asked, world, world == 1 ? "" : "s", remedy));
}

}  // namespace

void CheckLauncher(int world) {
  // mpirun inside a Slurm job may rightly start fewer ranks than the job has tasks: its word goes
  // first.
  const int mpirun = NumberIn("OMPI_COMM_WORLD_SIZE");
  if (mpirun > 0) {
    CheckVariable("OMPI_COMM_WORLD_SIZE", mpirun, world,
                  "The program and mpirun belong to different MPI libraries: start it with the "
                  "mpirun of the MPI it was built with.");
    return;
  }
  CheckVariable("SLURM_NTASKS", NumberIn("SLURM_NTASKS"), world,
                "Start it with `srun` (not directly in the batch script); if it was, srun and MPI "
                "do not speak the same PMI: try `srun --mpi=pmix`, see `srun --mpi=list`. For one "
                "rank on purpose: `srun --ntasks=1`.");
}

bool StartedByLauncher() {
  constexpr std::array kVariables{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"};
  return std::ranges::any_of(kVariables,
                             [](const char* name) { return std::getenv(name) != nullptr; });
}

int LauncherRank() {
  for (const char* variable : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(variable) != nullptr) return NumberIn(variable);
  }
  return 0;
}

}  // namespace seve
