// Requests to stop that arrive as signals.
#pragma once

namespace seve {

// From now on SIGTERM, SIGINT, SIGUSR1 and SIGUSR2 set a flag; a second SIGTERM or SIGINT ends the
// process at once.
void CatchStopSignals();

// Has one of them arrived? Async-signal-safe, any thread.
bool StopRequested();

}  // namespace seve
