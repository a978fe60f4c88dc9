// Draws the templates of first layers while they are learned: pictures/weights-<layer>.png, and how
// they came to be, pictures/weights/<layer>-step-000000750.png. Those of a layer of up to 32,768
// weights (10 colour pictures of 32x32) are drawn after every evaluation, those of a larger one at
// the start, at the end and between as long as drawing takes less than a twentieth of the run's
// time. What is drawn at the end does not replace the picture of an evaluation at the same step.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/drawing_budget.h"
#include "report/pictures/weight_templates.h"
#include "report/tensorboard/tensorboard_observer.h"
#include "train/events.h"

namespace seve {

class WeightPictures : public RunObserver {
 public:
  struct Options {
    std::string folder;                          // RUN/pictures
    bool each_evaluation = true;                 // false: at the end alone
    TensorBoardObserver* tensorboard = nullptr;  // is shown them too; outlives this
  };
  // Every event throws Error(kData) when a file cannot be written.
  explicit WeightPictures(Options options) : options_(std::move(options)) {}

  // Tells the names of the classes.
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnModel(const ModelEvent& event) override;

 private:
  void Draw(const TemplateLayer& layer, const ModelEvent& event);

  Options options_;
  DrawingBudget budget_{0.05, 0};
  std::vector<std::string> class_names_;
  std::map<std::string, int64_t> drawn_;  // the latest step, by the layer's name
};

}  // namespace seve
