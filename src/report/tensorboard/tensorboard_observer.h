// Lets TensorBoard show a run: `tensorboard --logdir runs`.
//
// Scalars: loss/train, accuracy/train (means over the steps since the point before),
// loss/validation and so on with each metric (top_5/validation), loss/train_evaluated where
// training samples are judged too, learning_rate, samples_per_second. Histograms:
// values/hidden.weight, gradients/hidden.weight.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "report/tensorboard/event_file.h"
#include "train/events.h"

namespace seve {

class TensorBoardObserver : public RunObserver {
 public:
  // resumed_at: the checkpoint's step; TensorBoard drops what it was told of later ones. Throws
  // Error(kData), as every event does, when the folder's new file cannot be written.
  TensorBoardObserver(const std::string& folder, std::optional<int64_t> resumed_at);

  void OnStep(const StepEvent& event) override;
  void OnEvaluation(const EvaluationEvent& event) override;
  void OnStatistics(const StatisticsEvent& event) override;

  // A PNG file's bytes, for other observers that draw.
  void AddImage(const std::string& tag, int64_t step, const std::string& png, int64_t height,
                int64_t width);

 private:
  EventFile file_;
};

}  // namespace seve
