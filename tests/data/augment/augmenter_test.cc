// Lists of operations, and data sets that apply them.
#include "data/augment/augmenter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "data/augment/operations_testing.h"
#include "data/augment/registry.h"
#include "data/batch_buffers.h"
#include "data/image_dataset.h"
#include "data/loader.h"
#include "data/open_testing.h"
#include "data/scratch_testing.h"

namespace seve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr PictureExtent kExtent = {6, 8, 3};
const Shape kPicture = {3, 6, 8};

std::unique_ptr<const Augmenter> Everything() {
  return std::make_unique<Augmenter>(EveryOperation(), kExtent);
}

// One picture after the other through the operations one by one.
std::vector<uint8_t> Expected(const std::vector<uint8_t>& picture, const TrainingPlace& place,
                              int64_t index) {
  std::vector<uint8_t> now = picture;
  const auto operations = EveryOperation();
  for (size_t i = 0; i < operations.size(); ++i) {
    const auto draws = PictureDraws::Of(place.seed, i, place.epoch, place.position, index);
    WithOperation(operations[i], [&](const auto& kind) {
      const auto drawn = WithMean(kind, kind.Draw(draws, kExtent), now, kExtent);
      now = PixelByPixel(kind, drawn, now, kExtent);
    });
  }
  return now;
}

TEST(Augmenter, AppliesTheOperationsInTurn) {
  const auto augmenter = Everything();
  PictureScratch scratch(kExtent);
  const auto picture = SomePicture(kExtent);
  for (int64_t i = 0; i < 30; ++i) {
    const TrainingPlace place = {.seed = 9, .epoch = i % 3, .position = 100 * i};
    const uint8_t* seen = augmenter->Apply(picture.data(), place, 7 * i, scratch);
    EXPECT_THAT(std::vector(seen, seen + picture.size()),
                ElementsAreArray(Expected(picture, place, 7 * i)));
  }
}

TEST(Augmenter, DrawsFollowSeedEpochAndPositionAndPlaceInTheList) {
  const Operation crop = {.kind = Operation::Kind::kPadAndCrop,
                          .pad_and_crop = {.padding = 2000, .reflect = false}};
  const auto drawn = [&](uint64_t seed, size_t operation, int64_t epoch, int64_t position,
                         int64_t index) {
    const auto draws = PictureDraws::Of(seed, operation, epoch, position, index);
    const auto place = crop.pad_and_crop.Draw(draws, kExtent);
    return std::pair(place.top, place.left);
  };
  EXPECT_EQ(drawn(1, 0, 2, 3, 4), drawn(1, 0, 2, 3, 5));
  EXPECT_NE(drawn(1, 0, 2, 3, 4), drawn(2, 0, 2, 3, 4));
  EXPECT_NE(drawn(1, 0, 2, 3, 4), drawn(1, 1, 2, 3, 4));
  EXPECT_NE(drawn(1, 0, 2, 3, 4), drawn(1, 0, 3, 3, 4));
  EXPECT_NE(drawn(1, 0, 2, 3, 4), drawn(1, 0, 2, 4, 4));
}

TEST(Augmenter, APictureStoredLargerIsCutBeforeItIsScaled) {
  const auto augmenter = Everything();
  ASSERT_TRUE(augmenter->StartsWithCrop());
  const PictureExtent stored = {60, 80, 3};
  const TrainingPlace place = {.seed = 1, .epoch = 2, .position = 3};
  const auto crop = augmenter->FirstCrop(stored, place, 4);
  EXPECT_TRUE(crop.top >= 0 && crop.top + crop.height <= 60 && crop.left >= 0 &&
              crop.left + crop.width <= 80 && crop.height * crop.width > 60 * 80 / 6);
  PictureScratch all(kExtent), rest(kExtent);
  const auto picture = SomePicture(kExtent);
  std::vector<uint8_t> cut(kExtent.bytes());
  EveryOperation()[0].random_resized_crop.Write(augmenter->FirstCrop(kExtent, place, 4),
                                                picture.data(), kExtent, cut.data());
  const uint8_t* whole = augmenter->Apply(picture.data(), place, 4, all);
  const uint8_t* after = augmenter->ApplyAfterCrop(cut.data(), place, 4, rest);
  EXPECT_THAT(std::vector(after, after + kExtent.bytes()),
              ElementsAreArray(whole, kExtent.bytes()));
}

ImageDataset Pictures(int64_t count, std::unique_ptr<const Augmenter> augmenter) {
  ImageSamples samples;
  samples.picture = kPicture;
  samples.pixels = Buffer(static_cast<size_t>(count) * kExtent.bytes());
  for (size_t i = 0; i < samples.Pixels().size(); ++i) {
    samples.Pixels()[i] = static_cast<uint8_t>(i * 31 + i / 256);
  }
  samples.labels.resize(static_cast<size_t>(count));
  samples.classes = 1;
  const std::vector<float> means = {0.3f, 0.4f, 0.5f}, deviations = {0.2f, 0.25f, 0.3f};
  ImageDataset::Options options;
  options.scale = PixelScale(means, deviations);
  options.augmenter = std::move(augmenter);
  return {std::move(samples), std::move(options)};
}

// Inputs of the loader's micro-batches of an epoch of 24, one after the other.
std::vector<float> Epoch(const Dataset& data, int64_t epoch, int64_t rows, int prefetch = 0) {
  const Sampler sampler(data.size(), 0.2, 5);
  Loader loader(
      data, sampler,
      [=](int64_t i) { return Slice{.epoch = epoch, .position = i * rows, .count = rows}; }, 0,
      prefetch);
  const BatchBuffers buffers(data, rows);
  std::vector<float> seen;
  for (int64_t i = 0; i < 24 / rows; ++i) {
    loader.Next(buffers.batch());
    const auto values = buffers.Field("input").Flat<float>();
    seen.insert(seen.end(), values.begin(), values.end());
  }
  return seen;
}

TEST(Augmenter, WhatIsSeenDoesNotDependOnHowTheEpochIsCut) {
  const auto data = Pictures(30, Everything());
  const auto whole = Epoch(data, 1, 24);
  EXPECT_EQ(Epoch(data, 1, 3), whole);
  EXPECT_EQ(Epoch(data, 1, 8, 2), whole);
  EXPECT_NE(Epoch(data, 2, 24), whole);
}

TEST(Augmenter, OnlyTrainingPicturesAreAugmented) {
  const auto plain = Pictures(30, nullptr), augmented = Pictures(30, Everything());
  EXPECT_EQ(ValuesOf(augmented, 3), ValuesOf(plain, 3));
  EXPECT_NE(Epoch(augmented, 0, 24), Epoch(plain, 0, 24));
}

constexpr const char* kData = "digits { train: 20 test: 4 } ";

std::string Refusal(const std::string& text) {
  return UsageErrorOf([&] { OpenText(kData + text); });
}

TEST(MakeAugmenter, RefusesWhatThePicturesRuleOut) {
  EXPECT_THAT(
      Refusal("augment { flip {} } augment { pad_and_crop { padding: 28 } }"),
      HasSubstr("data.augment[1].pad_and_crop.padding is 28, but the pictures are 28x28: it "
                "must be below 28"));
  EXPECT_THAT(Refusal("augment { cutout { side: 29 } }"),
              HasSubstr("data.augment[0].cutout.side is 29, but the pictures are 28x28"));
  EXPECT_THAT(Refusal("augment { color_jitter { saturation: 0.5 } }"),
              HasSubstr("data.augment[0].color_jitter.saturation is 0.5, but grey pictures"));
  EXPECT_THAT(Refusal("normalize { mean: [0.1, 0.2, 0.3] deviation: 0.5 }"),
              AllOf(HasSubstr("numbers for 3 channels"), HasSubstr("(1, 28, 28) have 1")));
}

TEST(MakeAugmenter, WhatThePicturesRuleOutIsFoundWithoutTheFiles) {
  const std::string text = "mnist {} augment { cutout { side: 29 } }";
  EXPECT_THAT(UsageErrorOf([&] { PeekData(ParseData(text), ""); }),
              HasSubstr("data.augment[0].cutout.side is 29, but the pictures are 28x28"));
}

TEST(MakeAugmenter, CutoutHasTheMeanColourOfNormalisation) {
  const auto data =
      ParseData("augment { cutout { side: 4 } } normalize { mean: [0.5, 0.25, 1] deviation: 0.5 }");
  const auto scale = MakePixelScale(data, kPicture);
  const auto augmenter = MakeAugmenter(data, kPicture, scale);
  const auto& cutout = augmenter->operations()[0].cutout;
  EXPECT_THAT(std::vector(cutout.fill, cutout.fill + 3), ::testing::ElementsAre(128, 64, 255));
  const auto black = ParseData("augment { cutout {} } normalize { mean: 0 deviation: 1 }");
  EXPECT_EQ(MakeAugmenter(black, {1, 9, 9}, PixelScale())->operations()[0].cutout.fill[0], 0);
}

TEST(MakeAugmenter, IsToldInOneLine) {
  EXPECT_EQ(DescribeAugmentation(ParseData("")), "");
  EXPECT_EQ(DescribeAugmentation(ParseData(
                "augment { pad_and_crop {} } augment { flip {} } augment { cutout {} } "
                "augment { color_jitter { brightness: 0.2 saturation: 0.1 } } "
                "augment { random_resized_crop {} } augment { flip { alternating: true } } "
                "augment { pad_and_crop { padding: 2 reflect: true } }")),
            "pad 4 and crop, flip 50 %, cutout 8x8, brightness within 20 %, saturation within 10 "
            "%, crop 8 to "
            "100 % of the area and resize, flip every other epoch, pad 2 reflected and crop");
}

}  // namespace
}  // namespace seve::testing
