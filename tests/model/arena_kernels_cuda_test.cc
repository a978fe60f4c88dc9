#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/philox.h"
#include "comm/tree_sum.h"
#include "model/cuda/arena_kernels.h"
#include "model/element_hash.h"
#include "model/penalty_terms.h"
#include "optim/norm.h"
#include "tensor/element_type.h"

namespace seve {
namespace {

using Floats = std::vector<float>;

// Sums of 10^5 terms in float64, in whatever order.
constexpr double kRelativeTolerance = 1e-12;

class ArenaKernels : public testing::TestWithParam<size_t> {
 protected:
  static constexpr float kL1 = 0.25f, kL2 = 0.7f;

  [[nodiscard]] size_t count() const { return GetParam(); }

  // In [-4, 4), zeros among them.
  [[nodiscard]] Floats Draw(uint64_t seed) const {
    const Philox stream = RandomStream(seed, RandomPurpose::kInitialization);
    Floats values(count());
    for (size_t i = 0; i < count(); ++i) {
      const auto words = stream(static_cast<uint32_t>(i), 0, 0, 0);
      values[i] = i % 17 == 16 ? 0 : 8 * UnitFloat(words[0]) - 4;
    }
    return values;
  }

  template <typename T>
  DeviceBuffer OnDevice(const std::vector<T>& values) {
    DeviceBuffer buffer(values.size() * sizeof(T));
    CopyToDevice(std::as_bytes(std::span(values)), buffer.data(), device_.stream());
    return buffer;
  }

  template <typename T>
  std::vector<T> OnHost(const DeviceBuffer& from, size_t elements) {
    std::vector<T> values(elements);
    CopyToHost(from.data(), std::as_writable_bytes(std::span(values)), device_.stream());
    return values;
  }

  double Squares(const Floats& values) {
    const DeviceBuffer on_device = OnDevice(values), result(sizeof(double));
    SumOfSquares(on_device.As<float>(), values.size(), true, result.As<double>(), device_);
    return OnHost<double>(result, 1)[0];
  }

  // Of two penalties in a row.
  double Penalties(const Floats& first, const Floats& second) {
    const DeviceBuffer one = OnDevice(first), two = OnDevice(second);
    const DeviceBuffer value = OnDevice(std::vector<double>{1e9});
    PenaltyValue(one.As<float>(), first.size(), kL1, kL2, true, value.As<double>(), device_);
    PenaltyValue(two.As<float>(), second.size(), kL2, kL1, false, value.As<double>(), device_);
    return OnHost<double>(value, 1)[0];
  }

  uint64_t Hash(const Floats& values, uint64_t before = 0) {
    const DeviceBuffer on_device = OnDevice(values);
    const DeviceBuffer hash = OnDevice(std::vector<uint64_t>{before});
    HashParameters(on_device.As<float>(), values.size(), hash.As<uint64_t>(), device_);
    return OnHost<uint64_t>(hash, 1)[0];
  }

  CudaDevice device_{0};
};

TEST_P(ArenaKernels, SumOfSquaresIsThatOfTheCpu) {
  const Floats values = Draw(1);
  const double sum = Squares(values), expected = SumOfSquares(std::span<const float>(values));
  EXPECT_NEAR(sum, expected, kRelativeTolerance * expected);
  EXPECT_EQ(Squares(values), sum);
}

TEST_P(ArenaKernels, SumOfSquaresShowsNonFiniteValues) {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const size_t at : {size_t{0}, count() / 2, count() - 1}) {
    if (at >= count()) continue;
    Floats values = Draw(1);
    values[at] = std::nanf("");
    EXPECT_TRUE(std::isnan(Squares(values))) << at;
    values[at] = -infinity;
    EXPECT_TRUE(std::isinf(Squares(values))) << at;
    values[at] = std::numeric_limits<float>::max();
    EXPECT_TRUE(std::isfinite(Squares(values))) << at;
  }
}

TEST_P(ArenaKernels, AddIntoIsATreeOfTwo) {
  Floats sum = Draw(1);
  const Floats more = Draw(2);
  const DeviceBuffer on_device = OnDevice(sum), other = OnDevice(more);
  AddInto(on_device.As<float>(), other.As<float>(), count(), device_);
  const std::vector<const float*> inputs = {sum.data(), more.data()};
  TreeSum(inputs, count(), sum.data());
  EXPECT_EQ(OnHost<float>(on_device, count()), sum);
  EXPECT_EQ(OnHost<float>(other, count()), more);
}

TEST_P(ArenaKernels, PenaltyGradientEqualsTheCpusBitForBit) {
  const Floats parameters = Draw(1);
  Floats gradients = Draw(2);
  const double scale = 37.3;
  const DeviceBuffer w = OnDevice(parameters), gradient = OnDevice(gradients);
  const DeviceBuffer scale_on_device = OnDevice(std::vector<double>{scale});
  AddPenaltyGradient(w.As<float>(), gradient.As<float>(), count(), kL1, kL2,
                     scale_on_device.As<double>(), device_);
  const PenaltySlope slope = {.l1 = static_cast<float>(scale * kL1),
                              .l2 = static_cast<float>(scale * kL2)};
  for (size_t i = 0; i < count(); ++i) gradients[i] += slope(parameters[i]);
  EXPECT_EQ(OnHost<float>(gradient, count()), gradients);
}

TEST_P(ArenaKernels, PenaltyValuesAddUp) {
  const Floats first = Draw(1), second = Draw(2);
  double expected = 0;
  for (const double w : first) expected += kL1 * std::fabs(w) + kL2 / 2.0 * w * w;
  for (const double w : second) expected += kL2 * std::fabs(w) + kL1 / 2.0 * w * w;
  const double value = Penalties(first, second);
  EXPECT_NEAR(value, expected, kRelativeTolerance * expected);
  EXPECT_EQ(Penalties(first, second), value);
}

// Neighbours of `value` in a type with so many bits of fraction are half a step from the nearest.
double HalfStep(double value, int fraction_bits) {
  return std::fabs(value) * std::ldexp(0.5, -fraction_bits);
}

template <typename Element>
void ExpectNearest(const std::vector<Element>& narrow, const Floats& values, int fraction_bits,
                   double smallest) {
  for (size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    ASSERT_NEAR(static_cast<double>(narrow[i]), value, HalfStep(value, fraction_bits) + smallest)
        << i;
  }
}

template <typename Element>
Floats Exactly(const std::vector<Element>& narrow) {
  Floats values;
  for (const Element element : narrow) {
    values.push_back(static_cast<float>(static_cast<double>(element)));
  }
  return values;
}

TEST_P(ArenaKernels, CopiesAreRoundedToNearestAndWidenedExactly) {
  const Floats values = Draw(1);
  const DeviceBuffer from = OnDevice(values);
  const DeviceBuffer narrow(count() * sizeof(float)), wide(count() * sizeof(float));
  const auto there_and_back = [&](DType type) {
    NarrowCopy(from.As<float>(), narrow.data(), type, count(), device_);
    Widen(narrow.data(), type, wide.As<float>(), count(), device_);
    return OnHost<float>(wide, count());
  };

  EXPECT_EQ(there_and_back(DType::kFloat32), values);
  const Floats through_bfloat16 = there_and_back(DType::kBfloat16);
  const auto brains = OnHost<Bfloat16>(narrow, count());
  EXPECT_EQ(through_bfloat16, Exactly(brains));
  ExpectNearest(brains, values, 7, 0);
  const Floats through_half = there_and_back(DType::kFloat16);
  const auto halves = OnHost<Float16>(narrow, count());
  EXPECT_EQ(through_half, Exactly(halves));
  ExpectNearest(halves, values, 10, 0x1p-25);
}

TEST_P(ArenaKernels, HashIsTheSumOfTheElements) {
  const Floats values = Draw(1);
  uint64_t expected = 5;
  for (size_t i = 0; i < count(); ++i) expected += ElementHash(i, values[i]);
  EXPECT_EQ(Hash(values, 5), expected);
}

TEST_P(ArenaKernels, HashSeesASingleBitAnywhereAndTwoValuesSwapped) {
  Floats values = Draw(1);
  const uint64_t hash = Hash(values);
  for (const size_t at : {size_t{0}, count() / 2, count() - 1}) {
    if (at >= count()) continue;
    const float before = values[at];
    values[at] = std::nextafter(before, 100.0f);
    EXPECT_NE(Hash(values), hash) << at;
    values[at] = before;
  }
  if (count() < 2) return;
  std::swap(values.front(), values[count() - 2]);
  EXPECT_NE(Hash(values), hash);
}

INSTANTIATE_TEST_SUITE_P(Counts, ArenaKernels, testing::Values(0, 1, 63, 64, 100'003));

}  // namespace
}  // namespace seve
