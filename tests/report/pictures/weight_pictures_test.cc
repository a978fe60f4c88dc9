#include "report/pictures/weight_pictures.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/temporary_folder.h"
#include "data/image_dataset.h"
#include "model/arenas.h"
#include "model/small_data.h"

namespace seve {
namespace {

// A model whose first layer, "scores", reads pictures of so many pixels a side.
class Pictured {
 public:
  Pictured(const std::string& folder, int64_t side)
      : configuration_(SmallConfiguration(
            "layer { flatten {} }\nlayer { name: \"scores\" linear { units: 3 } }\n")),
        graph_(BuildGraph(configuration_, PictureFields({1, side, side}), 3)),
        layout_(LayOutParameters(graph_, configuration_, 0)),
        parameters_(layout_),
        pictures_({.folder = folder, .tensorboard = nullptr}) {}

  // With the weights that this seed gives.
  void Tell(int64_t step, uint64_t seed, bool last = false) {
    parameters_.Initialize(seed);
    pictures_.OnModel({.step = step,
                       .epoch = 0,
                       .seconds = 0,
                       .last = last,
                       .graph = graph_,
                       .layout = layout_,
                       .parameters = parameters_});
  }

 private:
  Configuration configuration_;
  Graph graph_;
  ParameterLayout layout_;
  ParameterArena parameters_;
  WeightPictures pictures_;
};

class WeightPicturesTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string at_10_ = folder_.File("weights/scores-step-000000010.png");
};

TEST_F(WeightPicturesTest, AtTheEndLeaveThoseOfTheLastEvaluation) {
  Pictured run(folder_.path(), 4);
  run.Tell(0, 1);
  run.Tell(10, 2);
  const std::string evaluated = ReadFile(at_10_);
  run.Tell(10, 1, true);
  EXPECT_EQ(ReadFile(at_10_), evaluated);
  EXPECT_NE(ReadFile(folder_.File("weights-scores.png")), evaluated);
}

TEST_F(WeightPicturesTest, AtTheEndAreAddedWhereTheStepHasNone) {
  Pictured run(folder_.path(), 4);
  run.Tell(0, 1);
  run.Tell(10, 2, true);
  EXPECT_TRUE(std::filesystem::exists(at_10_));
}

TEST_F(WeightPicturesTest, OfFewUnitsOnLargePicturesAreNotDrawnWithoutTime) {
  Pictured run(folder_.path(), 200);
  run.Tell(0, 1);
  run.Tell(10, 2);
  EXPECT_FALSE(std::filesystem::exists(at_10_));
}

}  // namespace
}  // namespace seve
