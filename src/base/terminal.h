// Where console output goes: a person's terminal, or a pipe or file.
#pragma once

namespace seve {

struct Terminal {
  bool interactive = false;  // lines may be rewritten in place
  bool colour = false;
  bool utf8 = false;
  int columns = 80;
};

// Asks the operating system about an open file descriptor. A terminal without a width is not taken
// for one: Open MPI gives its ranks such a pseudo-terminal when its own output is piped. No colour
// with NO_COLOR set.
Terminal DetectTerminal(int descriptor);

}  // namespace seve
