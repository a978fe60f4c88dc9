// What a layer asks to learn: names, shapes and starting values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace seve {

// How a parameter starts. fan_in and fan_out are the layer's inputs and outputs per unit.
struct Initializer {
  enum class Kind {
    kFanInUniform,  // U(-1/sqrt(fan_in), 1/sqrt(fan_in)): PyTorch's default for linear layers
    kZeros,
    kConstant,       // value
    kNormal,         // N(mean, deviation)
    kUniform,        // U(low, high)
    kXavierUniform,  // U(+-gain sqrt(6/(fan_in+fan_out))), Glorot & Bengio 2010
    kXavierNormal,   // N(0, gain sqrt(2/(fan_in+fan_out)))
    kHeUniform,      // U(+-sqrt(6/fan_in)), He et al. 2015
    kHeNormal,       // N(0, sqrt(2/fan_in))
    kLecunUniform,   // U(+-sqrt(3/fan_in)), LeCun et al. 1998
    kLecunNormal,    // N(0, sqrt(1/fan_in))
    kValues,         // `values`, as many as the parameter has
  };
  Kind kind = Kind::kZeros;
  float a = 0;  // kConstant: value; kNormal: mean; kUniform: low; kXavier*: gain
  float b = 0;  // kNormal: deviation; kUniform: high
  std::vector<float> values = {};
};

enum class ParameterRole {
  kLearned,
  // A running mean of what micro-batches show, batch_norm's statistics say: not learned, but kept,
  // reduced and saved with the rest. In place of a gradient a micro-batch gives its value times its
  // samples; the step then makes running += momentum (sum / samples - running) of it. Frozen, it
  // stays as it is.
  kStatistic,
};

struct ParameterSpec {
  std::string name;  // within the layer: "weight", "bias"
  Shape shape;
  Initializer initializer;
  int64_t fan_in = 1;
  int64_t fan_out = 1;
  ParameterRole role = ParameterRole::kLearned;
  float momentum = 0;  // of a statistic
};

}  // namespace seve
