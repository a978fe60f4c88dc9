// Work of an emulated stream, for the parts of the emulator that enqueue some.
#pragma once

#include <cuda_runtime_api.h>

#include <functional>

namespace seve::emulator {

// Appends work to a stream, or to the graph that is being captured from it. It runs in the stream's
// order when somebody waits for the stream, on the thread that waits; a captured one at every
// launch of the graph. It may block (a collective waits for other ranks): no lock is held then.
// Fails where the stream is none, or its capture has failed.
cudaError_t Enqueue(cudaStream_t stream, std::function<void()> work);

}  // namespace seve::emulator
