// What a trained model says of pictures from JPEG or PNG files.
#pragma once

#include <string>
#include <vector>

#include "base/terminal.h"
#include "cli/replica.h"
#include "report/draw/canvas.h"

namespace seve {

class PictureInference {
 public:
  // Runs the model on them; tells on standard error how pictures were changed to fit it. Throws
  // Error(kUsage) for a model that reads no pictures, Error(kData) for a file that is none.
  PictureInference(const Replica& replica, std::vector<std::string> paths, bool invert);

  // The pictures as the model sees them and, a line each, the `top` classes it takes them for; the
  // values of regression.
  [[nodiscard]] std::string Text(size_t top, const Terminal& terminal) const;
  [[nodiscard]] std::string Csv() const;

 private:
  [[nodiscard]] std::string LineOf(size_t picture, size_t top) const;

  std::vector<std::string> paths_;
  std::vector<Image> pictures_;
  std::vector<std::string> class_names_;  // empty: regression
  std::vector<std::vector<float>> scores_;
};

}  // namespace seve
