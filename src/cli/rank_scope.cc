#include "cli/rank_scope.h"

#include <fmt/format.h>

#include "base/signals.h"
#include "comm/agreement.h"
#include "comm/mpi/launcher.h"
#include "comm/mpi/mpi_communicator.h"
#include "comm/mpi/mpi_session.h"
#include "comm/solo/solo_communicator.h"

namespace seve {
namespace {

constexpr int kInternalError = 1;
constexpr double kEndDeadline = 120;

// All ranks get here with the same code; the launcher hears it from rank 0 alone.
int EndTogether(Communicator& communicator, int code) {
  // Rank 0 may be gone with its code before another has left the barrier; none is to die of that.
  IgnoreStopSignals();
  communicator.SetDeadline(kEndDeadline, "end");
  communicator.Barrier();
  return communicator.rank() == 0 ? code : 0;
}

int EndAlone(Communicator& communicator, const Logger& logger, int code, const char* what) {
  logger.Error(what);
  if (communicator.size() > 1) communicator.Abort(code);
  return code;
}

int RunRank(Communicator& communicator, Logger& logger,
            const std::function<int(Communicator&, Logger&)>& work) {
  try {
    return EndTogether(communicator, work(communicator, logger));
  } catch (const AgreedError& error) {
    if (communicator.rank() == 0) logger.Error(error.what());
    return EndTogether(communicator, static_cast<int>(error.code()));
  } catch (const Error& error) {
    return EndAlone(communicator, logger, static_cast<int>(error.code()), error.what());
  } catch (const std::exception& error) {
    return EndAlone(communicator, logger, kInternalError, error.what());
  }
}

}  // namespace

int WithRank(const std::function<int(Communicator&, Logger&)>& work) {
  CatchStopSignals();
  if (!StartedByLauncher()) {
    CheckLauncher(1);
    const auto communicator = MakeSoloCommunicator();
    Logger logger(0);
    return RunRank(*communicator, logger, work);
  }
  const MpiSession session;
  Logger logger(session.rank());
  try {
    const auto communicator = MakeMpiCommunicator(session);
    return RunRank(*communicator, logger, work);
  } catch (const std::exception& error) {  // there is no communicator, or the common end failed
    logger.Error(error.what());
    const auto* known = dynamic_cast<const Error*>(&error);
    session.Abort(known == nullptr ? kInternalError : static_cast<int>(known->code()));
  }
}

}  // namespace seve
