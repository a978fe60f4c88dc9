#include "train/weight_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ranges>

#include "base/error.h"

namespace seve {
namespace {

constexpr std::string_view kNorm = "/norm", kShortcut = "shortcut";

bool IsNumbered(std::string_view word, std::string_view stem, int last) {
  return word.size() == stem.size() + 1 && word.starts_with(stem) && word.back() >= '1' &&
         word.back() <= '0' + last;
}

// torchvision's names of the layers of a ResNet, asked for in the order in which they run.
class ResnetNames {
 public:
  // Of a parameter without its last part: "layer1/1/conv1/norm" -> "layer1.0.bn1". Empty where
  // there is none.
  std::string Of(std::string_view layer) {
    const bool norm = layer.ends_with(kNorm);
    if (norm) layer.remove_suffix(kNorm.size());
    if (layer == "fc" && !norm) return "fc";
    if (layer == "conv1") return norm ? "bn1" : "conv1";
    const size_t stage_end = layer.find('/');
    if (stage_end == std::string_view::npos) return "";
    const std::string_view stage = layer.substr(0, stage_end);
    if (!IsNumbered(stage, "layer", 4)) return "";
    const std::string_view rest = layer.substr(stage_end);
    const size_t cut = CutOfBlock(rest);
    if (cut == std::string_view::npos) return "";
    return fmt::format("{}.{}.{}", stage, NumberOf(stage, rest.substr(0, cut)),
                       InBlock(rest.substr(cut + 1), norm));
  }

 private:
  // Where in "/2/conv1" or "/rest/3/shortcut/conv2d_1" the name of the residual block ends.
  static size_t CutOfBlock(std::string_view path) {
    const size_t shortcut = path.find("/shortcut/");
    if (shortcut != std::string_view::npos) return shortcut;
    const size_t last = path.rfind('/');
    return last != std::string_view::npos && IsNumbered(path.substr(last + 1), "conv", 3)
               ? last
               : std::string_view::npos;
  }

  static std::string InBlock(std::string_view layer, bool norm) {
    if (layer.starts_with(kShortcut)) return norm ? "downsample.1" : "downsample.0";
    return fmt::format("{}{}", norm ? "bn" : "conv", layer.back());
  }

  // The blocks of a stage count from 0 as they are first met.
  size_t NumberOf(std::string_view stage, std::string_view block) {
    auto& known = blocks_[std::string(stage)];
    const auto found = std::ranges::find(known, block);
    if (found != known.end()) return static_cast<size_t>(found - known.begin());
    known.emplace_back(block);
    return known.size() - 1;
  }

  std::map<std::string, std::vector<std::string>> blocks_;
};

std::vector<std::string> ResnetNamesOf(const std::vector<std::string>& ours) {
  ResnetNames names;
  std::vector<std::string> theirs;
  for (const auto& name : ours) {
    const size_t dot = name.rfind('.');
    const std::string layer = names.Of(name.substr(0, dot));
    if (layer.empty()) {
      ThrowUsage(
          fmt::format("TORCHVISION_RESNET has no name for '{}': call the first convolution conv1, "
                      "the stages layer1 to layer4, "
                      "the convolutions of their blocks conv1 to conv3, and the last layer fc",
                      name));
    }
    theirs.push_back(layer + name.substr(dot));
  }
  return theirs;
}

}  // namespace

std::vector<std::string> ForeignNames(config::WeightNames names,
                                      const std::vector<std::string>& ours) {
  switch (names) {
    case config::SEVE:
      return ours;
    case config::TORCHVISION_RESNET:
      return ResnetNamesOf(ours);
  }
  Check(false, "names of weights that are missing from the list");
  return {};
}

bool IsIdle(config::WeightNames names, std::string_view theirs) {
  return names != config::SEVE && theirs.ends_with(".num_batches_tracked");
}

}  // namespace seve
