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
    case config::Data::SOURCE_NOT_SET:
      checker.Fail("data", "data needs a source: mnist {}, idx { … } or digits {}");
  }
  checker.From("data.validation_fraction", data.validation_fraction(), 0, 1);
  checker.AtLeast("data.prefetch", data.prefetch(), 0);
  if (!data.has_normalize()) return;
  if (!data.normalize().has_mean() || !data.normalize().has_deviation()) {
    checker.Fail("data.normalize",
                 "data.normalize needs both 'mean' and 'deviation'; for MNIST 0.1307 and 0.3081");
    return;
  }
  checker.Above("data.normalize.deviation", data.normalize().deviation(), 0);
}

}  // namespace seve
