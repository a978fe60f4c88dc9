#include "config/validate_parts.h"

namespace seve {
namespace {

void ValidateBatchNorm(const config::BatchNorm& norm, const std::string& path, Checker& checker) {
  checker.Above(path + ".epsilon", norm.epsilon(), 0);
  checker.Between(path + ".momentum", norm.momentum(), 0, 1);
}

void ValidateLayerNorm(const config::LayerNorm& norm, const std::string& path, Checker& checker) {
  checker.Above(path + ".epsilon", norm.epsilon(), 0);
  if (norm.has_axes()) checker.Above(path + ".axes", norm.axes(), 0);
}

void ValidateGroupNorm(const config::GroupNorm& norm, const std::string& path, Checker& checker) {
  checker.Above(path + ".epsilon", norm.epsilon(), 0);
  if (norm.has_groups()) return checker.Above(path + ".groups", norm.groups(), 0);
  checker.Fail(path, path + " needs 'groups', a divisor of the number of channels");
}

}  // namespace

void ValidateNorm(const config::Layer& layer, const std::string& path, Checker& checker) {
  if (layer.has_batch_norm()) {
    ValidateBatchNorm(layer.batch_norm(), path + ".batch_norm", checker);
  } else if (layer.has_layer_norm()) {
    ValidateLayerNorm(layer.layer_norm(), path + ".layer_norm", checker);
  } else if (layer.has_group_norm()) {
    ValidateGroupNorm(layer.group_norm(), path + ".group_norm", checker);
  }
}

}  // namespace seve
