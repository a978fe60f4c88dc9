// Where and with what a run was started.
#pragma once

#include <string>

namespace seve {

struct Environment {
  std::string started;          // "2026-11-25T02:56:10Z"
  std::string version, commit;  // Version(), Commit()
  std::string host;             // of rank 0
  std::string processor;        // "AMD EPYC 7763 64-Core Processor"; empty: not known
};

Environment ThisEnvironment();

}  // namespace seve
