#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <tuple>
#include <vector>

#include "comm/cuda/tree_sum.h"
#include "comm/tree_sum.h"
#include "tensor/cuda/device_buffer.h"

namespace seve {
namespace {

constexpr float kGuard = -77;

std::vector<float> RandomValues(size_t count, int seed) {
  std::minstd_rand engine(static_cast<uint32_t>(seed) * 7919 + 1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(count);
  for (float& value : values)
    value = uniform(engine) * std::exp2f(static_cast<float>(seed % 5 * 4));
  return values;
}

void Upload(const std::vector<float>& values, float* to, const Stream& stream) {
  CopyToDevice(std::as_bytes(std::span(values)), to, stream.get());
}

class TreeSumOfParts : public ::testing::TestWithParam<std::tuple<int, size_t>> {
 protected:
  // Sums at an offset of `shift` floats in an arena whose other floats must stay.
  void ExpectTheBitsOfTheCpu(int own, size_t shift) {
    const auto [parts, count] = GetParam();
    const size_t pitch = (count + 3) / 4 * 4 + 8;
    const Stream stream = MakeStream();
    const DeviceBuffer staged(parts * pitch * sizeof(float));
    const DeviceBuffer arena((count + 8) * sizeof(float));
    float* values = arena.As<float>() + shift;
    Upload(std::vector<float>(count + 8, kGuard), arena.As<float>(), stream);
    std::vector<std::vector<float>> terms;
    std::vector<const float*> inputs;
    for (int part = 0; part < parts; ++part) {
      terms.push_back(RandomValues(count, part));
      inputs.push_back(terms[part].data());
      Upload(terms[part], part == own ? values : staged.As<float>() + part * pitch, stream);
    }
    TreeSumOnGpu({.staged = staged.As<float>(), .pitch = pitch, .parts = parts, .own = own}, values,
                 count, stream.get());
    std::vector<float> expected(count + 8, kGuard), sums(count + 8);
    TreeSum(inputs, count, expected.data() + shift);
    CopyToHost(arena.data(), std::as_writable_bytes(std::span(sums)), stream.get());
    size_t wrong = 0;
    for (size_t i = 0; i < sums.size(); ++i) {
      wrong += std::bit_cast<uint32_t>(sums[i]) != std::bit_cast<uint32_t>(expected[i]);
    }
    EXPECT_EQ(wrong, 0u) << "own part " << own << ", shifted by " << shift;
  }
};

INSTANTIATE_TEST_SUITE_P(Grid, TreeSumOfParts,
                         ::testing::Combine(::testing::Values(1, 2, 4, 8, 16, 32, 128),
                                            ::testing::Values(0, 1, 5, 64, 1000)));

TEST_P(TreeSumOfParts, HasTheBitsOfTheCpuWhicheverPartIsTheRanksOwn) {
  const int parts = std::get<0>(GetParam());
  for (const int own : {0, parts / 2, parts - 1}) ExpectTheBitsOfTheCpu(own, 0);
}

TEST_P(TreeSumOfParts, MayGoAnywhereInAnArena) { ExpectTheBitsOfTheCpu(0, 3); }

}  // namespace
}  // namespace seve
