// benchmark_gpu: how near copies, update rules, activations, products and convolutions come to what
// a GPU can do.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "benchmarks/device/measurements.h"
#include "tensor/cuda_devices.h"

namespace seve::benchmark {
namespace {

constexpr int kNoGpu = 77;

struct Options {
  Sizes sizes;
  Repeats repeats;
  std::string json;
  bool convolutions = false;
};

void MeasureOthers(const Options& options, const Bench& bench) {
  fmt::print("# arrays of {:.0f} KiB, products of {} x {} matrices, all of random numbers\n",
             static_cast<double>(options.sizes.elements) * sizeof(float) / 1024,
             options.sizes.product, options.sizes.product);
  const double copy_rate = MeasureCopies(bench);
  MeasureOptimizers(bench, copy_rate);
  MeasureActivations(bench, copy_rate);
  MeasureProducts(bench);
}

void Measure(const Options& options, const std::string& gpu) {
  CudaDevice device(0);
  Table table;
  fmt::print("# {}, {}, {}; medians of {} windows of {} calls\n", gpu, CudaVersionText(),
             CudnnVersionText(), options.repeats.windows, options.repeats.calls);
  const Bench bench{
      .device = device, .repeats = options.repeats, .sizes = options.sizes, .table = table};
  if (options.convolutions) {
    fmt::print("# batches of {} pictures of 224 x 224, {} of 32 x 32\n", options.sizes.pictures,
               4 * options.sizes.pictures);
    MeasureConvolutions(bench);
  } else {
    MeasureOthers(options, bench);
  }
  if (!options.json.empty()) WriteFileAtomically(options.json, table.Json(gpu));
}

int Main(int argc, char** argv) {
  CLI::App app("Rates of a GPU's memory and products, and what our kernels reach of them.");
  Options options;
  app.add_option("--json", options.json, "Write the rows there too, as JSON")->type_name("FILE");
  app.add_option("--elements", options.sizes.elements,
                 "FP32 elements of an array, a multiple of 4096; as many bytes in BF16")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--product", options.sizes.product, "Rows and columns of every matrix")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--convolutions", options.convolutions,
               "Measure convolutions, with the engines chosen for them, instead of all the rest");
  app.add_option("--pictures", options.sizes.pictures, "Pictures of 224 x 224 in a batch")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_flag("--small-pictures", options.sizes.small_pictures,
               "Convolve pictures of 32 x 32 alone, four times as many in a batch");
  app.add_option("--windows", options.repeats.windows, "Timed windows, of which the median counts")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--calls", options.repeats.calls, "Calls in a window")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.footer("Exit code: 0 measured, 77 no GPU, others as seve.\n");
  CLI11_PARSE(app, argc, argv);
  if (options.sizes.elements % 4096 != 0) ThrowUsage("--elements must be a multiple of 4096");
  const GpuSurvey survey = SurveyGpus();
  if (survey.gpus.empty()) {
    fmt::print(stderr, "benchmark_gpu: {}\n", survey.problem);
    return kNoGpu;
  }
  if (const auto problem = WhyNotUsable(survey.gpus.front()); !problem.empty()) {
    ThrowUsage(problem);
  }
  Measure(options, survey.gpus.front().name);
  return 0;
}

}  // namespace
}  // namespace seve::benchmark

int main(int argc, char** argv) {
  try {
    return seve::benchmark::Main(argc, argv);
  } catch (const seve::Error& error) {
    fmt::print(stderr, "benchmark_gpu: {}\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "benchmark_gpu: {}\n", error.what());
    return 1;
  }
}
