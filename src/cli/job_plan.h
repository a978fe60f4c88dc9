// What a job is going to do, for the person who submits it.
#pragma once

#include <string>

#include "cli/inspect_model.h"
#include "cli/job_data.h"
#include "cli/job_header.h"
#include "train/batch_geometry.h"

namespace seve {

// A line each about the nodes, the time, the run directory, the data, the batch and the model.
// `model`: null where its shapes cannot be known here.
std::string JobPlanText(const JobHeader& header, const JobData& data, const BatchGeometry& batch,
                        const ModelInspection* model, const config::Cluster& cluster);

}  // namespace seve
