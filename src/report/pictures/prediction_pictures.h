// What a model made of samples, as files: best.png, worst.png and random.png of classified
// pictures, reconstructions.png, fit or predictions of regression, confusion.
#pragma once

#include <string>

#include "train/events.h"

namespace seve {

// Writes those that the predictions are good for into the folder, which is made if missing. Throws
// Error(kData) naming the file.
void SavePredictions(const PredictionsEvent& predictions, const std::string& folder);

// confusion.svg, .pdf and .png. As SavePredictions.
void SaveConfusion(const Confusion& confusion, const std::string& split, const std::string& folder);

}  // namespace seve
