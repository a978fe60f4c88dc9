#include "report/folded_layers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "report/pictures/model_diagram.h"

namespace seve {
namespace {

using ::testing::ElementsAre;

LayerRow Row(const std::string& name, const std::string& inputs, int64_t parameters = 0) {
  return {.name = name,
          .kind = parameters == 0 ? "relu" : "linear",
          .inputs = inputs,
          .output = {5},
          .parameters = parameters};
}

// "first", then c/1 to c/<copies> of two layers each, then "last".
std::vector<LayerRow> Repeated(int copies) {
  std::vector<LayerRow> rows = {Row("first", "input", 7)};
  for (int i = 1; i <= copies; ++i) {
    rows.push_back(Row(fmt::format("c/{}/fc", i), rows.back().name, 10));
    rows.push_back(Row(fmt::format("c/{}/relu_1", i), rows.back().name));
  }
  rows.push_back(Row("last", rows.back().name));
  return rows;
}

// "name, kind, inputs, parameters" of each row.
std::vector<std::string> Lines(const std::vector<LayerRow>& rows) {
  std::vector<std::string> lines;
  for (const LayerRow& row : rows) {
    lines.push_back(fmt::format("{}, {}, {}, {}", row.name, row.kind, row.inputs, row.parameters));
  }
  return lines;
}

TEST(FoldCopies, ShowsTheFirstAndCountsTheOthers) {
  EXPECT_THAT(
      Lines(WithoutCopies(Repeated(23))),
      ElementsAre("first, linear, input, 7", "c/1/fc, linear, first, 10",
                  "c/1/relu_1, relu, c/1/fc, 0", "c/2 to c/23, 22 more like c/1, c/1/relu_1, 220",
                  "last, relu, c/23/relu_1, 0"));
  const auto groups = FoldCopies(Repeated(23));
  EXPECT_EQ(groups[3].first, 3u);
  EXPECT_EQ(groups[3].count, 44u);
  EXPECT_THAT(Lines(WithoutCopies(Repeated(2))), testing::Contains("c/2, 1 more like c/1, "
                                                                   "c/1/relu_1, 10"));
}

TEST(FoldCopies, LeavesWhatIsNotAlike) {
  auto rows = Repeated(3);
  rows[3].parameters = 11;
  EXPECT_EQ(Lines(WithoutCopies(rows)), Lines(rows));
  const std::vector<LayerRow> plain = {Row("stem", "input", 3), Row("stem/norm", "stem"),
                                       Row("fc/1", "stem/norm", 2), Row("fc/2", "fc/1", 2),
                                       Row("99999999999999999999/1", "fc/2")};
  EXPECT_EQ(Lines(WithoutCopies(plain)), Lines(plain));
}

TEST(FoldCopies, FoldsCopiesWithinCopies) {
  std::vector<LayerRow> rows;
  for (int i = 1; i <= 3; ++i) {
    for (int k = 1; k <= 4; ++k) rows.push_back(Row(fmt::format("s/{}/fc/{}", i, k), "before", 1));
  }
  EXPECT_THAT(Lines(WithoutCopies(rows)),
              ElementsAre("s/1/fc/1, linear, before, 1",
                          "s/1/fc/2 to s/1/fc/4, 3 more like s/1/fc/1, before, 3",
                          "s/2 to s/3, 2 more like s/1, before, 8"));
}

TEST(FoldComposites, MakesOneOfEachLayerOfTheModel) {
  std::vector<LayerRow> rows;
  for (const auto& group : FoldComposites(Repeated(23))) rows.push_back(group.row);
  EXPECT_THAT(Lines(rows), ElementsAre("first, linear, input, 7", "c, 46 layers, first, 230",
                                       "last, relu, c/23/relu_1, 0"));
}

TEST(ModelDiagram, StaysSmallHoweverManyLayersThereAre) {
  const double folded = ModelDiagram(Repeated(23))->height();
  EXPECT_EQ(folded, ModelDiagram(Repeated(2000))->height());
  std::vector<LayerRow> different = {Row("a0/fc", "input", 1)};
  for (int i = 1; i < 200; ++i) {
    different.push_back(Row(fmt::format("a{}/fc", i), different.back().name, i));
  }
  EXPECT_LT(ModelDiagram(different)->height(), folded);
}

}  // namespace
}  // namespace seve
