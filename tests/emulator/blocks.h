// Runs the blocks of a kernel's grid, one after the other, on the calling thread.
//
// A thread of a block is a call. It gets a stack of its own only when it has to wait for others of
// its block: calls that end without waiting follow each other on one fiber, so that a kernel
// without barriers costs hardly more than its calls.
#pragma once

#include <vector_types.h>

#include <functional>

namespace seve::emulator {

// Calls `body` once a thread, with threadIdx and the others set (device_threads.h). Aborts, with a
// word on standard error, where threads of a block wait at different barriers for ever.
void RunGrid(dim3 grid, dim3 block, const std::function<void()>& body);

}  // namespace seve::emulator
