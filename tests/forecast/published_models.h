// Models of published trainings, as profiles: parameters and arithmetic of their layers.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "forecast/step_profile.h"

namespace seve {

struct CountedLayer {
  double parameters = 0, operations = 0;  // millions; operations: multiply-adds of one sample
  int times = 1;
};

// Gradients come layer by layer from the last one, each after its share of the operations. Forward
// is taken to be a third of the step, backward two thirds.
inline StepProfile ProfileOf(std::span<const CountedLayer> from_last, double samples,
                             double seconds) {
  double all = 0, done = 0;
  for (const CountedLayer& layer : from_last) all += layer.operations * layer.times;
  StepProfile profile;
  profile.steps = {{.samples = samples, .forward = seconds / 3, .backward = seconds * 2 / 3}};
  for (const CountedLayer& layer : from_last) {
    for (int i = 0; i < layer.times; ++i) {
      done += layer.operations;
      profile.slices.push_back({layer.parameters * 4e6, std::min(1.0, done / all)});
    }
  }
  return profile;
}

// 154 images/s on a P100 with batches of 64 (TensorFlow's benchmarks, May 2017, DGX-1, synthetic
// data).
inline StepProfile Vgg16OnP100() {
  const CountedLayer layers[] = {{4.10, 4},       {16.8, 17},   {102.8, 103},    {2.36, 462, 3},
                                 {2.36, 1850, 2}, {1.18, 925},  {0.59, 1850, 2}, {0.295, 925},
                                 {0.148, 1850},   {0.074, 925}, {0.037, 1850},   {0.002, 87}};
  return ProfileOf(layers, 64, 64 / 154.0);
}

// 129 images/s, between the 219 of ResNet-50 and the 91.8 of ResNet-152 there, in proportion to
// operations.
inline StepProfile ResNet101OnP100() {
  const CountedLayer layers[] = {{2.05, 2},       {5.0, 270, 3},   {1.13, 223, 23},
                                 {0.305, 258, 4}, {0.073, 227, 3}, {0.009, 118}};
  return ProfileOf(layers, 64, 64 / 129.0);
}

// BERT-large, 336 million parameters: the word embeddings, whose gradients come last, and 24
// layers.
inline StepProfile BertLarge(double samples, double seconds) {
  const CountedLayer layers[] = {{2, 1}, {12.6, 12.6, 24}, {31.8, 0.1}};
  return ProfileOf(layers, samples, seconds);
}

}  // namespace seve
