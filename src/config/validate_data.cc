#include <fmt/format.h>

#include <string>

#include "config/validate_parts.h"

namespace seve {
namespace {

void ValidateIdx(const config::Idx& idx, const std::string& path, Checker& checker) {
  // Labels are bytes.
  if (idx.has_classes()) checker.Between(path + ".classes", idx.classes(), 1, 256);
  if (idx.test_prefix().empty()) {
    checker.Fail(path + ".test_prefix",
                 path +
                     ".test_prefix is empty; it is what the names of the test files start with, "
                     "for example \"t10k\"");
  }
}

void ValidateSpirals(const config::Spirals& spirals, Checker& checker) {
  checker.Above("data.spirals.samples", spirals.samples(), 0);
  checker.AtLeast("data.spirals.test", spirals.test(), 0);
  checker.AtLeast("data.spirals.noise", spirals.noise(), 0);
  checker.Above("data.spirals.turns", spirals.turns(), 0);
}

void ValidateCurve(const config::Curve& curve, Checker& checker) {
  checker.Above("data.curve.samples", curve.samples(), 0);
  checker.AtLeast("data.curve.noise", curve.noise(), 0);
  if (!(curve.low() < curve.high())) {
    checker.Fail("data.curve.low", fmt::format("data.curve needs 'low' below 'high', not {:g} and "
                                               "{:g}",
                                               curve.low(), curve.high()));
  }
}

void ValidatePoints(const config::Points& points, Checker& checker) {
  if (points.point_size() == 0) {
    checker.Fail("data.points",
                 "data.points needs samples, for example: point { input: [1, 1] target: -1 }");
    return;
  }
  const auto& first = points.point(0);
  const auto check = [&](int i, const char* name, int length, int expected) {
    const std::string path = fmt::format("data.points.point[{}]", i);
    if (length == 0) {
      checker.Fail(path, fmt::format("{} needs '{}'", path, name));
    } else if (length != expected) {
      checker.Fail(path, fmt::format("{}.{} has {} numbers, that of the first point {}: every "
                                     "point has as many",
                                     path, name, length, expected));
    }
  };
  for (int i = 0; i < points.point_size(); ++i) {
    check(i, "input", points.point(i).input_size(), first.input_size());
    check(i, "target", points.point(i).target_size(), first.target_size());
  }
}

// Small ones of one size in memory, by which a permutation of their pixels goes.
bool HoldsSmallPictures(const config::Data& data) {
  return data.has_mnist() || data.has_idx() || data.has_digits();
}

bool HoldsPictures(const config::Data& data) {
  return HoldsSmallPictures(data) || data.has_cifar10() || data.has_cifar100() ||
         data.has_image_folder() || data.has_synthetic();
}

void ValidatePreparation(const config::Data& data, Checker& checker) {
  if (data.has_permute_pixels() && !HoldsSmallPictures(data)) {
    checker.Fail("data.permute_pixels",
                 "data.permute_pixels shuffles the pixels of mnist, idx and digits; remove it");
  }
  if (!data.has_normalize()) return;
  if (!HoldsPictures(data) && !data.has_tensors()) {
    checker.Fail("data.normalize",
                 "data.normalize is for pictures stored as bytes, and these data are none; remove "
                 "it");
    return;
  }
  const auto& normalize = data.normalize();
  const int means = normalize.mean_size(), deviations = normalize.deviation_size();
  if (means == 0 || deviations == 0) {
    checker.Fail("data.normalize",
                 "data.normalize needs both 'mean' and 'deviation'; for MNIST 0.1307 and 0.3081");
    return;
  }
  if (means != deviations && means > 1 && deviations > 1) {
    checker.Fail("data.normalize",
                 fmt::format("data.normalize has {} numbers of 'mean' but {} of 'deviation'; give "
                             "one for all channels or one for each",
                             means, deviations));
  }
  for (const float deviation : normalize.deviation()) {
    checker.Above("data.normalize.deviation", deviation, 0);
  }
}

}  // namespace

void ValidateData(const config::Data& data, Checker& checker) {
  switch (data.source_case()) {
    case config::Data::kMnist:
      ValidateIdx(data.mnist(), "data.mnist", checker);
      break;
    case config::Data::kIdx:
      ValidateIdx(data.idx(), "data.idx", checker);
      if (!data.idx().has_folder()) {
        checker.Fail("data.idx", "data.idx needs 'folder', the folder of its four files");
      }
      break;
    case config::Data::kDigits:
      checker.Above("data.digits.train", data.digits().train(), 0);
      checker.Above("data.digits.test", data.digits().test(), 0);
      break;
    case config::Data::kCifar10:
    case config::Data::kCifar100:
    case config::Data::kImageFolder:
    case config::Data::kSynthetic:
      ValidatePictures(data, checker);
      break;
    case config::Data::kTensors:
      ValidateTensors(data, checker);
      break;
    case config::Data::kSpirals:
      ValidateSpirals(data.spirals(), checker);
      break;
    case config::Data::kPoints:
      ValidatePoints(data.points(), checker);
      break;
    case config::Data::kCurve:
      ValidateCurve(data.curve(), checker);
      break;
    case config::Data::SOURCE_NOT_SET:
      checker.Fail("data",
                   "data needs a source: mnist {}, idx { … }, digits {}, cifar10 {}, cifar100 {}, "
                   "image_folder { … }, synthetic {}, tensors { … }, spirals {}, points { … } or "
                   "curve {}");
  }
  checker.From("data.validation_fraction", data.validation_fraction(), 0, 1);
  checker.AtLeast("data.prefetch", data.prefetch(), 0);
  ValidatePreparation(data, checker);
  ValidateAugment(data, checker);
}

}  // namespace seve
