#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "config/load.h"

namespace seve {
namespace {

std::vector<std::string> Names(const std::string& text) {
  config::Model model;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &model)) << text;
  return LayerNames(model);
}

using List = std::vector<std::string>;

TEST(LayerNames, EmptyModelHasNone) { EXPECT_EQ(Names(""), List{}); }

TEST(LayerNames, UnnamedLayersAreCountedByKind) {
  EXPECT_EQ(Names("layer { flatten {} } layer { linear {} } layer { leaky_relu {} } "
                  "layer { linear {} }"),
            (List{"flatten_1", "linear_1", "leaky_relu_1", "linear_2"}));
}

TEST(LayerNames, NamedLayersAreNotCounted) {
  EXPECT_EQ(Names("layer { name: 'hidden' linear {} } layer { linear {} }"),
            (List{"hidden", "linear_1"}));
}

TEST(LayerNames, NameTakenBeforeIsSkipped) {
  EXPECT_EQ(Names("layer { name: 'linear_1' relu {} } layer { linear {} } layer { linear {} }"),
            (List{"linear_1", "linear_2", "linear_3"}));
}

TEST(LayerNames, LaterLayersChangeNoNameBeforeThem) {
  EXPECT_EQ(Names("layer { linear {} } layer { name: 'linear_1' relu {} }"),
            (List{"linear_1", "linear_1"}));
}

}  // namespace
}  // namespace seve
