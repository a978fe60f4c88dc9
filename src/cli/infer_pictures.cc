#include "cli/infer_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "base/text.h"
#include "cli/picture_samples.h"
#include "cli/prediction_csv.h"
#include "cli/scores.h"
#include "comm/solo/solo_communicator.h"
#include "data/pictures/registry.h"
#include "report/picture.h"
#include "report/pictures/value_picture.h"
#include "train/figures.h"
#include "train/judge.h"
#include "train/softmax.h"

namespace seve {
namespace {

constexpr size_t kMostValues = 16;  // of regression, in a line

std::vector<Image> ReadFitting(const Replica& replica, const std::vector<std::string>& paths,
                               bool invert) {
  const Shape& shape = replica.setup().graph.Input().shape;
  if (replica.setup().configuration.proto.data().has_tensors()) {
    ThrowUsage(paths.front() +
               ": this model was trained on arrays or tables (data.tensors): give it a .npy, "
               ".safetensors or .csv file of the same kind");
  }
  if (!IsPicture(shape)) {
    ThrowUsage(
        fmt::format("this model reads {}, no pictures: leave {} away to predict its test set",
                    shape.ToString(), paths.front()));
  }
  std::vector<std::string> notes;
  auto pictures =
      ReadPictures(paths, replica.setup().configuration.proto.data(), shape, invert, &notes);
  for (const std::string& note : notes) fmt::print(stderr, "{}\n", note);
  return pictures;
}

}  // namespace

PictureInference::PictureInference(const Replica& replica, std::vector<std::string> paths,
                                   bool invert)
    : paths_(std::move(paths)), pictures_(ReadFitting(replica, paths_, invert)) {
  const Setup& setup = replica.setup();
  const auto communicator = MakeSoloCommunicator();
  if (IsClassification(setup.graph)) {
    class_names_ = Judge(setup, replica.parameters(), *communicator).ClassNames();
  }
  const auto data = PreparePictures(setup.configuration.proto.data(),
                                    ToSamples(pictures_, setup.graph.Input().shape), "pictures");
  scores_ = ScoresOf(replica, *data);
}

std::string PictureInference::Text(size_t top, const Terminal& terminal) const {
  std::vector<Image> grey;
  for (const Image& picture : pictures_) grey.push_back(WithChannels(picture, 1));
  std::vector<Picture> drawn;
  std::string lines;
  for (size_t i = 0; i < paths_.size(); ++i) {
    drawn.push_back({.height = grey[i].height,
                     .width = grey[i].width,
                     .pixels = grey[i].pixels,
                     .caption = std::filesystem::path(paths_[i]).filename().string()});
    lines += paths_[i] + ": " + LineOf(i, top) + "\n";
  }
  return DrawPictures(drawn, StyleFor(terminal), terminal.columns) + "\n" + lines;
}

std::string PictureInference::LineOf(size_t picture, size_t top) const {
  std::vector<std::string> parts;
  if (class_names_.empty()) {
    for (const float value : scores_[picture]) parts.push_back(fmt::format("{:.6g}", value));
    return Join(FirstOf(parts, kMostValues));
  }
  const auto shares = Softmax(scores_[picture]);
  std::vector<size_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](size_t i) { return std::isnan(shares[i]) ? -1.0F : shares[i]; });
  order.resize(std::min(order.size(), top));
  for (const size_t i : order) {
    parts.push_back(fmt::format("{} {}", class_names_[i], Percent(static_cast<double>(shares[i]))));
  }
  return Join(parts);
}

std::string PictureInference::Csv() const {
  PredictionCsv csv(class_names_, scores_.front().size(), false);
  for (size_t i = 0; i < paths_.size(); ++i) {
    if (class_names_.empty()) {
      csv.AddRegression(paths_[i], scores_[i]);
    } else {
      csv.AddClassified(paths_[i], scores_[i]);
    }
  }
  return csv.text();
}

}  // namespace seve
