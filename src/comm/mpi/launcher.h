// Does MPI see the ranks that the launcher was asked for?
#pragma once

namespace seve {

// Reads OMPI_COMM_WORLD_SIZE (set by mpirun) or else SLURM_NTASKS (set by srun and sbatch). When it
// is above one and differs from the size of MPI's world, every task would train alone on the same
// run: throws Error(kUsage) saying why and what to do.
void CheckLauncher(int world);

// True when mpirun or srun with a PMI started this process as a rank of a job; then MPI must be
// asked.
bool StartedByLauncher();

// This process's rank as the launcher gave it, known before MPI starts; 0 without a launcher. So
// that a mistake on the command line is said once.
int LauncherRank();

}  // namespace seve
