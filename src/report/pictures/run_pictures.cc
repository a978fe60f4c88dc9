#include "report/pictures/run_pictures.h"

#include "base/file.h"
#include "report/draw/charts.h"
#include "report/pictures/model_diagram.h"
#include "report/pictures/picture_kinds.h"
#include "report/pictures/prediction_pictures.h"

namespace seve {

void RunPictures::OnStart(const RunSummary& summary) {
  MakeFolders(folder_);
  SaveFigure(*ModelDiagram(summary.layers), picture::kModel.PathIn(folder_));
}

void RunPictures::OnEvaluation(const EvaluationEvent& event) {
  if (event.split == "train" || !event.confusion) return;
  confusion_ = event.confusion;
  split_ = event.split;
}

void RunPictures::OnStatistics(const StatisticsEvent& event) {
  gradients_.Add(event);
  if (!first_statistics_) first_statistics_ = event;
  latest_statistics_ = event;
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
  // A run that was resumed at its end has made no way; an earlier start has drawn it.
  if (event.path_x.size() < 2) return;
  MakeFolders(folder_);
  SaveFigure(*ContourPlot({.title = "Loss over the training samples",
                           .x_label = event.x_name,
                           .y_label = event.y_name,
                           .x = event.x,
                           .y = event.y,
                           .values = event.loss,
                           .path_x = event.path_x,
                           .path_y = event.path_y}),
             picture::kSurface.PathIn(folder_));
}

void RunPictures::OnEnd(const EndEvent&) {
  if (confusion_) SaveConfusion(*confusion_, split_, folder_);
  if (latest_statistics_) DrawStatistics();
}

void RunPictures::DrawStatistics() const {
  MakeFolders(folder_);
  if (const auto charts = gradients_.Draw())
    SaveFigure(*charts, picture::kGradients.PathIn(folder_));
  const StatisticsEvent &first = *first_statistics_, &last = *latest_statistics_;
  if (const auto values = ValueHistograms(first, last)) {
    SavePng(*values, picture::kValueHistograms.PathIn(folder_) + ".png");
  }
  if (const auto gradients = GradientHistograms(first, last)) {
    SavePng(*gradients, picture::kGradientHistograms.PathIn(folder_) + ".png");
  }
}

}  // namespace seve
