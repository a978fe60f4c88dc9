// The constants of NCCL's cost model: src/graph/tuning.cc of NCCL 2.28 (read at 2.28.3). Latencies
// in microseconds, rates in GB/s.
#pragma once

#include <array>

namespace seve::nccl {

enum Algorithm { kTree, kRing };
enum Protocol { kLl, kLl128, kSimple };
enum Link { kNvLink, kPcie, kNet };

// baseLatencies: [algorithm][protocol].
inline constexpr double kBaseLatency[2][3] = {{6.8, 14.0, 8.4}, {6.6, 14.0, 8.4}};

// hwLatencies: [link][algorithm][protocol].
inline constexpr double kLinkLatency[3][2][3] = {{{0.6, 1.25, 4.0}, {0.6, 1.9, 3.4}},
                                                 {{1.0, 1.9, 4.0}, {1.0, 2.5, 5.7}},
                                                 {{5.0, 8.5, 14.0}, {2.7, 4.0, 14.0}}};
inline constexpr double kNvlsLatency = 25;         // NVLS and NVLSTree within a node
inline constexpr double kNvlsTreeNetLatency = 14;  // each way and level of the tree

// nvlsEfficiency of Hopper.
inline constexpr double kNvlsEfficiency = 0.85;

// llMaxBws: by generation within one node; between nodes of Intel or AMD CPUs, for 2 and for more
// nodes.
inline constexpr double kMaxLlOneNode[3] = {39.0, 87.7, 141.0};
inline constexpr double kMaxLlIntel[2] = {39.0, 20.4};
inline constexpr double kMaxLlAmd[2] = {22.5, 19.0};

// A channel's most, by generation (Volta, Ampere, Hopper): perChMaxRingLL128Bws; the others on 1, 2
// and more nodes: perChMaxTreeLL128Bws, perChMaxTreeBws, perChMaxNVLSTreeBws.
inline constexpr double kMaxRingLl128[3] = {20.0, 20.0, 36.7};
inline constexpr double kMaxTreeLl128[3][3] = {
    {20.0, 20.0, 20.0}, {20.0, 20.0, 20.0}, {36.7, 36.7, 29.0}};
inline constexpr double kMaxTree[3][3] = {
    {26.5, 18.5, 10.0}, {24.0, 23.6, 17.8}, {38.7, 41.4, 36.0}};
inline constexpr double kMaxNvlsTreeHopper[3] = {0.0, 57.7, 45.5};

// treeCorrectionFactor: "Trees are not perfectly sticking to the model for medium sizes";
// [protocol][log2(bytes / 64)].
inline constexpr int kTreeSizes = 23;
inline constexpr double kTreeCorrection[3][kTreeSizes] = {
    {1, 1, 1, 1, .9, .8, .7, .7, .7, .7, .6, .5, .4, .4, .5, .6, .7, .8, .9, 1, 1, 1, 1},
    {1, 1, 1, 1, 1, .9, .8, .8, .8, .7, .6, .6, .6, .6, .6, .6, .8, .9, .9, .9, .9, 1, 1},
    {.9, .9, .9, .9, .9, .9, .9, .8, .7, .6, .6, .5, .5, .5, .5, .6, .7, .8, .7, .7, .8, .9, .9}};

}  // namespace seve::nccl
