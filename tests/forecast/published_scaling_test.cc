// Published trainings against the forecast, all with default parameters. Percentages are
// efficiencies against the fewest GPUs of each row. docs/forecast.md says where figures are from
// and what is not met.
#include <gtest/gtest.h>

#include <iostream>

#include "forecast/published_machines.h"
#include "forecast/published_models.h"
#include "forecast/step_time.h"

namespace seve {
namespace {

struct Training {
  std::string name;
  Fabric fabric;
  StepProfile profile;
  StepOptions options;
  int64_t samples = 0;  // of a rank
};

double SpeedPerRank(const Training& training, int ranks) {
  return ForecastStep(training.fabric, training.profile, training.options, ranks,
                      training.samples * ranks)
             .samples_per_second /
         ranks;
}

void ExpectEfficiency(const Training& training, int fewest, int ranks, double published,
                      double points) {
  const double percent = 100 * SpeedPerRank(training, ranks) / SpeedPerRank(training, fewest);
  EXPECT_NEAR(percent, published, points) << training.name << ", " << ranks << " ranks";
  std::cout << training.name << ", " << fewest << " -> " << ranks << " GPUs: published "
            << published << " %, forecast " << percent << " %\n";
}

// MLPerf Training, MXNet with Horovod, Dell XE8545. The step of 4 GPUs stands for that of one: it
// holds 0.3 ms of all-reduce within the node and what 4 ranks wait for each other.
TEST(PublishedScaling, OfMlperfResNet50IsMetWithinThreePoints) {
  const Training small{"MLPerf ResNet-50, 204 a GPU", Xe8545(), ResNet50(204, 204 / 3029.0),
                       HalfPrecision(), 204};
  ExpectEfficiency(small, 4, 8, 93.4, 3);
  ExpectEfficiency(small, 4, 16, 92.7, 3);
  ExpectEfficiency(small, 4, 64, 90.3, 3);
  const Training large{"MLPerf ResNet-50, 408 a GPU", Xe8545(), ResNet50(408, 408 / 3474.0),
                       HalfPrecision(), 408};
  ExpectEfficiency(large, 4, 8, 96.2, 3);
}

// All four rows lie above what was published, though the publisher's own 4.7 ms that a second node
// costs, at 204 and at 408 samples alike, say that it is communication: 3 ms are forecast for it.
// Were the cards behind PCIe switches, the forecast would be 3.5 to 4.5 points too high.
TEST(PublishedScaling, OfMlperfResNet50IsForecastTooHigh) {
  Training training{"behind PCIe switches", Xe8545(), ResNet50(204, 204 / 3029.0), HalfPrecision(),
                    204};
  EXPECT_GT(SpeedPerRank(training, 8) / SpeedPerRank(training, 4), 0.934);
  training.fabric.pcie_switches = true;
  ExpectEfficiency(training, 4, 8, 93.4, 5);
  ExpectEfficiency(training, 4, 64, 90.3, 5);
}

// NVIDIA DeepLearningExamples, MXNet 22.10, AMP, one DGX A100.
TEST(PublishedScaling, WithinANodeIsMetWithinOnePoint) {
  const Training training{"DLE ResNet-50 MXNet", DgxA100(), ResNet50(256, 256 / 3410.0),
                          HalfPrecision(), 256};
  ExpectEfficiency(training, 1, 4, 98.55, 1);
  ExpectEfficiency(training, 1, 8, 97.78, 1);
}

// MLPerf v3.0, H100, global batch 3200. The line of compute time goes through the steps of 4 and of
// 8 GPUs within one node (816 samples 112.0 ms, 400 samples 57.1 ms); machines of several makers.
TEST(PublishedScaling, OfAFixedBatchOnH100IsMetWithinATenth) {
  StepProfile profile = ResNet50(816, 0.1120);
  profile.steps.push_back(ResNet50(400, 0.0571).steps[0]);
  const auto speed = [&](int ranks) {
    return ForecastStep(DgxH100(), profile, HalfPrecision(), ranks, 3200).samples_per_second;
  };
  for (const auto& [ranks, published] : {std::pair{8, 56071.0}, {16, 96510.0}, {64, 294666.0}}) {
    EXPECT_NEAR(speed(ranks), published, 0.1 * published) << ranks;
    std::cout << "MLPerf ResNet-50, batch 3200, " << ranks << " H100: published " << published
              << " images/s, forecast " << speed(ranks) << "\n";
  }
}

// DeepLearningExamples, PyTorch, BERT-large phase 1 (128 words), batch 65536 in micro-batches of
// 64: 94.9 % from 8 to 256 A100. Its LAMB optimizer's time is not published and left out.
TEST(PublishedScaling, OfBertWithAccumulationIsMetWithinThreePoints) {
  const StepProfile profile = BertLarge(64, 64 * 8 / 4553.0);
  const auto speed = [&](int ranks) {
    StepOptions options = HalfPrecision();
    options.micro_batches = 65536 / ranks / 64;
    return ForecastStep(DgxA100(), profile, options, ranks, 65536).samples_per_second / ranks;
  };
  const double percent = 100 * speed(256) / speed(8);
  EXPECT_NEAR(percent, 94.9, 3);
  std::cout << "DLE BERT-large, 8 -> 256 GPUs: published 94.9 %, forecast " << percent << " %\n";
}

// Horovod's benchmarks: 128 servers of 4 P100 on PCIe, RoCE of 25 Gbit/s. Speeds of one GPU are
// those of TensorFlow's own benchmarks, and NCCL's constants those of Volta: a looser check. That
// VGG-16 scales so much worse is met, the last points are not.
TEST(PublishedScaling, OfHorovodOnASlowNetworkIsMetWithinSevenPoints) {
  const Fabric pascal{.ranks_per_node = 4,
                      .generation = GpuGeneration::kVolta,
                      .pcie_gbs = 12,
                      .amd_hosts = false,
                      .network_gbs = 3.125};
  const Training vgg{"Horovod VGG-16", pascal, Vgg16OnP100(), {.bucket_mib = 64}, 64};
  ExpectEfficiency(vgg, 1, 128, 79, 7);
  ExpectEfficiency(vgg, 1, 512, 68, 7);
  const Training resnet{"Horovod ResNet-101", pascal, ResNet101OnP100(), {.bucket_mib = 64}, 64};
  ExpectEfficiency(resnet, 1, 512, 90, 7);
}

// PyTorch's recipe of the same model and machine reaches 84 % on 8 GPUs, and the forecast says 97
// %: what it loses, it loses on the host, and a forecast from one rank's step cannot see that.
TEST(PublishedScaling, DoesNotSeeWhatRanksOfAHostTakeFromEachOther) {
  const Training training{"DLE ResNet-50 PyTorch", DgxA100(), ResNet50(256, 256 / 2470.0),
                          HalfPrecision(), 256};
  EXPECT_GT(SpeedPerRank(training, 8) / SpeedPerRank(training, 1), 0.84 + 0.1);
}

}  // namespace
}  // namespace seve
