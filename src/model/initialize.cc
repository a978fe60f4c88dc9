#include "model/initialize.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/philox.h"

namespace seve {
namespace {

void FillConstant(float value, std::span<float> values) { std::ranges::fill(values, value); }

void FillUniform(const Philox& stream, double low, double high, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto block = stream(static_cast<uint32_t>(i / 4), 0, 0, 0);
    values[i] = static_cast<float>(low + (high - low) * UnitFloat(block[i % 4]));
  }
}

void FillNormal(const Philox& stream, double mean, double deviation, std::span<float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto block = stream(static_cast<uint32_t>(i / 2), 0, 0, 0);
    const size_t pair = i % 2 * 2;
    values[i] = static_cast<float>(mean + deviation * StandardNormal(block[pair], block[pair + 1]));
  }
}

}  // namespace

void Initialize(const ParameterSpec& spec, std::string_view full_name, uint64_t seed,
                std::span<float> values) {
  using Kind = Initializer::Kind;
  const Philox stream = RandomStream(seed, RandomPurpose::kInitialization, NameHash(full_name));
  const auto uniform = [&](double bound) { FillUniform(stream, -bound, bound, values); };
  const auto normal = [&](double deviation) { FillNormal(stream, 0, deviation, values); };
  const auto fan_in = static_cast<double>(spec.fan_in);
  const double fans = fan_in + static_cast<double>(spec.fan_out);
  const double a = spec.initializer.a, b = spec.initializer.b;
  switch (spec.initializer.kind) {
    case Kind::kFanInUniform:
      return uniform(1 / std::sqrt(fan_in));
    case Kind::kZeros:
      return FillConstant(0, values);
    case Kind::kConstant:
      return FillConstant(spec.initializer.a, values);
    case Kind::kNormal:
      return FillNormal(stream, a, b, values);
    case Kind::kUniform:
      return FillUniform(stream, a, b, values);
    case Kind::kXavierUniform:
      return uniform(a * std::sqrt(6 / fans));
    case Kind::kXavierNormal:
      return normal(a * std::sqrt(2 / fans));
    case Kind::kHeUniform:
      return uniform(std::sqrt(6 / fan_in));
    case Kind::kHeNormal:
      return normal(std::sqrt(2 / fan_in));
    case Kind::kLecunUniform:
      return uniform(std::sqrt(3 / fan_in));
    case Kind::kLecunNormal:
      return normal(std::sqrt(1 / fan_in));
    case Kind::kValues:
      Check(spec.initializer.values.size() == values.size(), "as many values as the parameter has");
      std::ranges::copy(spec.initializer.values, values.begin());
      return;
  }
}

}  // namespace seve
