// Requests to stop that arrive as signals.
#pragma once

namespace seve {

// From now on SIGTERM, SIGINT, SIGUSR1 and SIGUSR2 set a flag; a second SIGTERM or SIGINT ends the
// process at once.
void CatchStopSignals();

// From now on SIGTERM and SIGINT do nothing: what is left to do is to leave. srun sends SIGTERM to
// all ranks as soon as one of them has ended with another code than 0.
void IgnoreStopSignals();

// Has one of them arrived? Async-signal-safe, any thread.
bool StopRequested();

}  // namespace seve
