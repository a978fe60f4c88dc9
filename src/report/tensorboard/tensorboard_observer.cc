#include "report/tensorboard/tensorboard_observer.h"

namespace seve {
namespace {

using tensorboard::Summary;

void AddScalar(const std::string& tag, const std::optional<double>& value, Summary* summary) {
  if (!value) return;
  auto* scalar = summary->add_value();
  scalar->set_tag(tag);
  scalar->set_simple_value(static_cast<float>(*value));
}

tensorboard::Histogram ToHistogram(const TensorStatistics& tensor) {
  const auto count = static_cast<double>(tensor.count);
  tensorboard::Histogram histogram;
  histogram.set_min(tensor.minimum);
  histogram.set_max(tensor.maximum);
  histogram.set_num(count);
  histogram.set_sum(count * tensor.mean);
  histogram.set_sum_squares(count *
                            (tensor.deviation * tensor.deviation + tensor.mean * tensor.mean));
  const size_t bins = tensor.histogram.size();
  const double width = (tensor.maximum - tensor.minimum) / static_cast<double>(bins);
  for (size_t bin = 0; bin < bins; ++bin) {
    histogram.add_bucket_limit(tensor.minimum + width * static_cast<double>(bin + 1));
    histogram.add_bucket(static_cast<double>(tensor.histogram[bin]));
  }
  return histogram;
}

void AddHistogram(const std::string& tag, const TensorStatistics& tensor, Summary* summary) {
  auto* value = summary->add_value();
  value->set_tag(tag);
  *value->mutable_histogram() = ToHistogram(tensor);
}

}  // namespace

TensorBoardObserver::TensorBoardObserver(const std::string& folder,
                                         std::optional<int64_t> resumed_at)
    : file_(folder) {
  if (resumed_at) file_.WriteRestart(*resumed_at + 1);
}

void TensorBoardObserver::OnStep(const StepEvent& event) {
  if (!event.log) return;
  Summary summary;
  AddScalar("loss/train", event.loss, &summary);
  AddScalar("accuracy/train", event.accuracy, &summary);
  AddScalar("learning_rate", event.learning_rate, &summary);
  AddScalar("samples_per_second", event.samples_per_second, &summary);
  file_.Write(event.step, summary);
}

void TensorBoardObserver::OnEvaluation(const EvaluationEvent& event) {
  // Of the training samples "train" is the running mean.
  const std::string split = "/" + (event.split == "train" ? "train_evaluated" : event.split);
  Summary summary;
  AddScalar("loss" + split, event.loss, &summary);
  AddScalar("accuracy" + split, event.accuracy, &summary);
  for (const Metric& metric : event.metrics) AddScalar(metric.name + split, metric.value, &summary);
  file_.Write(event.step, summary);
}

void TensorBoardObserver::OnStatistics(const StatisticsEvent& event) {
  Summary summary;
  for (const ParameterStatistics& parameter : event.parameters) {
    const std::string name = "/" + parameter.layer + "." + parameter.parameter;
    AddHistogram("values" + name, parameter.values, &summary);
    if (parameter.gradient) AddHistogram("gradients" + name, *parameter.gradient, &summary);
  }
  file_.Write(event.step, summary);
}

void TensorBoardObserver::AddImage(const std::string& tag, int64_t step, const std::string& png,
                                   int64_t height, int64_t width) {
  Summary summary;
  auto* value = summary.add_value();
  value->set_tag(tag);
  tensorboard::Image* image = value->mutable_image();
  image->set_height(static_cast<int32_t>(height));
  image->set_width(static_cast<int32_t>(width));
  image->set_channels(3);
  image->set_encoded(png);
  file_.Write(step, summary);
}

}  // namespace seve
