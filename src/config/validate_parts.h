// The checks of Validate, one a part of the configuration.
#pragma once

#include <string>
#include <vector>

#include "config/checker.h"

namespace seve {

void ValidateAugment(const config::Data& data, Checker& checker);
void ValidateData(const config::Data& data, Checker& checker);
// The part of ValidateData for the user's own files: `data` holds tensors.
void ValidateTensors(const config::Data& data, Checker& checker);
// The part of ValidateData for cifar10, cifar100, image_folder and synthetic.
void ValidatePictures(const config::Data& data, Checker& checker);
void ValidateModel(const config::Config& config, Checker& checker);
// The part of ValidateModel for how layers are called, put together and read each other.
void ValidateStructure(const config::Config& config, Checker& checker);
// A convolution, transposed or not.
void ValidateConvolution(const config::Layer& layer, const std::string& path, Checker& checker);
// What stands for height and width: at most two numbers, none below `least`.
void ValidateExtent(const google::protobuf::RepeatedField<int32_t>& numbers,
                    const std::string& path, int least, Checker& checker);
// A layer that goes over the rows and columns of pictures: max_pool, average_pool, pad, upsample.
void ValidatePooling(const config::Layer& layer, const std::string& path, Checker& checker);
// A layer of normalisation.
void ValidateNorm(const config::Layer& layer, const std::string& path, Checker& checker);
void ValidateInitializer(const config::Initializer& initializer, const std::string& path,
                         Checker& checker);
void ValidateLosses(const config::Config& config, Checker& checker);
void ValidatePenalties(const config::Config& config, Checker& checker);
void ValidateOptimizer(const config::Optimizer& optimizer, Checker& checker);
void ValidateSchedule(const config::Schedule& schedule, Checker& checker);
void ValidateParameterGroups(const config::Config& config, Checker& checker);

// Metrics and the monitors that follow them.
void ValidateFigures(const config::Config& config, Checker& checker);

// Batch, length, evaluation, checkpoints, device, deadlines, reporting.
void ValidateRun(const config::Config& config, Checker& checker);

// Every number below `message` must be finite.
void ValidateFinite(const google::protobuf::Message& message, Checker& checker);

}  // namespace seve
