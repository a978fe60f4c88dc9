#include <algorithm>
#include <numeric>

#include "data/batch_buffers.h"
#include "model/cuda/gather.h"
#include "model/cuda/places.h"
#include "model/cuda/sample_feed.h"

namespace seve {
namespace {

size_t BytesOf(const FieldSpec& field, DType stored, int64_t samples) {
  return static_cast<size_t>(samples * field.shape.elements()) * SizeOf(stored);
}

// A field of all samples on the GPU.
struct ResidentField {
  DeviceBuffer memory;
  StoredField stored;
};

// What only Gather knows, converted in pieces.
std::vector<ResidentField> Converted(const Dataset& data, const CudaDevice& device) {
  constexpr int64_t kPiece = 1024;
  std::vector<ResidentField> fields;
  for (const auto& spec : data.Fields()) {
    fields.push_back({DeviceBuffer(BytesOf(spec, spec.dtype, data.size())),
                      {.data = nullptr, .dtype = spec.dtype}});
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
    const size_t bytes = BytesOf(data.Fields()[i], stored[i].dtype, data.size());
    fields.push_back({DeviceBuffer(bytes), stored[i]});
    CopyToDevice({stored[i].data, bytes}, fields.back().memory.data(), device.stream());
  }
  return fields;
}

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
    fields_ = stored.empty() ? Converted(data, device) : Copied(data, stored, device);
    CopyToDevice(std::as_bytes(sampler.TrainingSplit()), split_.data(), device.stream());
  }

  bool HoldsData() const override { return true; }

  void Prepare(Loader& /*loader*/, std::span<const Slice> micro_batches, int slot) override {
    places_.Write(micro_batches, slot);
  }

  void Enqueue(int64_t index, const CudaPlan& plan) override {
    std::vector<GatherField> fields;
    for (size_t i = 0; i < fields_.size(); ++i) {
      const Tensor& to = plan.inputs()[i];
      if (!to.present()) continue;
      const StoredField& stored = fields_[i].stored;
      fields.push_back({.from = fields_[i].memory.data(),
                        .stored = stored.dtype,
                        .scale = stored.scale,
                        .shift = stored.shift,
                        .width = specs_[i].shape.elements(),
                        .to = to.memory(),
                        .type = to.dtype()});
    }
    const GatherSource source{.places = places_.data(),
                              .index = index,
                              .count = places_.count(),
                              .split = split_.As<int32_t>(),
                              .samples = samples_,
                              .seed = seed_};
    Gather(fields, source, plan.rows(), state_, device_);
  }

 private:
  const std::vector<FieldSpec>& specs_;
  const CudaDevice& device_;
  StepState* state_;
  uint64_t seed_;
  int64_t samples_;
  Places places_;
  DeviceBuffer split_;
  std::vector<ResidentField> fields_;
};

}  // namespace

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
