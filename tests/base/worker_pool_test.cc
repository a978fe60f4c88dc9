#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace seve {
namespace {

TEST(WorkerPool, TakesEveryTurnOnce) {
  for (const int threads : {1, 2, 5}) {
    WorkerPool pool(threads);
    for (const int64_t count : {0, 1, 3, 200}) {
      std::vector<std::atomic<int>> turns(static_cast<size_t>(count));
      pool.For(count, [&](int64_t i) { ++turns[static_cast<size_t>(i)]; });
      for (const auto& taken : turns) EXPECT_EQ(taken, 1);
    }
  }
}

TEST(WorkerPool, RethrowsTheFirstFailureAndWorksOn) {
  WorkerPool pool(4);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::string failure;
    try {
      pool.For(100, [](int64_t i) {
        if (i % 10 == 7) throw std::runtime_error(std::to_string(i));
      });
    } catch (const std::runtime_error& error) {
      failure = error.what();
    }
    EXPECT_EQ(failure, "7");
    std::atomic<int> turns = 0;
    pool.For(10, [&](int64_t) { ++turns; });
    EXPECT_EQ(turns, 10);
  }
}

TEST(WorkerPool, ServesSeveralCallers) {
  WorkerPool pool(3);
  std::atomic<int> turns = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&] {
        for (int loop = 0; loop < 25; ++loop) pool.For(4, [&](int64_t) { ++turns; });
      });
    }
  }
  EXPECT_EQ(turns, 4 * 25 * 4);
}

}  // namespace
}  // namespace seve
