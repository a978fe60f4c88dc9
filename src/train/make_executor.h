// The executor of a run's device.
#pragma once

#include <memory>

#include "model/arenas.h"
#include "model/executor.h"
#include "train/batch_geometry.h"
#include "train/context.h"
#include "train/setup.h"

namespace seve {

// Collective. All that is referred to must outlive the executor.
std::unique_ptr<Executor> MakeExecutor(const Setup& setup, const BatchGeometry& geometry,
                                       const Context& context, const ParameterArena& parameters);

}  // namespace seve
