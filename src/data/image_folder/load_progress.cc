#include "data/image_folder/load_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/terminal.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr double kSecondsBetween = 0.2;

}  // namespace

LoadProgress::LoadProgress(std::string what, int64_t total)
    : what_(std::move(what)),
      total_(total),
      interactive_(DetectTerminal(STDERR_FILENO).interactive) {}

LoadProgress::~LoadProgress() {
  if (written_) fmt::print(stderr, "\r\x1b[K");
}

void LoadProgress::Advance() {
  if (!interactive_) return;
  const std::lock_guard lock(mutex_);
  ++done_;
  if (const double seconds = watch_.Seconds(); seconds >= next_) {
    next_ = seconds + kSecondsBetween;
    written_ = true;
    fmt::print(stderr, "\r\x1b[K{}: {} of {}", what_, WithThousands(done_), WithThousands(total_));
  }
}

}  // namespace seve
