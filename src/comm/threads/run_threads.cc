#include "comm/threads/run_threads.h"

#include <thread>
#include <vector>

#include "base/error.h"
#include "comm/threads/thread_communicator.h"
#include "comm/threads/thread_world.h"

namespace seve {
namespace {

void RunRank(ThreadWorld& world, int rank, const std::function<void(Communicator&)>& body) {
  try {
    ThreadCommunicator communicator(world, rank);
    body(communicator);
  } catch (...) {
    world.Fail(rank, std::current_exception());
  }
}

}  // namespace

void RunThreads(int world_size, const std::function<void(Communicator&)>& body) {
  Check(world_size >= 1, "a world has at least one rank");
  ThreadWorld world(world_size);
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < world_size; ++rank) {
      threads.emplace_back([&world, rank, &body] { RunRank(world, rank, body); });
    }
  }
  world.RethrowFirst();
}

}  // namespace seve
