// `seve train` with a fault in its seams: SEVE_FAULT says which (faults/fault.h). Everything else
// is the program's own.
#include <cstdio>

#include "base/error.h"
#include "cli/devices.h"
#include "cli/train.h"
#include "faults/faulty_communicator.h"
#include "layers/cpu/gemm.h"

int main(int argc, char** argv) {
  try {
    seve::UseComputeThreads(1);
    const seve::faults::Fault fault = seve::faults::FaultFromEnvironment();
    CLI::App app("seve with a fault", "faulty_seve");
    app.require_subcommand(1);
    std::function<int()> action;
    seve::AddTrainCommand(
        app, &action,
        {.files = seve::faults::FaultyFileCalls(fault), .wrap = [&](seve::Communicator& real) {
           return seve::faults::MakeFaultyCommunicator(real, fault);
         }});
    seve::AddDevicesCommand(app, &action);  // launch/local asks for them
    CLI11_PARSE(app, argc, argv);
    return action();
  } catch (const seve::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
