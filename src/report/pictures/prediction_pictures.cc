#include "report/pictures/prediction_pictures.h"

#include "base/file.h"
#include "report/draw/charts.h"
#include "report/pictures/picture_kinds.h"
#include "report/pictures/regression_charts.h"
#include "report/pictures/sample_tiles.h"

namespace seve {
namespace {

constexpr int64_t kFewOutputs = 16;  // that a scatter plot can show

void SaveTiles(std::unique_ptr<Figure> figure, const std::string& folder, const PictureKind& kind) {
  if (figure != nullptr) SavePng(*figure, kind.PathIn(folder) + ".png");
}

}  // namespace

void SavePredictions(const PredictionsEvent& predictions, const std::string& folder) {
  MakeFolders(folder);
  const std::string split = " (" + predictions.split + ")";
  SaveTiles(ResponseTiles(predictions, "Responses" + split), folder, picture::kResponses);
  if (!predictions.class_names.empty()) {
    SaveTiles(ClassifiedTiles(predictions, predictions.best, "Right and most certain" + split),
              folder, picture::kBest);
    SaveTiles(ClassifiedTiles(predictions, predictions.worst, "Worst mistakes" + split), folder,
              picture::kWorst);
    SaveTiles(ClassifiedTiles(predictions, predictions.random, "Drawn at random" + split), folder,
              picture::kRandom);
  } else if (predictions.reconstructs) {
    SaveTiles(ReconstructionTiles(predictions, "Reconstructions" + split), folder,
              picture::kReconstructions);
  } else if (IsFit(predictions)) {
    SaveFigure(*FitChart(predictions), picture::kFit.PathIn(folder));
  } else if (predictions.output.elements() <= kFewOutputs) {
    SaveFigure(*ScatterChart(predictions), picture::kPredictions.PathIn(folder));
  }
}

void SaveConfusion(const Confusion& confusion, const std::string& split,
                   const std::string& folder) {
  MakeFolders(folder);
  SaveFigure(*ConfusionMatrix(confusion.class_names, confusion.counts, "Classes (" + split + ")"),
             picture::kConfusion.PathIn(folder));
}

}  // namespace seve
