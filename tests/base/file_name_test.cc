#include "base/file_name.h"

#include <gtest/gtest.h>

namespace seve {
namespace {

TEST(FileName, OfALayerInsideOthersIsOneNameAndLeadsBack) {
  EXPECT_EQ(FileNameOf("c/1/conv2d_1"), "c.1.conv2d_1");
  EXPECT_EQ(LayerNameOf("c.1.conv2d_1"), "c/1/conv2d_1");
  EXPECT_EQ(FileNameOf("hidden"), "hidden");
}

}  // namespace
}  // namespace seve
