// The handles that are alive, and what the runtime's functions ask of them.
#pragma once

#include <cuda_runtime_api.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "capture.h"
#include "queue.h"

struct CUstream_st {
  int device = 0;
  std::shared_ptr<seve::emulator::Queue> queue = std::make_shared<seve::emulator::Queue>();
  // While it takes part in a capture, with the nodes that its next one follows.
  std::shared_ptr<seve::emulator::Capture> capture;
  seve::emulator::Capture::Nodes last;
};

namespace seve::emulator {

// Of streams, events and captures. Held for moments, never while work runs.
std::unique_lock<std::mutex> StateLock();

// All below: under StateLock, except where they say otherwise.

// nullptr unless `stream` is alive; the null stream is the legacy stream of the thread's device.
CUstream_st* FindStream(cudaStream_t stream);

cudaStream_t MakeStream(int device);
void DropStream(CUstream_st* stream);

// The ends of all streams of a device, destroyed ones among them.
std::vector<Point> EndsOf(int device);

void AddCapture(std::shared_ptr<Capture> capture);
// Lets its streams go.
void DropCapture(Capture* capture);

// Marks a capture as failed, for a call that it forbids.
cudaError_t Refuse(Capture* capture);

// For calls that wait for work or may: refuses them during a capture that the calling thread began,
// or any in mode Global. `relaxed`: allowed where the mode is relaxed. CUDA allows more then, such
// as to allocate; a step that is captured does nothing of the kind.
cudaError_t CheckNoCapture(bool relaxed = false);

// Runs everything in a device's streams. Without StateLock.
void RunDevice(int device);

}  // namespace seve::emulator
