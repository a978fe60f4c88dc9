#include "model/cuda/gather.h"
#include "model/cuda/places.h"
#include "model/cuda/sample_feed.h"

namespace seve {
namespace {

// Rows of all slots: a step's micro-batches lie `most_rows` apart.
int64_t RowsOf(const FeedOptions& options) {
  return kStepSlots * options.micro_batches * options.most_rows;
}

size_t BytesOf(const FieldSpec& field, int64_t rows) {
  return static_cast<size_t>(rows * field.shape.elements()) * SizeOf(field.dtype);
}

// The step before last is over when a slot is filled, so neither copy can disturb one.
class StagedFeed : public SampleFeed {
 public:
  StagedFeed(const Dataset& data, const FeedOptions& options, StepState* state,
             const CudaDevice& device)
      : specs_(data.Fields()),
        options_(options),
        device_(device),
        state_(state),
        places_(options.micro_batches),
        copies_(MakeStream()),
        sent_(MakeEvent()) {
    for (const auto& spec : specs_) {
      host_.emplace_back(BytesOf(spec, RowsOf(options)));
      staged_.emplace_back(BytesOf(spec, RowsOf(options)));
    }
  }

  bool HoldsData() const override { return false; }

  void Prepare(Loader& loader, std::span<const Slice> micro_batches, int slot) override {
    places_.Write(micro_batches, slot);
    for (size_t i = 0; i < micro_batches.size(); ++i) {
      const int64_t first =
          (slot * options_.micro_batches + static_cast<int64_t>(i)) * options_.most_rows;
      Send(loader, micro_batches[i], first);
    }
    Join(copies_.get(), device_.stream(), sent_);
  }

  void Enqueue(int64_t index, const CudaPlan& plan) override {
    std::vector<GatherField> fields;
    for (size_t i = 0; i < specs_.size(); ++i) {
      const Tensor& to = plan.inputs()[i];
      if (!to.present()) continue;
      fields.push_back({.from = staged_[i].data(),
                        .stored = specs_[i].dtype,
                        .width = specs_[i].shape.elements(),
                        .to = to.memory(),
                        .type = to.dtype()});
    }
    const GatherSource source{.places = places_.data(),
                              .index = index,
                              .count = places_.count(),
                              .rows_apart = options_.most_rows};
    Gather(fields, source, plan.rows(), state_, device_);
  }

 private:
  void Send(Loader& loader, const Slice& slice, int64_t first) {
    Batch batch;
    for (size_t i = 0; i < specs_.size(); ++i) {
      batch.emplace_back(host_[i].data() + BytesOf(specs_[i], first), specs_[i].dtype,
                         specs_[i].shape.WithRows(slice.count));
    }
    const Slice brought = loader.Next(batch);
    Check(brought.position == slice.position && brought.count == slice.count,
          "the loader brought another micro-batch than the step expects");
    for (size_t i = 0; i < specs_.size(); ++i) {
      if (batch[i].bytes() == 0) continue;
      CheckCuda(cudaMemcpyAsync(staged_[i].data() + BytesOf(specs_[i], first), batch[i].memory(),
                                batch[i].bytes(), cudaMemcpyHostToDevice, copies_.get()),
                "cudaMemcpyAsync");
    }
  }

  const std::vector<FieldSpec>& specs_;
  FeedOptions options_;
  const CudaDevice& device_;
  StepState* state_;
  StepPlaces places_;
  std::vector<PinnedBuffer> host_;
  std::vector<DeviceBuffer> staged_;
  Stream copies_;
  Event sent_;
};

}  // namespace

size_t StagedBytes(const Dataset& data, const FeedOptions& options) {
  size_t bytes = 0;
  for (const auto& field : data.Fields()) bytes += BytesOf(field, RowsOf(options));
  return bytes;
}

std::unique_ptr<SampleFeed> MakeStagedFeed(const Dataset& data, const FeedOptions& options,
                                           StepState* state, const CudaDevice& device) {
  return std::make_unique<StagedFeed>(data, options, state, device);
}

}  // namespace seve
