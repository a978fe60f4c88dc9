// How long NCCL's collectives take, after the cost model by which NCCL itself chooses an algorithm:
// time = latency + bytes / bandwidth, with the constants of src/graph/tuning.cc of NCCL 2.28.
#pragma once

#include "forecast/collective_time.h"
#include "forecast/fabric.h"

namespace seve {

// The fastest of ring and tree with the protocols LL, LL128 and Simple, and on Hopper boards with
// NVSwitch NVLS within a node and NVLSTree between nodes (all-reduce; halves of it: ring alone),
// for two ranks and more.
//
// Where NCCL searches the machine for channels and what each of them carries, rates are those of
// fabric.h, and channels follow the habit of the generation: one for each network card of 25 GB/s
// (Ampere and older) or 50 GB/s (Hopper), one for every 20 or 30 GB/s of NVLink within a node; NCCL
// doubles them when it launches kernels.
CollectiveTime NcclTime(Collective collective, const Fabric& fabric, int ranks, double bytes);

}  // namespace seve
