#include "report/draw/block_layout.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace seve {
namespace {

constexpr double kWidth = 100;
constexpr double kHeight = 30;

// Of a segment along one of the axes; touching the edge is allowed.
bool Crosses(const Point& a, const Point& b, const Box& box) {
  return std::max(a.x, b.x) > box.x + 1e-9 && std::min(a.x, b.x) < box.right() - 1e-9 &&
         std::max(a.y, b.y) > box.y + 1e-9 && std::min(a.y, b.y) < box.bottom() - 1e-9;
}

void ExpectClearWays(const BlockLayout& layout) {
  for (const auto& way : layout.ways) {
    for (size_t i = 1; i < way.size(); ++i) {
      EXPECT_TRUE(way[i].x == way[i - 1].x || way[i].y == way[i - 1].y) << "not along an axis";
      for (const Box& box : layout.boxes) EXPECT_FALSE(Crosses(way[i - 1], way[i], box));
      EXPECT_GE(way[i].x, 0);
      EXPECT_LE(way[i].x, layout.width);
    }
    EXPECT_LT(way.front().y, way.back().y);
  }
}

TEST(BlockLayouts, OfAChainAreAColumn) {
  const auto layout = LayOut({{"a", "", {}}, {"b", "", {0}}, {"c", "", {1}}}, kWidth, kHeight);
  EXPECT_EQ(layout.width, kWidth);
  ASSERT_EQ(layout.ways.size(), 2);
  for (const auto& way : layout.ways) EXPECT_EQ(way.size(), 2) << "not straight";
  EXPECT_LT(layout.boxes[0].bottom(), layout.boxes[1].y);
  EXPECT_EQ(layout.height, layout.boxes[2].bottom());
}

TEST(BlockLayouts, PutBranchesSideBySide) {
  const auto layout = LayOut({{"in", "", {}}, {"a", "", {0}}, {"b", "", {0}}, {"sum", "", {1, 2}}},
                             kWidth, kHeight);
  EXPECT_EQ(layout.boxes[1].y, layout.boxes[2].y);
  EXPECT_LT(layout.boxes[1].right(), layout.boxes[2].x);
  ExpectClearWays(layout);
}

TEST(BlockLayouts, LeadShortcutsAroundTheBoxes) {
  ExpectClearWays(LayOut({{"in", "", {}},
                          {"a", "", {0}},
                          {"b", "", {1}},
                          {"sum", "", {2, 0}},
                          {"left", "", {3}},
                          {"right", "", {3}},
                          {"deep", "", {4}},
                          {"end", "", {6, 5, 0}}},
                         kWidth, kHeight));
}

TEST(BlockLayouts, OfDenseConnectionsShareNoTrack) {
  std::vector<Block> blocks;
  for (int i = 0; i < 6; ++i) {
    blocks.push_back({"", "", {}});
    for (int j = 0; j < i; ++j) blocks.back().inputs.push_back(j);
  }
  const auto layout = LayOut(blocks, kWidth, kHeight);
  EXPECT_EQ(layout.ways.size(), 15);
  ExpectClearWays(layout);
  for (const auto& a : layout.ways) {
    for (const auto& b : layout.ways) {
      if (&a == &b || a.size() != 6 || b.size() != 6 || a[2].x != b[2].x) continue;
      EXPECT_TRUE(a[3].y < b[2].y || b[3].y < a[2].y) << "two ways on one track";
    }
  }
}

TEST(BlockLayouts, RefuseInputsThatDoNotPrecede) {
  EXPECT_THROW(LayOut({{"a", "", {0}}}, kWidth, kHeight), std::logic_error);
  EXPECT_THROW(LayOut({{"a", "", {}}, {"b", "", {-1}}}, kWidth, kHeight), std::logic_error);
}

TEST(BlockLayouts, MayBeEmpty) { EXPECT_EQ(LayOut({}, kWidth, kHeight).height, 0); }

}  // namespace
}  // namespace seve
