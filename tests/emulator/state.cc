#include "state.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "devices.h"

namespace seve::emulator {
namespace {

// Never destroyed: handles outlive main() in destructors of other files.
struct State {
  std::mutex mutex;
  std::unordered_map<cudaStream_t, std::unique_ptr<CUstream_st>> streams;
  std::map<int, cudaStream_t> legacy;
  // Of destroyed streams: their work goes on.
  std::vector<std::pair<int, Point>> left;
  std::vector<std::shared_ptr<Capture>> captures;
};

State& TheState() {
  static State& state = *new State;
  return state;
}

}  // namespace

std::unique_lock<std::mutex> StateLock() { return std::unique_lock(TheState().mutex); }

CUstream_st* FindStream(cudaStream_t stream) {
  State& state = TheState();
  if (stream == nullptr || stream == cudaStreamLegacy) {
    cudaStream_t& legacy = state.legacy[CurrentDevice()];
    if (legacy == nullptr) legacy = MakeStream(CurrentDevice());
    return legacy;
  }
  const auto found = state.streams.find(stream);
  return found == state.streams.end() ? nullptr : found->second.get();
}

cudaStream_t MakeStream(int device) {
  auto stream = std::make_unique<CUstream_st>();
  stream->device = device;
  const cudaStream_t handle = stream.get();
  TheState().streams.emplace(handle, std::move(stream));
  return handle;
}

void DropStream(CUstream_st* stream) {
  if (const std::shared_ptr<Capture> capture = stream->capture; capture != nullptr) {
    capture->invalid = true;
    if (capture->origin == stream) DropCapture(capture.get());  // nobody can end it
    capture->members.erase(stream);
  }
  std::erase_if(TheState().left, [](const auto& left) { return Queue::Done(left.second); });
  TheState().left.emplace_back(stream->device, stream->queue->End());
  TheState().streams.erase(stream);
}

std::vector<Point> EndsOf(int device) {
  std::vector<Point> ends;
  for (const auto& [handle, stream] : TheState().streams) {
    if (stream->device == device) ends.push_back(stream->queue->End());
  }
  for (const auto& [of, end] : TheState().left) {
    if (of == device) ends.push_back(end);
  }
  return ends;
}

void AddCapture(std::shared_ptr<Capture> capture) {
  TheState().captures.push_back(std::move(capture));
}

void DropCapture(Capture* capture) {
  capture->ended = true;
  for (const cudaStream_t stream : capture->members) {
    stream->last.clear();
    stream->capture = nullptr;
  }
  std::erase_if(TheState().captures, [&](const auto& other) { return other.get() == capture; });
}

cudaError_t Refuse(Capture* capture) {
  capture->invalid = true;
  return cudaErrorStreamCaptureUnsupported;
}

cudaError_t CheckNoCapture(bool relaxed) {
  cudaError_t status = cudaSuccess;
  for (const auto& capture : TheState().captures) {
    const bool mine = capture->thread == std::this_thread::get_id();
    const bool lenient = relaxed && capture->mode == cudaStreamCaptureModeRelaxed;
    if ((mine && !lenient) || capture->mode == cudaStreamCaptureModeGlobal) {
      status = Refuse(capture.get());
    }
  }
  return status;
}

void RunDevice(int device) {
  std::vector<Point> ends;
  {
    const auto lock = StateLock();
    ends = EndsOf(device);
  }
  for (const Point& end : ends) Queue::Run(end, Patience::kWait);
}

}  // namespace seve::emulator
