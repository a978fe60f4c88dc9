// What goes wrong, where and when: the text in SEVE_FAULT, "RANK PLACE COUNT ACTION".
#pragma once

#include <functional>
#include <string>

#include "base/file.h"

namespace seve::faults {

struct Fault {
  int rank = -1;  // of the rank that is hit; -1: none
  // For all ranks: before_sum, in_sum, after_sum: of gradients.
  // For rank 0's checkpoints: write, sync, rename: instead of that system call.
  std::string place;
  int count = 0;  // at which step of this start, or which call, counted from 1
  // kill, stop, exit, hang, throw, leave; slow: from then on; nan: a gradient; flip: a bit of a
  // parameter; short: write a part; full: no space from then on.
  std::string action;
};

// From the environment. A word it does not know ends the program.
Fault FaultFromEnvironment();

// Does what kills, stops or holds up this process, and says so on standard error first, with the
// time: "fault: kill at 1764000000.123".
void Do(const Fault& fault);

// The system calls, with the fault in them.
FileCalls FaultyFileCalls(const Fault& fault);

}  // namespace seve::faults
