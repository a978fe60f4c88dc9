// The observers of a run, ready to be handed to the trainer on rank 0.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <vector>

#include "base/terminal.h"
#include "config/config.pb.h"
#include "report/patient_observer.h"
#include "train/events.h"
#include "train/run_directory.h"

namespace seve {

// Start table, progress and summary, in this order.
std::vector<std::unique_ptr<RunObserver>> ConsoleObservers(std::ostream& out,
                                                           std::function<Terminal()> terminal);
// On standard output.
std::vector<std::unique_ptr<RunObserver>> ConsoleObservers();

// metrics.jsonl, metrics.csv and, unless `reporting` says otherwise, tensorboard/, pictures/,
// curves.* and report.html. resumed_at: step of the checkpoint a resumed run goes on from; lines
// after it are cut. Throws Error(kData) when metrics or tensorboard/ cannot be opened; what cannot
// be written later is told to `warn`, once for each of them.
std::vector<std::unique_ptr<RunObserver>> FileObservers(const RunDirectory& directory,
                                                        const config::Reporting& reporting,
                                                        std::optional<int64_t> resumed_at,
                                                        const Warn& warn);

}  // namespace seve
