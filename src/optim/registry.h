// From the configuration's messages, as ParseConfiguration lets them pass, to update rules and
// schedules.
#pragma once

#include <memory>

#include "config/optimizer.pb.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"

namespace seve {

std::unique_ptr<Optimizer> MakeOptimizer(const config::Optimizer& optimizer);

// The learning rate the optimizer's message gives (its default where unset).
double BaseLearningRate(const config::Optimizer& optimizer);

std::unique_ptr<Schedule> MakeSchedule(const config::Schedule& schedule);

}  // namespace seve
