#include <algorithm>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "devices.h"
#include "errors.h"
#include "state.h"

struct CUevent_st {
  int device = 0;
  bool timed = false;
  seve::emulator::Point point;  // of the last record
  std::shared_ptr<std::chrono::steady_clock::time_point> time;
  // Where the last record was captured instead.
  std::shared_ptr<seve::emulator::Capture> capture;
  seve::emulator::Capture::Nodes last;
};

namespace seve::emulator {
namespace {

using Clock = std::chrono::steady_clock;

// Under StateLock; never destroyed (state.cc).
auto& Events() {
  static auto& events = *new std::unordered_map<cudaEvent_t, std::unique_ptr<CUevent_st>>;
  return events;
}

CUevent_st* FindEvent(cudaEvent_t event) {
  const auto found = Events().find(event);
  return found == Events().end() ? nullptr : found->second.get();
}

void RecordIn(CUstream_st* stream, CUevent_st* event) {
  event->capture = stream->capture;
  event->last = stream->last;
  event->point = {};
  if (stream->capture != nullptr) return;
  if (event->timed) {
    event->time = std::make_shared<Clock::time_point>();
    stream->queue->Append([time = event->time] { *time = Clock::now(); });
  }
  event->point = stream->queue->End();
}

cudaError_t Record(cudaEvent_t event_handle, cudaStream_t stream_handle) {
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(stream_handle);
  CUevent_st* event = FindEvent(event_handle);
  if (stream == nullptr || event == nullptr || stream->device != event->device) {
    return cudaErrorInvalidResourceHandle;
  }
  if (stream->capture != nullptr && stream->capture->invalid) {
    return cudaErrorStreamCaptureInvalidated;
  }
  RecordIn(stream, event);
  return cudaSuccess;
}

// A wait for what was captured draws the waiting stream into the capture.
cudaError_t JoinCapture(CUstream_st* stream, const CUevent_st& event) {
  if (event.capture->ended) return cudaErrorCapturedEvent;
  if (event.capture->invalid) return cudaErrorStreamCaptureInvalidated;
  if (stream->capture == nullptr) {
    stream->capture = event.capture;
    stream->capture->members.insert(stream);
    stream->last = event.last;
    stream->capture->Add(nullptr, &stream->last);  // to be joined, even if nothing follows
    return cudaSuccess;
  }
  if (stream->capture != event.capture) {
    stream->capture->invalid = true;
    event.capture->invalid = true;
    return cudaErrorStreamCaptureMerge;
  }
  for (const size_t node : event.last) {
    if (std::find(stream->last.begin(), stream->last.end(), node) == stream->last.end()) {
      stream->last.push_back(node);
    }
  }
  return cudaSuccess;
}

cudaError_t Wait(cudaStream_t stream_handle, cudaEvent_t event_handle) {
  const auto lock = StateLock();
  CUstream_st* stream = FindStream(stream_handle);
  CUevent_st* event = FindEvent(event_handle);
  if (stream == nullptr || event == nullptr) return cudaErrorInvalidResourceHandle;
  if (event->capture != nullptr) {
    if (stream_handle == nullptr || stream_handle == cudaStreamLegacy) {
      event->capture->invalid = true;
      return cudaErrorStreamCaptureImplicit;
    }
    return JoinCapture(stream, *event);
  }
  if (stream->capture != nullptr) {
    stream->capture->invalid = true;
    return cudaErrorStreamCaptureIsolation;
  }
  stream->queue->AppendWait(event->point);
  return cudaSuccess;
}

// What an event waits for, for somebody who asks.
cudaError_t FindPoint(cudaEvent_t handle, Point* point) {
  const auto lock = StateLock();
  CUevent_st* event = FindEvent(handle);
  if (event == nullptr) return cudaErrorInvalidResourceHandle;
  if (event->capture != nullptr) {
    event->capture->invalid = true;
    return cudaErrorCapturedEvent;
  }
  *point = event->point;
  return CheckNoCapture(true);
}

}  // namespace
}  // namespace seve::emulator

using namespace seve::emulator;

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  if (const cudaError_t status = CheckDevice(); status != cudaSuccess) return Result(status);
  auto made = std::make_unique<CUevent_st>();
  made->device = CurrentDevice();
  made->timed = (flags & cudaEventDisableTiming) == 0;
  *event = made.get();
  const auto lock = StateLock();
  Events().emplace(*event, std::move(made));
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  const auto lock = StateLock();
  return Result(Events().erase(event) == 1 ? cudaSuccess : cudaErrorInvalidResourceHandle);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  return Result(Record(event, stream));
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  return Result(Wait(stream, event));
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  Point point;
  const cudaError_t status = FindPoint(event, &point);
  if (status == cudaSuccess) Queue::Run(point, Patience::kWait);
  return Result(status);
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  Point point;
  if (const cudaError_t status = FindPoint(event, &point); status != cudaSuccess) {
    return Result(status);
  }
  return Result(Queue::Run(point, Patience::kNone) ? cudaSuccess : cudaErrorNotReady);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t from, cudaEvent_t to) {
  const auto lock = StateLock();
  const CUevent_st* first = FindEvent(from);
  const CUevent_st* second = FindEvent(to);
  if (first == nullptr || second == nullptr || first->time == nullptr || second->time == nullptr) {
    return Result(cudaErrorInvalidResourceHandle);
  }
  if (!Queue::Done(first->point) || !Queue::Done(second->point)) return Result(cudaErrorNotReady);
  *milliseconds = std::chrono::duration<float, std::milli>(*second->time - *first->time).count();
  return cudaSuccess;
}
