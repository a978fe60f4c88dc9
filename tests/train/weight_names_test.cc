#include "train/weight_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(WeightNames, OurOwnFilesHaveOurNames) {
  EXPECT_THAT(ForeignNames(config::SEVE, {"a/1/conv2d_1.weight", "fc.bias"}),
              ElementsAre("a/1/conv2d_1.weight", "fc.bias"));
}

TEST(WeightNames, TorchvisionNamesAResnet) {
  EXPECT_THAT(
      ForeignNames(config::TORCHVISION_RESNET,
                   {"conv1.weight", "conv1/norm.weight", "conv1/norm.running_mean",
                    "layer1/1/conv1.weight", "layer1/2/conv3/norm.bias", "layer2/down/conv2.weight",
                    "layer2/down/shortcut/conv2d_1.weight",
                    "layer2/down/shortcut/conv2d_1/norm.running_var", "layer2/rest/1/conv1.weight",
                    "layer2/rest/2/conv1/norm.weight", "fc.weight", "fc.bias"}),
      ElementsAre("conv1.weight", "bn1.weight", "bn1.running_mean", "layer1.0.conv1.weight",
                  "layer1.1.bn3.bias", "layer2.0.conv2.weight", "layer2.0.downsample.0.weight",
                  "layer2.0.downsample.1.running_var", "layer2.1.conv1.weight",
                  "layer2.2.bn1.weight", "fc.weight", "fc.bias"));
}

// A stage of one block, as ResNet-10 has it, needs no number.
TEST(WeightNames, AStageMayBeABlock) {
  EXPECT_THAT(ForeignNames(config::TORCHVISION_RESNET,
                           {"layer1/conv1.weight", "layer1/shortcut/conv2d_1.weight"}),
              ElementsAre("layer1.0.conv1.weight", "layer1.0.downsample.0.weight"));
}

TEST(WeightNames, NamesThatNoResnetHasAreRefused) {
  for (const auto* name : {"stem.weight", "layer5/1/conv1.weight", "layer1/1/conv4.weight",
                           "layer1.weight", "fc/norm.weight", "layer1/1/linear_1.weight"}) {
    EXPECT_THAT(MessageOf(ExitCode::kUsage,
                          [&] {
                            (void)ForeignNames(config::TORCHVISION_RESNET, {"conv1.weight", name});
                          }),
                HasSubstr(name));
  }
}

TEST(WeightNames, TorchCountsBatchesForNothing) {
  EXPECT_TRUE(IsIdle(config::TORCHVISION_RESNET, "bn1.num_batches_tracked"));
  EXPECT_FALSE(IsIdle(config::TORCHVISION_RESNET, "bn1.running_mean"));
  EXPECT_FALSE(IsIdle(config::SEVE, "bn1.num_batches_tracked"));
}

}  // namespace
}  // namespace seve
