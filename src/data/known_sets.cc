#include "data/known_sets.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace seve {
namespace {

constexpr const char* kCifar = "https://www.cs.toronto.edu/~kriz/";

std::vector<KnownFile> FourFiles(DigestKind kind, const std::string& train_images,
                                 const std::string& train_labels, const std::string& test_images,
                                 const std::string& test_labels) {
  return {{"train-images-idx3-ubyte.gz", kind, train_images},
          {"train-labels-idx1-ubyte.gz", kind, train_labels},
          {"t10k-images-idx3-ubyte.gz", kind, test_images},
          {"t10k-labels-idx1-ubyte.gz", kind, test_labels}};
}

}  // namespace

std::vector<KnownSet> KnownSets() {
  return {
      {"mnist", "MNIST", "https://ossci-datasets.s3.amazonaws.com/mnist/",
       FourFiles(DigestKind::kSha256,
                 "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                 "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                 "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                 "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")},
      // The publishers of these two give MD5 sums.
      {"fashion-mnist", "Fashion-MNIST",
       "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
       FourFiles(DigestKind::kMd5, "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                 "25c81989df183df01b3e8a0aad5dffbe", "bef4ecab320f06d8554ea6380940ec79",
                 "bb300cfdad3c16e7a12a480ee83cd310")},
      {"kmnist", "Kuzushiji-MNIST", "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
       FourFiles(DigestKind::kMd5, "bdb82020997e1d708af4cf47b453dcf7",
                 "e144d726b3acfaa3e44228e80efcd344", "5c965bf0a639b31b8f53240b1b52f4d7",
                 "7320c461ea6c1c855c0b718fb2a4b134")},
      // As are these, which are read without unpacking.
      {"cifar10",
       "CIFAR-10",
       kCifar,
       {{"cifar-10-binary.tar.gz", DigestKind::kMd5, "c32a1d4ab5d03f1284b67883e8d87530"}}},
      {"cifar100",
       "CIFAR-100",
       kCifar,
       {{"cifar-100-binary.tar.gz", DigestKind::kMd5, "03b5dce01913d631647c71ecec9e9cb8"}}},
  };
}

KnownSet FindKnownSet(const std::string& name) {
  std::vector<std::string> names;
  for (auto& set : KnownSets()) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  ThrowUsage(fmt::format("no data set '{}' to fetch: {}", name, Suggest(name, names)));
}

}  // namespace seve
