// Augmentation in the GPU's gather against the CPU's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/augment/operations_testing.h"
#include "data/batch_buffers.h"
#include "data/image_dataset.h"
#include "data/loader.h"
#include "model/cuda/augment.h"
#include "model/cuda_problem_cuda_testing.h"

namespace seve::testing {
namespace {

using ::testing::ElementsAreArray;

constexpr int64_t kPictures = 40, kRows = 12;

ImageDataset PicturesOf(const PictureExtent& extent, std::vector<Operation> operations,
                        int64_t count = kPictures) {
  ImageSamples samples;
  samples.picture = Shape{extent.channels, extent.height, extent.width};
  samples.pixels = Buffer(static_cast<size_t>(count) * extent.bytes());
  for (int64_t i = 0; i < count; ++i) {
    std::ranges::copy(SomePicture(extent, static_cast<uint32_t>(i)), samples.Picture(i).begin());
    samples.labels.push_back(static_cast<uint8_t>(i % 3));
  }
  samples.classes = 3;
  std::vector<float> means, deviations;
  for (int32_t channel = 0; channel < extent.channels; ++channel) {
    means.push_back(0.4f + 0.1f * static_cast<float>(channel));
    deviations.push_back(0.2f + 0.05f * static_cast<float>(channel));
  }
  ImageDataset::Options options;
  options.scale = PixelScale(means, deviations);
  if (!operations.empty()) {
    options.augmenter = std::make_unique<Augmenter>(std::move(operations), extent);
  }
  return {std::move(samples), std::move(options)};
}

template <typename T>
DeviceBuffer OnGpu(std::span<const T> values, const CudaDevice& device) {
  DeviceBuffer memory(values.size_bytes());
  CopyToDevice(std::as_bytes(values), memory.data(), device.stream());
  return memory;
}

// What kernels bring of a micro-batch at this place, as the CPU's Loader would.
std::vector<float> OnTheGpu(const ImageDataset& data, const Sampler& sampler, SamplePlace place) {
  CudaDevice device(0);
  const Augmenter& augmenter = *data.augmenter();
  const auto stored = data.Stored()[0];
  const size_t each = augmenter.extent().bytes();
  const auto pictures =
      OnGpu(std::span(stored.data, static_cast<size_t>(data.size()) * each), device);
  const auto operations = OnGpu(augmenter.operations(), device);
  const auto scale = OnGpu(stored.scale, device), shift = OnGpu(stored.shift, device);
  const auto split = OnGpu(sampler.TrainingSplit(), device);
  const std::vector<SamplePlace> places(kStepSlots, place);
  const auto places_there = OnGpu(std::span<const SamplePlace>(places), device);
  const DeviceBuffer state(sizeof(StepState));
  const DeviceBuffer scratch(AugmentScratchBytes(augmenter.extent(), kRows));
  const DeviceBuffer values(kRows * each * sizeof(float));
  const GatherSource source{.places = places_there.As<SamplePlace>(),
                            .split = split.As<int32_t>(),
                            .samples = sampler.train_size(),
                            .seed = sampler.seed()};
  const auto* seen = Augment({.pictures = pictures.As<uint8_t>(),
                              .extent = augmenter.extent(),
                              .operations = operations.As<Operation>(),
                              .count = static_cast<int32_t>(augmenter.operations().size()),
                              .scratch = scratch.As<uint8_t>()},
                             source, kRows, state.As<StepState>(), device);
  const GatherField field{.from = seen,
                          .stored = DType::kUint8,
                          .scale = scale.As<float>(),
                          .shift = shift.As<float>(),
                          .channels = static_cast<uint32_t>(stored.scale.size()),
                          .by_row = true,
                          .width = static_cast<int64_t>(each),
                          .to = values.data()};
  Gather({&field, 1}, source, kRows, state.As<StepState>(), device);
  std::vector<float> result(kRows * each);
  CopyToHost(values.data(), std::as_writable_bytes(std::span(result)), device.stream());
  return result;
}

std::vector<float> OnTheCpu(const ImageDataset& data, const Sampler& sampler, SamplePlace place) {
  Loader loader(
      data, sampler,
      [&](int64_t) {
        return Slice{.epoch = place.epoch, .position = place.position, .count = kRows};
      },
      0, 0);
  const BatchBuffers buffers(data, kRows);
  loader.Next(buffers.batch());
  const auto values = buffers.Field("input").Flat<float>();
  return {values.begin(), values.end()};
}

TEST(AugmentOnGpu, EveryOperationGivesTheBitsOfTheCpu) {
  for (const int32_t channels : {1, 3}) {
    const PictureExtent extent = {11, 9, channels};
    for (const Operation& operation : EveryOperation()) {
      const auto data = PicturesOf(extent, {operation});
      const Sampler sampler(data.size(), 0.2, 7);
      for (const SamplePlace place : {SamplePlace{0, 0}, SamplePlace{3, 20}}) {
        EXPECT_THAT(OnTheGpu(data, sampler, place),
                    ElementsAreArray(OnTheCpu(data, sampler, place)))
            << "operation " << static_cast<int>(operation.kind) << ", channels " << channels;
      }
    }
  }
}

TEST(AugmentOnGpu, ListsOfEvenAndOddLengthGiveTheBitsOfTheCpu) {
  const PictureExtent extent = {16, 17, 3};  // more pixels than a block has threads
  auto operations = EveryOperation();
  for (int more = 0; more < 2; ++more) {
    const auto data = PicturesOf(extent, operations);
    const Sampler sampler(data.size(), 0.2, 7);
    EXPECT_THAT(OnTheGpu(data, sampler, {5, 3}), ElementsAreArray(OnTheCpu(data, sampler, {5, 3})));
    operations.pop_back();
  }
}

// From the GPU's memory, where kernels augment, and from the loader, which does.
TEST(AugmentOnGpu, TrainsAlikeWhereverThePicturesAre) {
  const PictureExtent extent = {6, 5, 3};
  const CudaProblem problem(
      "", std::string("layer { flatten {} }\n") + CudaProblem::kLayers,
      std::make_unique<ImageDataset>(PicturesOf(extent, EveryOperation(), 160)));
  Training training{.micro_batches = 2};
  const auto resident = problem.Train(training);
  training.options.keep_data = false;
  EXPECT_THAT(resident.parameters, ElementsAreArray(problem.Train(training).parameters));
  const CudaProblem plain("", std::string("layer { flatten {} }\n") + CudaProblem::kLayers,
                          std::make_unique<ImageDataset>(PicturesOf(extent, {}, 160)));
  EXPECT_NE(plain.Train(training).parameters, resident.parameters);
}

}  // namespace
}  // namespace seve::testing
