#include <algorithm>
#include <numeric>
#include <optional>

#include "data/augment/augmenter.h"
#include "data/batch_buffers.h"
#include "model/cuda/augment.h"
#include "model/cuda/gather.h"
#include "model/cuda/places.h"
#include "model/cuda/sample_feed.h"

namespace seve {
namespace {

size_t BytesOf(const FieldSpec& field, DType stored, int64_t samples) {
  return static_cast<size_t>(samples * field.shape.elements()) * SizeOf(stored);
}

template <typename T>
DeviceBuffer OnGpu(std::span<const T> values, const CudaDevice& device) {
  DeviceBuffer memory(values.size_bytes());
  if (!values.empty()) CopyToDevice(std::as_bytes(values), memory.data(), device.stream());
  return memory;
}

// A field of all samples on the GPU.
struct ResidentField {
  DeviceBuffer memory;
  DType stored = DType::kFloat32;
  DeviceBuffer scale = {}, shift = {};  // of pixels, one a channel
  uint32_t channels = 1;
};

// What only Gather knows, converted in pieces.
std::vector<ResidentField> Converted(const Dataset& data, const CudaDevice& device) {
  constexpr int64_t kPiece = 1024;
  std::vector<ResidentField> fields;
  for (const auto& spec : data.Fields()) {
    fields.push_back(
        {.memory = DeviceBuffer(BytesOf(spec, spec.dtype, data.size())), .stored = spec.dtype});
  }
  std::vector<int64_t> indices(kPiece);
  for (int64_t first = 0; first < data.size(); first += kPiece) {
    const int64_t count = std::min(kPiece, data.size() - first);
    indices.resize(static_cast<size_t>(count));
    std::iota(indices.begin(), indices.end(), first);
    const BatchBuffers piece(data, count);
    data.Gather(indices, piece.batch());
    for (size_t i = 0; i < fields.size(); ++i) {
      const Tensor& part = piece.batch()[i];
      const size_t each = part.bytes() / static_cast<size_t>(count);
      CopyToDevice({static_cast<const std::byte*>(part.memory()), part.bytes()},
                   fields[i].memory.data() + static_cast<size_t>(first) * each, device.stream());
    }
  }
  return fields;
}

std::vector<ResidentField> Copied(const Dataset& data, const std::vector<StoredField>& stored,
                                  const CudaDevice& device) {
  std::vector<ResidentField> fields;
  for (size_t i = 0; i < stored.size(); ++i) {
    const StoredField& from = stored[i];
    const size_t bytes = BytesOf(data.Fields()[i], from.dtype, data.size());
    constexpr float kOne = 1, kZero = 0;
    const bool scaled = !from.scale.empty();
    const auto scale = scaled ? from.scale : std::span(&kOne, 1);
    const auto shift = scaled ? from.shift : std::span(&kZero, 1);
    fields.push_back({.memory = OnGpu(std::span(from.data, bytes), device),
                      .stored = from.dtype,
                      .scale = OnGpu(scale, device),
                      .shift = OnGpu(shift, device),
                      .channels = static_cast<uint32_t>(scale.size())});
  }
  return fields;
}

// The pictures of "input" on their way through the operations.
class ResidentAugmenter {
 public:
  ResidentAugmenter(const Dataset& data, int64_t most_rows, const CudaDevice& device)
      : augmenter_(*data.augmenter()),
        field_(FieldOf(data)),
        operations_(OnGpu(augmenter_.operations(), device)),
        scratch_(AugmentScratchBytes(augmenter_.extent(), most_rows)) {}

  [[nodiscard]] size_t field() const { return field_; }
  const uint8_t* Enqueue(const ResidentField& field, const GatherSource& source, int64_t rows,
                         const StepState* state, const CudaDevice& device) const {
    const AugmentedField augmented{.pictures = field.memory.As<uint8_t>(),
                                   .extent = augmenter_.extent(),
                                   .operations = operations_.As<Operation>(),
                                   .count = static_cast<int32_t>(augmenter_.operations().size()),
                                   .scratch = scratch_.As<uint8_t>()};
    return Augment(augmented, source, rows, state, device);
  }

 private:
  static size_t FieldOf(const Dataset& data) {
    const auto found = std::ranges::find(data.Fields(), "input", &FieldSpec::name);
    return static_cast<size_t>(found - data.Fields().begin());
  }

  const Augmenter& augmenter_;
  size_t field_;
  DeviceBuffer operations_;
  DeviceBuffer scratch_;
};

class ResidentFeed : public SampleFeed {
 public:
  ResidentFeed(const Dataset& data, const Sampler& sampler, const FeedOptions& options,
               StepState* state, const CudaDevice& device)
      : specs_(data.Fields()),
        device_(device),
        state_(state),
        seed_(options.seed),
        samples_(sampler.train_size()),
        places_(options.micro_batches),
        split_(sampler.TrainingSplit().size_bytes()) {
    const auto stored = data.Stored();
    Check(CanBeResident(data), "augmentation of pictures that the GPU does not hold as stored");
    fields_ = stored.empty() ? Converted(data, device) : Copied(data, stored, device);
    if (data.augmenter() != nullptr) augmenter_.emplace(data, options.most_rows, device);
    CopyToDevice(std::as_bytes(sampler.TrainingSplit()), split_.data(), device.stream());
  }

  bool HoldsData() const override { return true; }

  void Prepare(Loader& /*loader*/, std::span<const Slice> micro_batches, int slot) override {
    places_.Write(micro_batches, slot);
  }

  void Enqueue(int64_t index, const CudaPlan& plan) override {
    const GatherSource source{.places = places_.data(),
                              .index = index,
                              .count = places_.count(),
                              .split = split_.As<int32_t>(),
                              .samples = samples_,
                              .seed = seed_};
    std::vector<GatherField> fields;
    for (size_t i = 0; i < fields_.size(); ++i) {
      const Tensor& to = plan.inputs()[i];
      if (!to.present()) continue;
      const ResidentField& field = fields_[i];
      const bool augmented = augmenter_ && augmenter_->field() == i;
      const void* from = field.memory.data();
      if (augmented) from = augmenter_->Enqueue(field, source, plan.rows(), state_, device_);
      fields.push_back({.from = from,
                        .stored = field.stored,
                        .scale = field.scale.As<float>(),
                        .shift = field.shift.As<float>(),
                        .channels = field.channels,
                        .by_row = augmented,
                        .width = specs_[i].shape.elements(),
                        .to = to.memory(),
                        .type = to.dtype()});
    }
    Gather(fields, source, plan.rows(), state_, device_);
  }

 private:
  const std::vector<FieldSpec>& specs_;
  const CudaDevice& device_;
  StepState* state_;
  uint64_t seed_;
  int64_t samples_;
  StepPlaces places_;
  DeviceBuffer split_;
  std::vector<ResidentField> fields_;
  std::optional<ResidentAugmenter> augmenter_;
};

}  // namespace

bool CanBeResident(const Dataset& data) {
  return data.augmenter() == nullptr || !data.Stored().empty();
}

size_t ResidentBytes(const Dataset& data) {
  const auto stored = data.Stored();
  size_t bytes = static_cast<size_t>(data.size()) * sizeof(int32_t);
  for (size_t i = 0; i < data.Fields().size(); ++i) {
    const FieldSpec& spec = data.Fields()[i];
    bytes += BytesOf(spec, stored.empty() ? spec.dtype : stored[i].dtype, data.size());
  }
  return bytes;
}

std::unique_ptr<SampleFeed> MakeResidentFeed(const Dataset& data, const Sampler& sampler,
                                             const FeedOptions& options, StepState* state,
                                             const CudaDevice& device) {
  return std::make_unique<ResidentFeed>(data, sampler, options, state, device);
}

}  // namespace seve
