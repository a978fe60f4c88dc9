// `seve forecast`: how a training will scale, before it is submitted.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace seve {

// Adds the subcommand; when it is chosen, *action runs it and returns the exit code.
void AddForecastCommand(CLI::App& app, std::function<int()>* action);

}  // namespace seve
