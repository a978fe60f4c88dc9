#include "layers/activation.h"

namespace seve {

std::string_view NameOf(ActivationKind kind) {
  switch (kind) {
    case ActivationKind::kNone:
      return "none";
    case ActivationKind::kSigmoid:
      return "sigmoid";
    case ActivationKind::kTanh:
      return "tanh";
    case ActivationKind::kRelu:
      return "relu";
    case ActivationKind::kLeakyRelu:
      return "leaky_relu";
    case ActivationKind::kElu:
      return "elu";
    case ActivationKind::kGelu:
      return "gelu";
    case ActivationKind::kSoftplus:
      return "softplus";
    case ActivationKind::kSwish:
      return "swish";
    case ActivationKind::kSelu:
      return "selu";
    case ActivationKind::kHardTanh:
      return "hard_tanh";
  }
  return "?";
}

ActivationLayer::ActivationLayer(const Activation& activation, Shape shape)
    : activation_(activation), shape_(std::move(shape)) {}

std::string_view ActivationLayer::kind() const { return NameOf(activation_.kind); }

}  // namespace seve
