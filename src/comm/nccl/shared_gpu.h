// Several ranks on one GPU, for tests on a machine with one: NCCL refuses it unless each rank takes
// itself for another host.
#pragma once

namespace seve {

// Sets what NCCL reads from the environment so that this process is a host of its own and talks
// over the loopback interface with few blocks. Before NCCL's first call of the process; other
// threads must not read the environment meanwhile. What the user has set stays, but for the host.
void PretendToBeAHost(int rank);

}  // namespace seve
