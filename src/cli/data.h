// `seve data`: fetch, generate, check and preview data sets.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seve {

// Adds the subcommand with its own: get, make, check, preview. The one that is chosen sets *action
// to a function that runs it and returns the exit code.
void AddDataCommand(CLI::App& app, std::function<int()>* action);

}  // namespace seve
