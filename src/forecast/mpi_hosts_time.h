// How long Sève's own sum on CPUs takes: ranks of a host add in shared memory
// (comm/host_reduction.h), hosts exchange messages (comm/mpi/mpi_across_hosts.h).
#pragma once

#include "forecast/collective_time.h"
#include "forecast/fabric.h"
#include "forecast/step_options.h"

namespace seve {

// For two ranks and more; `bytes` are those of FP32. Within a host of g ranks each part of the sum
// is read from g buffers and written into g: 2 bytes move through each core for each byte summed, 2
// g through the memory. Between h hosts each sends and receives 2 (h - 1) / h of the buffer in two
// exchanges; up to 16 KiB, or between two hosts in FP32, h - 1 buffers in one. One leg of a sum
// counts half.
CollectiveTime MpiHostsTime(Collective collective, const Fabric& fabric, int ranks, double bytes,
                            WireType wire);

}  // namespace seve
