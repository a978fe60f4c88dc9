#include "base/philox.h"

#include <gtest/gtest.h>

#include <set>

namespace seve {
namespace {

// Known answers published with the reference implementation (Random123, kat_vectors, philox4x32
// 10).
TEST(Philox, MatchesThePublishedKnownAnswers) {
  EXPECT_EQ((Philox{{0, 0}}(0, 0, 0, 0)),
            (Philox::Block{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}));
  constexpr uint32_t kOnes = 0xffffffffu;
  EXPECT_EQ((Philox{{kOnes, kOnes}}(kOnes, kOnes, kOnes, kOnes)),
            (Philox::Block{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}));
  EXPECT_EQ(
      (Philox{{0xa4093822u, 0x299f31d0u}}(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u)),
      (Philox::Block{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}));
}

TEST(RandomStream, DiffersBySeedPurposeAndName) {
  std::set<std::pair<uint32_t, uint32_t>> keys;
  for (const uint64_t seed : {0ull, 1ull, 42ull}) {
    for (const auto purpose : {RandomPurpose::kInitialization, RandomPurpose::kDropout}) {
      for (const uint64_t name : {uint64_t{0}, NameHash("hidden"), NameHash("scores")}) {
        const Philox stream = RandomStream(seed, purpose, name);
        keys.insert({stream.key[0], stream.key[1]});
      }
    }
  }
  EXPECT_EQ(keys.size(), 18);
}

TEST(NameHash, IsFowlerNollVo1a) {
  EXPECT_EQ(NameHash(""), 0xcbf29ce484222325u);
  EXPECT_EQ(NameHash("a"), 0xaf63dc4c8601ec8cu);  // published with the algorithm
}

TEST(UnitFloat, CoversZeroToJustBelowOne) {
  EXPECT_EQ(UnitFloat(0), 0.0f);
  EXPECT_EQ(UnitFloat(0x80000000u), 0.5f);
  EXPECT_EQ(UnitFloat(0xffffffffu), 1.0f - 0x1p-24f);
}

TEST(StandardNormal, HasTheMomentsOfANormalDistribution) {
  const Philox random = RandomStream(7, RandomPurpose::kInitialization);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0, fourths = 0;
  for (uint32_t i = 0; i < kDraws; ++i) {
    const auto words = random(i, 0, 0, 0);
    const double z = static_cast<double>(StandardNormal(words[0], words[1]));
    sum += z;
    squares += z * z;
    fourths += z * z * z * z;
  }
  // Five standard errors: 1/sqrt(n), sqrt(2/n), sqrt(96/n).
  EXPECT_NEAR(sum / kDraws, 0, 0.016);
  EXPECT_NEAR(squares / kDraws, 1, 0.023);
  EXPECT_NEAR(fourths / kDraws, 3, 0.155);
}

}  // namespace
}  // namespace seve
