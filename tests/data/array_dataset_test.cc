#include "data/array_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>

#include "data/image_dataset.h"
#include "data/open_testing.h"

namespace seve {
namespace {

using ::testing::ElementsAre;

template <typename T>
StoredArray Stored(ElementType element, const std::vector<T>& values, Shape shape) {
  Buffer memory(values.size() * sizeof(T));
  std::memcpy(memory.data(), values.data(), memory.size());
  return StoredArray(std::move(memory), element, std::move(shape));
}

ArrayDataset DatasetOf(StoredArray array, Meaning meaning = AsValues()) {
  std::vector<ArrayDataset::Field> fields;
  fields.push_back({"input", std::move(array), std::move(meaning)});
  return ArrayDataset(std::move(fields), {}, "made up");
}

TEST(ArrayDataset, EveryElementTypeBecomesFloat32) {
  const auto last_of = [](ElementType element, auto value) {
    const std::vector<decltype(value)> values = {value, value};
    return ValuesOf(DatasetOf(Stored(element, values, {2})), 1)[0];
  };
  EXPECT_EQ(last_of(ElementType::kBool, uint8_t{1}), 1);
  EXPECT_EQ(last_of(ElementType::kUint16, uint16_t{65535}), 65535);
  EXPECT_EQ(last_of(ElementType::kUint32, uint32_t{4294967295}), 4294967296.0f);
  EXPECT_EQ(last_of(ElementType::kInt8, int8_t{-128}), -128);
  EXPECT_EQ(last_of(ElementType::kInt16, int16_t{-3}), -3);
  EXPECT_EQ(last_of(ElementType::kInt32, int32_t{-3}), -3);
  EXPECT_EQ(last_of(ElementType::kInt64, int64_t{-3}), -3);
  EXPECT_EQ(last_of(ElementType::kFloat16, uint16_t{0xC000}), -2);
  EXPECT_EQ(last_of(ElementType::kBfloat16, uint16_t{0xC000}), -2);
  EXPECT_EQ(last_of(ElementType::kFloat32, 0.1f), 0.1f);
  EXPECT_EQ(last_of(ElementType::kFloat64, 0.1), 0.1f);
}

TEST(ArrayDataset, BytesBecomeWhatPicturesBecome) {
  constexpr float kMean = 0.1307f, kDeviation = 0.3081f;
  ImageSamples samples;
  samples.picture = Shape{1, 2, 128};
  samples.pixels = Buffer(256);
  samples.labels = {0};
  samples.classes = 1;
  std::vector<uint8_t> bytes(256);
  for (size_t i = 0; i < 256; ++i) bytes[i] = samples.Pixels()[i] = static_cast<uint8_t>(i);
  const ImageDataset pictures(std::move(samples), {PixelScale(kMean, kDeviation)});
  const ArrayDataset arrays =
      DatasetOf(Stored(ElementType::kUint8, bytes, {1, 1, 2, 128}), PixelScale(kMean, kDeviation));
  EXPECT_EQ(arrays.Fields()[0].shape, (Shape{1, 2, 128}));
  EXPECT_EQ(ValuesOf(arrays, 0), ValuesOf(pictures, 0));
}

// Stored channel by channel.
TEST(ArrayDataset, PicturesOfSeveralChannelsComeChannelsLast) {
  std::vector<float> values(24);
  for (size_t i = 0; i < 24; ++i) values[i] = static_cast<float>(i);
  const Shape shape = {2, 3, 2, 2};
  const auto second = [&](StoredArray array, Meaning meaning) {
    return ValuesOf(DatasetOf(std::move(array), std::move(meaning)), 1);
  };
  EXPECT_THAT(second(Store(values, shape), AsValues()),
              ElementsAre(12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23));
  // The sample in the second half is 12 above the first: +1 after standardizing, whatever the
  // order.
  EXPECT_THAT(second(Store(values, shape), Standardization(Store(values, shape))),
              ::testing::Each(1.0f));
  PlaceScale places = {std::vector<double>(12, 0), {}};
  for (int place = 0; place < 12; ++place) places.shift.push_back(place);
  EXPECT_THAT(second(Store(values, shape), places),
              ElementsAre(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11));
  const std::vector<uint8_t> bytes = {0, 1, 2, 3, 255, 254};
  EXPECT_THAT(ValuesOf(DatasetOf(Stored(ElementType::kUint8, bytes, {1, 2, 1, 3}),
                                 PixelScale(0, 1 / 255.0f)),
                       0),
              ::testing::Pointwise(::testing::FloatEq(), {0, 3, 1, 255, 2, 254}));
}

TEST(ArrayDataset, RowsAreThoseAskedFor) {
  std::vector<float> values(60);
  for (size_t i = 0; i < 60; ++i) values[i] = static_cast<float>(i);
  const ArrayDataset dataset = DatasetOf(Store(values, {20, 3}));
  const std::vector<int64_t> indices = {19, 0, 7, 7, 3, 12};
  std::vector<float> rows(18);
  dataset.Gather(indices, {Tensor(rows.data(), DType::kFloat32, {6, 3})});
  for (size_t i = 0; i < 18; ++i) {
    EXPECT_EQ(rows[i], static_cast<float>(indices[i / 3] * 3) + static_cast<float>(i % 3));
  }
}

TEST(ArrayDataset, HashSeesNamesShapesTypesAndBytes) {
  const std::vector<float> values = {1, 2, 3, 4};
  const auto hash = [](StoredArray array) { return DatasetOf(std::move(array)).ContentHash(); };
  const uint64_t expected = hash(Store(values, {2, 2}));
  EXPECT_EQ(hash(Store(values, {2, 2})), expected);
  EXPECT_NE(hash(Store(values, {4, 1})), expected);
  EXPECT_NE(hash(Store<float>({1, 2, 3, 5}, {2, 2})), expected);
  EXPECT_NE(hash(Stored(ElementType::kInt32, values, {2, 2})), expected);
}

TEST(Standardization, OnlyCentresWhatIsConstantButForRounding) {
  // The mean of a thousand 0.1 is not 0.1, so their variance is not 0.
  const PlaceScale scale = Standardization(Store(std::vector<double>(1000, 0.1), {1000}));
  EXPECT_EQ(scale.scale[0], 1);
  EXPECT_NEAR(scale.shift[0], -0.1, 1e-14);
}

TEST(Standardization, GivesMeanZeroAndDeviationOneToEachPlace) {
  const StoredArray array = Store<double>({1e9, 5, 1e9 + 4, 5, 1e9 + 8, 5}, {3, 2});
  const PlaceScale scale = Standardization(array);
  EXPECT_DOUBLE_EQ(scale.scale[0], 1 / std::sqrt(32.0 / 3));
  EXPECT_EQ(scale.scale[1], 1);  // all alike: only centred
  const ArrayDataset dataset =
      DatasetOf(Store<double>({1e9, 5, 1e9 + 4, 5, 1e9 + 8, 5}, {3, 2}), scale);
  // 1e9 times a rounding of FP64.
  EXPECT_NEAR(ValuesOf(dataset, 0)[0], -std::sqrt(1.5), 2e-7);
  EXPECT_NEAR(ValuesOf(dataset, 1)[0], 0, 2e-7);
  EXPECT_EQ(ValuesOf(dataset, 2)[1], 0);
}

}  // namespace
}  // namespace seve
