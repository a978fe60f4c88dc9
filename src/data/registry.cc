#include "data/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "data/augment/registry.h"
#include "data/cifar/registry.h"
#include "data/image_dataset.h"
#include "data/image_folder/registry.h"
#include "data/pictures/registry.h"
#include "data/tensors/registry.h"
#include "data/toys/registry.h"

namespace seve {
namespace {

DataSets OpenSource(const config::Data& data, const std::string& root) {
  switch (data.source_case()) {
    case config::Data::kMnist:
    case config::Data::kIdx:
    case config::Data::kDigits:
    case config::Data::kCifar10:
    case config::Data::kCifar100:
    case config::Data::kSynthetic:
      return OpenPictures(data, root);
    case config::Data::kImageFolder:
      return OpenConfiguredFolder(data, root);
    case config::Data::kTensors:
      return OpenConfiguredTensors(data, root);
    case config::Data::kSpirals:
      return OpenSpirals(data.spirals());
    case config::Data::kPoints:
      return OpenPoints(data.points());
    case config::Data::kCurve:
      return OpenCurve(data.curve());
    case config::Data::SOURCE_NOT_SET:
      break;
  }
  Check(false, "data names no source or one that is missing from the registry");
  return {};
}

void CheckSplit(double fraction, int64_t samples) {
  if (samples > std::numeric_limits<int32_t>::max()) {
    ThrowData(fmt::format("the data hold {} samples; up to {} can be put in order",
                          WithThousands(samples),
                          WithThousands(std::numeric_limits<int32_t>::max())));
  }
  if (std::llround(fraction * static_cast<double>(samples)) < samples) return;
  ThrowUsage(
      fmt::format("data.validation_fraction is {}, which leaves none of {} samples to train on",
                  fraction, samples));
}

}  // namespace

DataSets OpenData(const config::Data& data, const std::string& root) {
  DataSets sets = OpenSource(data, root);
  CheckSplit(data.validation_fraction(), sets.train->size());
  return sets;
}

namespace {

DataShape PeekSource(const config::Data& data, const std::string& root) {
  constexpr int64_t kSide = 28, kDigits = 10;
  const bool digits = data.has_digits() || (data.has_mnist() && !data.mnist().has_classes());
  if (digits) return {PictureFields(Shape{1, kSide, kSide}), kDigits};
  if (data.has_cifar10() || data.has_cifar100()) {
    const auto classes = static_cast<int64_t>(LayoutOf(data).class_names.size());
    return {PictureFields(Shape{3, 32, 32}), classes};
  }
  if (data.has_synthetic()) {
    const auto& synthetic = data.synthetic();
    const Shape picture{synthetic.channels(), synthetic.height(), synthetic.width()};
    return {PictureFields(picture), synthetic.classes()};
  }
  if (data.has_image_folder()) {
    const ImageFolderShape shape = PeekConfiguredFolder(data, root);
    return {PictureFields(shape.picture), shape.classes};
  }
  const DataSets sets = OpenData(data, root);
  return {sets.train->Fields(), sets.train->classes()};
}

// What opening the data would refuse besides.
void CheckPreparation(const config::Data& data, const std::vector<FieldSpec>& fields) {
  const auto input = std::ranges::find(fields, "input", &FieldSpec::name);
  if (input == fields.end() || !(data.has_normalize() || data.augment_size() > 0)) return;
  static_cast<void>(MakeAugmenter(data, input->shape, MakePixelScale(data, input->shape)));
}

}  // namespace

DataShape PeekData(const config::Data& data, const std::string& root) {
  DataShape shape = PeekSource(data, root);
  CheckPreparation(data, shape.fields);
  return shape;
}

}  // namespace seve
