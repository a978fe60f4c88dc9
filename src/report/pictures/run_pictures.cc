#include "report/pictures/run_pictures.h"

#include "base/file.h"
#include "report/draw/charts.h"
#include "report/pictures/model_diagram.h"
#include "report/pictures/prediction_pictures.h"
#include "report/pictures/statistics_charts.h"

namespace seve {

void RunPictures::OnStart(const RunSummary& summary) {
  MakeFolders(folder_);
  SaveFigure(*ModelDiagram(summary.layers), folder_ + "/model");
}

void RunPictures::OnEvaluation(const EvaluationEvent& event) {
  if (event.split == "train" || !event.confusion) return;
  confusion_ = event.confusion;
  split_ = event.split;
}

void RunPictures::OnStatistics(const StatisticsEvent& event) {
  if (statistics_.size() > 1) {
    for (auto& parameter : statistics_.back().parameters) {
      parameter.values.histogram = {};
      if (parameter.gradient) parameter.gradient->histogram = {};
    }
  }
  statistics_.push_back(event);
}

void RunPictures::OnPredictions(const PredictionsEvent& event) {
  // Of the parameters that the predictions are of, which may be the best ones gone back to.
  if (event.confusion) {
    confusion_ = event.confusion;
    split_ = event.split;
  }
  SavePredictions(event, folder_);
}

void RunPictures::OnSurface(const SurfaceEvent& event) {
  MakeFolders(folder_);
  SaveFigure(*ContourPlot({.title = "Loss over the training samples",
                           .x_label = event.x_name,
                           .y_label = event.y_name,
                           .x = event.x,
                           .y = event.y,
                           .values = event.loss,
                           .path_x = event.path_x,
                           .path_y = event.path_y}),
             folder_ + "/surface");
}

void RunPictures::OnEnd(const EndEvent&) {
  if (confusion_) SaveConfusion(*confusion_, split_, folder_);
  if (!statistics_.empty()) DrawStatistics();
}

void RunPictures::DrawStatistics() const {
  MakeFolders(folder_);
  if (const auto charts = GradientCharts(statistics_)) SaveFigure(*charts, folder_ + "/gradients");
  const StatisticsEvent &first = statistics_.front(), &last = statistics_.back();
  if (const auto values = ValueHistograms(first, last)) {
    SavePng(*values, folder_ + "/histograms-values.png");
  }
  if (const auto gradients = GradientHistograms(first, last)) {
    SavePng(*gradients, folder_ + "/histograms-gradients.png");
  }
}

}  // namespace seve
