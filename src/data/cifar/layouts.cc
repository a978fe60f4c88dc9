#include "base/error.h"
#include "data/cifar/cifar.h"

namespace seve {
namespace {

CifarLayout Cifar10() {
  return {.title = "CIFAR-10",
          .set = "cifar10",
          .subfolder = "cifar-10-batches-bin",
          .archive = "cifar-10-binary.tar",
          .train = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                    "data_batch_5.bin"},
          .test = {"test_batch.bin"},
          .names_file = "batches.meta.txt",
          .class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
                          "ship", "truck"}};
}

CifarLayout Cifar100(bool coarse) {
  CifarLayout layout{.title = "CIFAR-100",
                     .set = "cifar100",
                     .subfolder = "cifar-100-binary",
                     .archive = "cifar-100-binary.tar",
                     .train = {"train.bin"},
                     .test = {"test.bin"},
                     .labels = 2};
  if (coarse) {
    layout.title += " (superclasses)";
    layout.names_file = "coarse_label_names.txt";
    layout.class_names = {"aquatic_mammals",
                          "fish",
                          "flowers",
                          "food_containers",
                          "fruit_and_vegetables",
                          "household_electrical_devices",
                          "household_furniture",
                          "insects",
                          "large_carnivores",
                          "large_man-made_outdoor_things",
                          "large_natural_outdoor_scenes",
                          "large_omnivores_and_herbivores",
                          "medium_mammals",
                          "non-insect_invertebrates",
                          "people",
                          "reptiles",
                          "small_mammals",
                          "trees",
                          "vehicles_1",
                          "vehicles_2"};
    return layout;
  }
  layout.label = 1;
  layout.names_file = "fine_label_names.txt";
  layout.class_names = {
      "apple",       "aquarium_fish", "baby",      "bear",       "beaver",       "bed",
      "bee",         "beetle",        "bicycle",   "bottle",     "bowl",         "boy",
      "bridge",      "bus",           "butterfly", "camel",      "can",          "castle",
      "caterpillar", "cattle",        "chair",     "chimpanzee", "clock",        "cloud",
      "cockroach",   "couch",         "crab",      "crocodile",  "cup",          "dinosaur",
      "dolphin",     "elephant",      "flatfish",  "forest",     "fox",          "girl",
      "hamster",     "house",         "kangaroo",  "keyboard",   "lamp",         "lawn_mower",
      "leopard",     "lion",          "lizard",    "lobster",    "man",          "maple_tree",
      "motorcycle",  "mountain",      "mouse",     "mushroom",   "oak_tree",     "orange",
      "orchid",      "otter",         "palm_tree", "pear",       "pickup_truck", "pine_tree",
      "plain",       "plate",         "poppy",     "porcupine",  "possum",       "rabbit",
      "raccoon",     "ray",           "road",      "rocket",     "rose",         "sea",
      "seal",        "shark",         "shrew",     "skunk",      "skyscraper",   "snail",
      "snake",       "spider",        "squirrel",  "streetcar",  "sunflower",    "sweet_pepper",
      "table",       "tank",          "telephone", "television", "tiger",        "tractor",
      "train",       "trout",         "tulip",     "turtle",     "wardrobe",     "whale",
      "willow_tree", "wolf",          "woman",     "worm"};
  return layout;
}

}  // namespace

const CifarLayout& LayoutOf(CifarKind kind) {
  static const CifarLayout k10 = Cifar10(), k100 = Cifar100(false), kCoarse = Cifar100(true);
  switch (kind) {
    case CifarKind::k10:
      return k10;
    case CifarKind::k100:
      return k100;
    case CifarKind::k100Coarse:
      return kCoarse;
  }
  Check(false, "a kind of CIFAR that is not known");
  return k10;
}

}  // namespace seve
