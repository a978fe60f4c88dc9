#include "config/validate_parts.h"

namespace seve {

void ValidateData(const config::Data& data, Checker& checker) {
  switch (data.source_case()) {
    case config::Data::kMnist:
      if (data.mnist().has_classes()) {
        checker.Above("data.mnist.classes", data.mnist().classes(), 0);
      }
      break;
    case config::Data::kIdx:
      if (data.idx().has_classes()) checker.Above("data.idx.classes", data.idx().classes(), 0);
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
