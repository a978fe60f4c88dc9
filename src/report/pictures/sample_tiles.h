// Samples that are pictures, with what a model made of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/draw/figure.h"
#include "train/events.h"

namespace seve {

// Each sample with its class, the one that was said and its probability, mistakes emphasised. Null
// where there are none, or the input is no picture.
std::unique_ptr<Figure> ClassifiedTiles(const PredictionsEvent& predictions,
                                        const std::vector<Prediction>& samples,
                                        const std::string& title);

// Rows of inputs, the outputs below. Null as above.
std::unique_ptr<Figure> ReconstructionTiles(const PredictionsEvent& predictions,
                                            const std::string& title);

// Rows of a sample and what the channels of a convolution give for it, the first 15 of them. Null as above.
std::unique_ptr<Figure> ResponseTiles(const PredictionsEvent& predictions,
                                      const std::string& title);

}  // namespace seve
