#include "data/image_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tensor/buffer.h"

namespace seve {
namespace {

// n pictures (1, 17, 3): 51 bytes, no multiple of any vector width.
ImageSamples SmallSamples(int64_t n) {
  ImageSamples samples;
  samples.picture = Shape{1, 17, 3};
  samples.pixels = Buffer(static_cast<size_t>(n * 51));
  for (size_t i = 0; i < samples.Pixels().size(); ++i) {
    samples.Pixels()[i] = static_cast<uint8_t>(i * 37 + i / 256);
  }
  for (int64_t i = 0; i < n; ++i) samples.labels.push_back(static_cast<uint8_t>(i % 10));
  samples.classes = 10;
  return samples;
}

struct BatchMemory {
  explicit BatchMemory(int64_t rows)
      : input(static_cast<size_t>(rows * 51 * 4)),
        target(static_cast<size_t>(rows * 4)),
        batch{Tensor(input.data(), DType::kFloat32, {rows, 1, 17, 3}),
              Tensor(target.data(), DType::kInt32, {rows})} {}
  Buffer input, target;
  Batch batch;
};

// Two roundings of FP32 (scale, then multiply-add with values up to 3.1 here): 1e-6 covers them.
TEST(ImageDataset, GatherNormalisesTheRowsAskedFor) {
  const ImageSamples reference = SmallSamples(20);
  const ImageDataset dataset(SmallSamples(20), {PixelScale(0.1307f, 0.3081f), "made up"});
  const std::vector<int64_t> indices = {19, 0, 7, 7, 3, 12};
  BatchMemory memory(6);
  dataset.Gather(indices, memory.batch);
  for (size_t row = 0; row < indices.size(); ++row) {
    const auto picture = reference.Picture(indices[row]);
    for (size_t p = 0; p < 51; ++p) {
      const double expected = (picture[p] / 255.0 - double{0.1307f}) / double{0.3081f};
      EXPECT_NEAR(memory.batch[0].Flat<float>()[row * 51 + p], expected, 1e-6);
    }
    EXPECT_EQ(memory.batch[1].Flat<int32_t>()[row], indices[row] % 10);
  }
}

TEST(ImageDataset, WithoutNormalisationBytesBecomeZeroToOne) {
  ImageSamples samples = SmallSamples(1);
  samples.Pixels()[0] = 0;
  samples.Pixels()[1] = 255;
  const ImageDataset dataset(std::move(samples), {});
  BatchMemory memory(1);
  dataset.Gather(std::vector<int64_t>{0}, memory.batch);
  EXPECT_EQ(memory.batch[0].Flat<float>()[0], 0.0f);
  EXPECT_EQ(memory.batch[0].Flat<float>()[1], 1.0f);
}

TEST(ImageDataset, RowsBeyondTheIndicesAreLeftAlone) {
  const ImageDataset dataset(SmallSamples(4), {});
  BatchMemory memory(3);
  memory.batch[0].Flat<float>()[51] = -7;
  memory.batch[1].Flat<int32_t>()[1] = -7;
  dataset.Gather(std::vector<int64_t>{2}, memory.batch);
  EXPECT_EQ(memory.batch[0].Flat<float>()[51], -7);
  EXPECT_EQ(memory.batch[1].Flat<int32_t>()[1], -7);
  dataset.Gather({}, memory.batch);
}

// The same sample must get the same bits in any row of any batch.
TEST(ImageDataset, ASampleDoesNotDependOnItsRow) {
  const ImageDataset dataset(SmallSamples(9), {PixelScale(0.3f, 0.2f)});
  BatchMemory many(9);
  BatchMemory one(1);
  dataset.Gather(std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}, many.batch);
  for (int64_t i = 0; i < 9; ++i) {
    dataset.Gather(std::vector<int64_t>{i}, one.batch);
    const auto row = many.batch[0].Flat<float>().subspan(static_cast<size_t>(i) * 51, 51);
    EXPECT_THAT(one.batch[0].Flat<float>(), ::testing::ElementsAreArray(row));
  }
}

TEST(ImageDataset, FieldsAndDescriptionSayWhatItHolds) {
  const ImageDataset dataset(SmallSamples(1234), {PixelScale(), "MNIST from /data/mnist"});
  ASSERT_EQ(dataset.Fields().size(), 2u);
  EXPECT_EQ(dataset.Fields()[0].name, "input");
  EXPECT_EQ(dataset.Fields()[0].dtype, DType::kFloat32);
  EXPECT_EQ(dataset.Fields()[0].shape, (Shape{1, 17, 3}));
  EXPECT_EQ(dataset.Fields()[1].name, "target");
  EXPECT_EQ(dataset.Fields()[1].dtype, DType::kInt32);
  EXPECT_EQ(dataset.Fields()[1].shape, Shape{});
  EXPECT_EQ(dataset.classes(), 10);
  EXPECT_EQ(dataset.size(), 1234);
  EXPECT_EQ(dataset.Describe(), "MNIST from /data/mnist (1,234 samples)");
  EXPECT_TRUE(dataset.InMemory());
}

TEST(ImageDataset, ContentHashChangesWithAnyByteOrLabel) {
  const auto hash = [](auto change) {
    ImageSamples samples = SmallSamples(5);
    change(samples);
    return ImageDataset(std::move(samples), {}).ContentHash();
  };
  const uint64_t original = hash([](ImageSamples&) {});
  EXPECT_EQ(original, hash([](ImageSamples&) {}));
  EXPECT_NE(original, hash([](ImageSamples& s) { s.Pixels()[200] ^= 1; }));
  EXPECT_NE(original, hash([](ImageSamples& s) { s.labels[4] = 5; }));
  EXPECT_NE(original, hash([](ImageSamples& s) { s.picture = Shape{1, 3, 17}; }));
}

}  // namespace
}  // namespace seve
