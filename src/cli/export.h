// `seve export`: a trained model's weights for other programs.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seve {

// Adds the subcommand; when it is chosen, *action runs it and returns the exit code.
void AddExportCommand(CLI::App& app, std::function<int()>* action);

}  // namespace seve
