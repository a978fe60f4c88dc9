// `seve job`: checks a training and the job it is for before Slurm sees them.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seve {

// Adds the subcommand; when it is chosen, *action runs it and returns the exit code.
void AddJobCommand(CLI::App& app, std::function<int()>* action);

}  // namespace seve
