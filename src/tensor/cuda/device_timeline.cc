#include "tensor/cuda/device_timeline.h"

namespace seve {

void DeviceTimeline::Begin(cudaStream_t stream) {
  on_ = true;
  used_ = 0;
  marked_.clear();
  phase_.reset();
  const int64_t before = Trace::Now();
  const size_t start = Record(stream);
  CheckCuda(cudaEventSynchronize(events_[start].get()), "cudaEventSynchronize");
  start_ = before + (Trace::Now() - before) / 2;
}

void DeviceTimeline::End(Trace* trace) {
  on_ = false;
  for (Marked& marked : marked_) {
    marked.interval.begin = TimeOf(marked.begin);
    marked.interval.end = TimeOf(marked.end);
    trace->Add(marked.interval);
  }
}

void DeviceTimeline::EnterPhase(const char* phase, cudaStream_t stream) {
  Close(phase_, stream);
  phase_.reset();
  if (*phase != '\0') phase_ = Open(Trace::Row::kPhase, phase, "", 0, stream);
}

std::optional<size_t> DeviceTimeline::Open(Trace::Row row, const char* name, const char* kind,
                                           size_t bytes, cudaStream_t stream) {
  if (!on_) return std::nullopt;
  const size_t begin = Record(stream);
  marked_.push_back({.interval = {.row = row, .name = name, .kind = kind, .bytes = bytes},
                     .begin = begin,
                     .end = begin});
  return marked_.size() - 1;
}

void DeviceTimeline::Close(std::optional<size_t> interval, cudaStream_t stream) {
  if (interval && on_) marked_[*interval].end = Record(stream);
}

size_t DeviceTimeline::Record(cudaStream_t stream) {
  if (used_ == events_.size()) events_.push_back(MakeTimingEvent());
  CheckCuda(cudaEventRecord(events_[used_].get(), stream), "cudaEventRecord");
  return used_++;
}

int64_t DeviceTimeline::TimeOf(size_t event) const {
  float milliseconds = 0;
  CheckCuda(cudaEventElapsedTime(&milliseconds, events_.front().get(), events_[event].get()),
            "cudaEventElapsedTime");
  return start_ + static_cast<int64_t>(static_cast<double>(milliseconds) * 1e6);
}

}  // namespace seve
