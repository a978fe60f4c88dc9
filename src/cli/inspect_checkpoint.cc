#include "cli/inspect_checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "cli/replica.h"

namespace seve {
namespace {

std::string DescribeTensors(const std::string& title, const SafetensorsFile& file) {
  if (file.tensors.empty()) return "";
  std::string text = fmt::format("\n{:<32} {:<16} {:>11} {:>11} {:>11}\n", title, "shape",
                                 "minimum", "maximum", "norm");
  for (const auto& [name, tensor] : file.tensors) {
    const auto values = tensor.Flat<float>();
    const auto [low, high] = std::ranges::minmax(values);
    double squares = 0;
    for (const float value : values) squares += double{value} * value;
    text += fmt::format("{:<32} {:<16} {:>11.4g} {:>11.4g} {:>11.4g}\n", name,
                        tensor.shape().ToString(), low, high, std::sqrt(squares));
  }
  return text;
}

}  // namespace

bool HoldsCheckpoint(const std::string& path) {
  namespace fs = std::filesystem;
  return fs::is_directory(path) && (fs::exists(fs::path(path) / "MANIFEST") ||
                                    fs::exists(fs::path(path) / "config.textproto"));
}

std::string DescribeCheckpoint(const std::string& path) {
  const auto checkpoint = ReadCheckpoint(FindCheckpoint(path, "latest").folder);
  const auto& state = checkpoint.state;
  std::string text =
      fmt::format("{}\nintact; step {}, {} whole epochs and {} samples, {} of training\n",
                  checkpoint.path, WithThousands(state.step()), state.epoch(),
                  WithThousands(state.position()), HumanSeconds(state.seconds()));
  if (state.has_best() && state.best().has_step()) {
    text += fmt::format("best so far: step {}, validation loss {:.4f}",
                        WithThousands(state.best().step()), state.best().validation_loss());
    if (state.best().has_validation_accuracy()) {
      text += fmt::format(", accuracy {:.2f} %", 100 * state.best().validation_accuracy());
    }
    text += "\n";
  }
  return text + DescribeTensors("model.safetensors", checkpoint.model) +
         DescribeTensors("optimizer.safetensors", checkpoint.optimizer);
}

}  // namespace seve
