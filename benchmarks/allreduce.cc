// How long a step waits for the sum of its gradients: `mpirun -n N benchmark_allreduce [FLOATS …]`.
//
// Every rank rewrites its gradients, sums them over the ranks and updates parameters, as
// training does: repeating a sum of untouched memory would flatter it. Prints, per size, the lower
// decile over short windows (other programs only add time) of what a step takes beyond the same
// loop without a sum, for Communicator's windows and for MPI_Allreduce in place, and the number of
// wrong values.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "comm/mpi/mpi_communicator.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr int kWindows = 200;

void Write(std::span<float> gradients, int value) {
  const float term = static_cast<float>(value);
  for (size_t i = 0; i < gradients.size(); ++i) gradients[i] = term + static_cast<float>(i & 7);
}

// Reads the sums as an optimizer does.
void Update(std::span<const float> gradients, std::span<float> parameters) {
#pragma GCC ivdep
  for (size_t i = 0; i < gradients.size(); ++i) parameters[i] -= 1e-3f * gradients[i];
}

// Lower decile of the seconds a step over windows of `steps` steps.
double Measure(Communicator& comm, std::span<float> gradients, int steps,
               const std::function<void()>& reduce) {
  std::vector<double> seconds;
  const Buffer parameters(gradients.size_bytes());
  for (int window = 0; window < kWindows; ++window) {
    comm.Barrier();
    const Stopwatch watch;
    for (int step = 0; step < steps; ++step) {
      Write(gradients, step & 3);
      reduce();
      Update(gradients, parameters.As<float>());
    }
    seconds.push_back(watch.Seconds() / steps);
  }
  std::ranges::nth_element(seconds, seconds.begin() + kWindows / 10);
  return seconds[kWindows / 10];
}

size_t CountWrong(std::span<float> gradients, int ranks, const std::function<void()>& reduce) {
  Write(gradients, 3);
  reduce();
  size_t wrong = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    wrong += gradients[i] != static_cast<float>(ranks) * (3 + static_cast<float>(i & 7));
  }
  return wrong;
}

void MeasureSize(Communicator& comm, size_t floats) {
  const auto window = comm.AllocateWindow(floats);
  const Buffer own(floats * sizeof(float));
  const std::span<float> shared = window->local(), separate = own.As<float>();
  const auto sum = [&] {
    window->StartSum(0, floats);
    window->FinishSums();
  };
  const auto mpi_sum = [&] {
    MPI_Allreduce(MPI_IN_PLACE, separate.data(), static_cast<int>(floats), MPI_FLOAT, MPI_SUM,
                  MPI_COMM_WORLD);
  };
  const int steps = static_cast<int>(std::clamp<size_t>(1'000'000 / floats, 1, 500));
  const double bare_shared = Measure(comm, shared, steps, [] {});
  const double ours = Measure(comm, shared, steps, sum) - bare_shared;
  const double bare_separate = Measure(comm, separate, steps, [] {});
  const double mpi = Measure(comm, separate, steps, mpi_sum) - bare_separate;
  const size_t wrong =
      CountWrong(shared, comm.size(), sum) + CountWrong(separate, comm.size(), mpi_sum);
  if (comm.rank() != 0) return;
  const double bytes = static_cast<double>(floats * sizeof(float));
  std::printf("%12.0f %12.1f %12.1f %12.2f %12.1f %12.2f %8zu\n", bytes, bare_shared * 1e6,
              ours * 1e6, bytes / ours * 1e-9, mpi * 1e6, bytes / mpi * 1e-9, wrong);
}

void Main(std::span<char*> sizes) {
  const MpiSession session;
  const auto comm = MakeMpiCommunicator(session);
  if (comm->rank() == 0) {
    std::printf("# %d ranks, %s\n", comm->size(), comm->Transport().c_str());
    std::printf("#%11s %12s %12s %12s %12s %12s %8s\n", "size", "bare step", "window", "window",
                "allreduce", "allreduce", "wrong");
    std::printf("#%11s %12s %12s %12s %12s %12s %8s\n", "bytes", "us", "us more", "GB/s", "us more",
                "GB/s", "values");
  }
  // A step record, the linear classifier, 64 KiB, the MLP, 1 MiB, 25 MiB.
  std::vector<size_t> counts = {16, 7850, 16384, 159010, 262144, 6553600};
  if (!sizes.empty()) counts.clear();
  for (const char* size : sizes) counts.push_back(std::strtoul(size, nullptr, 10));
  for (const size_t floats : counts) MeasureSize(*comm, floats);
}

}  // namespace
}  // namespace seve

int main(int argc, char** argv) { seve::Main(std::span(argv, argc).subspan(1)); }
