#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "cli/compare.h"
#include "cli/data.h"
#include "cli/devices.h"
#include "cli/eval.h"
#include "cli/export.h"
#include "cli/forecast.h"
#include "cli/infer.h"
#include "cli/inspect.h"
#include "cli/job.h"
#include "cli/report.h"
#include "cli/train.h"
#include "comm/mpi/launcher.h"
#include "comm/nccl_version.h"
#include "layers/cpu/gemm.h"
#include "report/version.h"
#include "tensor/cuda_devices.h"

namespace {

constexpr const char* kDescription =
    "Sève trains neural networks data-parallel: one MPI rank a core or GPU, gradients averaged.\n"
    "New here? Try:\n"
    "  launch/local train configs/digits_mlp.textproto   train on digits drawn by the program\n"
    "  seve inspect configs/digits_mlp.textproto         see the model before training it\n"
    "  seve compare runs/digits_mlp runs/digits_mlp-2    set trained runs beside each other\n"
    "  seve infer runs/digits_mlp digit.png              what the model says of a picture\n"
    "  seve data get mnist --data DIR                    fetch the real digits";

constexpr size_t kColumns = 80;

std::string UsageMessage(const CLI::App*, const CLI::Error& error) {
  std::string text = std::string("error: ") + error.what();
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) {
    text += "\nFields of the configuration are set by path: --set epochs=3";
  }
  return text + "\nSee seve --help, or seve train --help and the like\n";
}

// Breaks the lines of what is said of options, so that a terminal of 80 columns does not cut words.
void WrapDescriptions(CLI::App& app) {
  const auto width = kColumns - app.get_formatter()->get_column_width();
  for (CLI::Option* option : app.get_options()) {
    option->description(seve::Join(seve::WrapWords(option->get_description(), width), "\n"));
  }
  for (CLI::App* command : app.get_subcommands({})) WrapDescriptions(*command);
}

int RunCommand(int argc, char** argv) {
  CLI::App app(kDescription, "seve");
  app.require_subcommand(1);
  app.failure_message(UsageMessage);
  app.set_version_flag("--version", "seve " + seve::Version() + " (" + seve::Commit() + "), " +
                                        seve::CudaVersionText() + ", " + seve::CudnnVersionText() + ", " +
                                        seve::NcclVersionText());
  std::function<int()> action;
  seve::AddTrainCommand(app, &action);
  seve::AddEvalCommand(app, &action);
  seve::AddCompareCommand(app, &action);
  seve::AddInferCommand(app, &action);
  seve::AddExportCommand(app, &action);
  seve::AddReportCommand(app, &action);
  seve::AddInspectCommand(app, &action);
  seve::AddDataCommand(app, &action);
  seve::AddForecastCommand(app, &action);
  seve::AddJobCommand(app, &action);
  seve::AddDevicesCommand(app, &action);
  WrapDescriptions(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (seve::LauncherRank() > 0) return static_cast<int>(seve::ExitCode::kUsage);
    return app.exit(error) == 0 ? 0 : static_cast<int>(seve::ExitCode::kUsage);
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    seve::UseComputeThreads(
        1);  // a rank is one core's work, and its sums do not depend on idle ones
    return RunCommand(argc, argv);
  } catch (const seve::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
