// The pictures of a run besides its weights, as files in its folder pictures/ and in its report.
#pragma once

#include <array>
#include <string>

namespace seve {

struct PictureKind {
  const char* stem;  // of the files: "confusion"
  const char* caption;

  [[nodiscard]] std::string PathIn(const std::string& folder) const { return folder + "/" + stem; }
};

namespace picture {

inline constexpr PictureKind kConfusion = {
    "confusion", "How often each class (row) was taken for each (column)"};
inline constexpr PictureKind kWorst = {
    "worst", "Mistakes in which the model gave the true class the least probability"};
inline constexpr PictureKind kBest = {"best", "Right answers of which the model was most certain"};
inline constexpr PictureKind kRandom = {"random", "Samples drawn at random"};
inline constexpr PictureKind kReconstructions = {
    "reconstructions", "Inputs, and below each what the model made of it"};
inline constexpr PictureKind kResponses = {
    "responses", "Samples, and beside each what the filters of the first convolution make of it"};
inline constexpr PictureKind kFit = {"fit", "The data and what the model says between them"};
inline constexpr PictureKind kPredictions = {
    "predictions", "What the model said against what is so; on the diagonal both are equal"};
inline constexpr PictureKind kSurface = {"surface", "The loss around the way that training took"};
inline constexpr PictureKind kGradients = {"gradients", "Gradients of each layer's weights"};
inline constexpr PictureKind kGradientHistograms = {"histograms-gradients",
                                                    "Gradients at the first and at the last look"};
inline constexpr PictureKind kValueHistograms = {"histograms-values",
                                                 "Parameters at the first and at the last look"};
inline constexpr PictureKind kModel = {"model", "The model"};

// In the order in which people want to see them.
inline constexpr std::array kAll = {kConfusion,
                                    kWorst,
                                    kBest,
                                    kRandom,
                                    kReconstructions,
                                    kResponses,
                                    kFit,
                                    kPredictions,
                                    kSurface,
                                    kGradients,
                                    kGradientHistograms,
                                    kValueHistograms,
                                    kModel};

}  // namespace picture
}  // namespace seve
