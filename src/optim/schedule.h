// How the learning rate changes over training.
#pragma once

#include <string>

namespace seve {

class Schedule {
 public:
  virtual ~Schedule() = default;
  // The factor on the base learning rate at `epoch` (updates done before this one, in epochs,
  // fractional) of a run of `total_epochs`.
  [[nodiscard]] virtual double Factor(double epoch, double total_epochs) const = 0;
  // "cosine, warm-up over 5 epochs".
  [[nodiscard]] virtual std::string Describe() const = 0;
};

}  // namespace seve
