#include "report/pictures/prediction_pictures.h"

#include "base/file.h"
#include "report/draw/charts.h"
#include "report/pictures/regression_charts.h"
#include "report/pictures/sample_tiles.h"

namespace seve {
namespace {

constexpr int64_t kFewOutputs = 16;  // that a scatter plot can show

void SaveTiles(std::unique_ptr<Figure> figure, const std::string& folder, const char* name) {
  if (figure != nullptr) SavePng(*figure, folder + "/" + name);
}

}  // namespace

void SavePredictions(const PredictionsEvent& predictions, const std::string& folder) {
  MakeFolders(folder);
  const std::string split = " (" + predictions.split + ")";
  if (!predictions.class_names.empty()) {
    SaveTiles(ClassifiedTiles(predictions, predictions.best, "Right and most certain" + split),
              folder, "best.png");
    SaveTiles(ClassifiedTiles(predictions, predictions.worst, "Worst mistakes" + split), folder,
              "worst.png");
    SaveTiles(ClassifiedTiles(predictions, predictions.random, "Drawn at random" + split), folder,
              "random.png");
  } else if (predictions.reconstructs) {
    SaveTiles(ReconstructionTiles(predictions, "Reconstructions" + split), folder,
              "reconstructions.png");
  } else if (IsFit(predictions)) {
    SaveFigure(*FitChart(predictions), folder + "/fit");
  } else if (predictions.output.elements() <= kFewOutputs) {
    SaveFigure(*ScatterChart(predictions), folder + "/predictions");
  }
}

void SaveConfusion(const Confusion& confusion, const std::string& split,
                   const std::string& folder) {
  MakeFolders(folder);
  SaveFigure(*ConfusionMatrix(confusion.class_names, confusion.counts, "Classes (" + split + ")"),
             folder + "/confusion");
}

}  // namespace seve
