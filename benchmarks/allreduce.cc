// How long a step waits for the sum of its gradients:
//   mpirun -n N benchmark_allreduce [--json FILE] [FLOATS …]
//
// Every rank rewrites its gradients, sums them over the ranks and updates parameters, as
// training does: repeating a sum of untouched memory would flatter it. A time is the lower decile
// over short windows (other programs only add time) of what a step takes beyond the same loop
// without a sum, for Communicator's windows, for MPI_Allreduce in place, and for the memory: all
// ranks copying as many bytes as a sum within a host must read and write, at once. Prints a table
// as nccl-tests do (algorithm bandwidth: bytes over time; bus bandwidth: times 2 (n - 1) / n), with
// the number of wrong values, and writes an object a line to FILE.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "comm/mpi/mpi_communicator.h"
#include "report/version.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr double kSeconds = 3;  // for a row and what it is set beside, about
constexpr int kWindows = 200, kFewest = 20;

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
  const Stopwatch all;
  for (int window = 0; window < kWindows; ++window) {
    double late = all.Seconds() > kSeconds && window >= kFewest ? 1 : 0;
    comm.AllReduceSum({&late, 1});  // so that all stop alike
    if (late > 0) break;
    comm.Barrier();
    const Stopwatch watch;
    for (int step = 0; step < steps; ++step) {
      Write(gradients, step & 3);
      reduce();
      Update(gradients, parameters.As<float>());
    }
    seconds.push_back(watch.Seconds() / steps);
  }
  const auto decile = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 10);
  std::ranges::nth_element(seconds, decile);
  return *decile;
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

// Seconds of a step beyond the bare loop.
struct Times {
  double ours = 0, mpi = 0, memory = 0;
};

struct Row {
  size_t floats = 0, wrong = 0;
  Times times;
};

Row MeasureSize(Communicator& comm, size_t floats) {
  const auto window = comm.AllocateWindow(floats);
  const Buffer own(floats * sizeof(float)), copy(floats * sizeof(float));
  const std::span<float> shared = window->local(), separate = own.As<float>();
  const auto sum = [&] {
    window->StartSum(0, floats);
    window->FinishSums();
  };
  const auto mpi_sum = [&] {
    MPI_Allreduce(MPI_IN_PLACE, separate.data(), static_cast<int>(floats), MPI_FLOAT, MPI_SUM,
                  MPI_COMM_WORLD);
  };
  const auto copy_all = [&] { std::memcpy(copy.data(), own.data(), own.size()); };
  const int steps = static_cast<int>(std::clamp<size_t>(1'000'000 / floats, 1, 500));
  const double bare_shared = Measure(comm, shared, steps, [] {});
  Row row;
  row.floats = floats;
  row.times.ours = Measure(comm, shared, steps, sum) - bare_shared;
  const double bare_separate = Measure(comm, separate, steps, [] {});
  row.times.mpi = Measure(comm, separate, steps, mpi_sum) - bare_separate;
  row.times.memory = Measure(comm, separate, steps, copy_all) - bare_separate;
  row.wrong = CountWrong(shared, comm.size(), sum) + CountWrong(separate, comm.size(), mpi_sum);
  return row;
}

class Table {
 public:
  Table(const Communicator& comm, const char* json) : ranks_(comm.size()) {
    if (comm.rank() != 0) return;
    if (json != nullptr) json_.reset(std::fopen(json, "w"));
    if (json != nullptr && json_ == nullptr) ThrowData(std::string(json) + " cannot be written");
    std::printf("# seve %s, %d ranks, %s\n", Commit().c_str(), ranks_, comm.Transport().c_str());
    std::printf("#%11s %10s %6s %6s %33s %33s %7s\n", "", "", "", "", "sum of a window",
                "MPI_Allreduce in place", "");
    std::printf("#%11s %10s %6s %6s %9s %7s %7s %7s %9s %7s %7s %7s %7s\n", "size", "count", "type",
                "redop", "time", "algbw", "busbw", "memory", "time", "algbw", "busbw", "of ours",
                "#wrong");
    std::printf("#%11s %10s %6s %6s %9s %7s %7s %7s %9s %7s %7s %7s %7s\n", "(B)", "(elements)", "",
                "", "(us)", "(GB/s)", "(GB/s)", "(%)", "(us)", "(GB/s)", "(GB/s)", "(x)", "");
  }

  void Add(const Row& row) {
    const double bytes = static_cast<double>(row.floats * sizeof(float));
    const double bus = 2.0 * (ranks_ - 1) / ranks_;
    const auto& [ours, mpi, memory] = row.times;
    const double algorithm = bytes / ours * 1e-9, theirs = bytes / mpi * 1e-9;
    std::printf(" %11.0f %10zu %6s %6s %9.1f %7.2f %7.2f %7.0f %9.1f %7.2f %7.2f %7.2f %7zu\n",
                bytes, row.floats, "float", "sum", ours * 1e6, algorithm, algorithm * bus,
                100 * memory / ours, mpi * 1e6, theirs, theirs * bus, mpi / ours, row.wrong);
    if (json_ == nullptr) return;
    std::fprintf(json_.get(),
                 "{\"bytes\": %.0f, \"ranks\": %d, \"seconds\": %.9g, \"mpi_seconds\": %.9g, "
                 "\"memory_seconds\": %.9g, \"wrong\": %zu}\n",
                 bytes, ranks_, ours, mpi, memory, row.wrong);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  int ranks_;
  std::unique_ptr<std::FILE, Close> json_;
};

void Main(std::span<char*> arguments) {
  const char* json = nullptr;
  if (arguments.size() >= 2 && std::string_view(arguments[0]) == "--json") {
    json = arguments[1];
    arguments = arguments.subspan(2);
  }
  const MpiSession session;
  const auto comm = MakeMpiCommunicator(session);
  // A step record, 4 KiB, the linear classifier, 64 KiB, the MLP, 1 MiB, 25 MiB, 256 MiB.
  std::vector<size_t> counts = {16, 1024, 7850, 16384, 159010, 262144, 6553600, 67108864};
  if (!arguments.empty()) counts.clear();
  for (const char* size : arguments) counts.push_back(std::strtoul(size, nullptr, 10));
  Table table(*comm, json);
  for (const size_t floats : counts) {
    const Row row = MeasureSize(*comm, floats);
    if (comm->rank() == 0) table.Add(row);
  }
}

}  // namespace
}  // namespace seve

int main(int argc, char** argv) { seve::Main(std::span(argv, argc).subspan(1)); }
