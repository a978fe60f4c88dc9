#include "model/topological_order.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(TopologicalOrder, KeepsAChainAsItStands) {
  const TopologicalOrder order({"a", "b", "c"}, {{"input"}, {"a"}, {"b"}});
  EXPECT_EQ(order.indices, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(order.cycle.empty());
}

TEST(TopologicalOrder, PutsProducersBeforeTheLayersThatReadThem) {
  const TopologicalOrder order({"c", "b", "a"}, {{"a", "b"}, {"a"}, {"input"}});
  EXPECT_EQ(order.indices, (std::vector<int>{2, 1, 0}));
}

TEST(TopologicalOrder, NamesTheCircle) {
  const TopologicalOrder order({"a", "b", "c"}, {{"input"}, {"a", "c"}, {"b"}});
  EXPECT_EQ(order.cycle, (std::vector<std::string>{"b", "c", "b"}));
}

TEST(TopologicalOrder, ALayerThatReadsItselfIsACircle) {
  const TopologicalOrder order({"a"}, {{"a"}});
  EXPECT_EQ(order.cycle, (std::vector<std::string>{"a", "a"}));
}

}  // namespace
}  // namespace seve
