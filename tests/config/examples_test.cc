#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/load.h"

namespace seve {
namespace {

namespace fs = std::filesystem;

fs::path Examples() { return fs::path(__FILE__).parent_path() / "../../configs"; }

std::vector<fs::path> ExampleFiles() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(Examples())) {
    if (entry.path().extension() == ".textproto") files.push_back(entry.path());
  }
  return files;
}

Configuration Load(const std::string& name) {
  return LoadConfiguration((Examples() / (name + ".textproto")).string(), {});
}

TEST(Examples, AllLoad) {
  const auto files = ExampleFiles();
  EXPECT_GE(files.size(), 6u);
  for (const auto& file : files) {
    EXPECT_NO_THROW(LoadConfiguration(file.string(), {})) << file;
  }
}

TEST(Examples, EachSaysWhatItIsForAndHowToRunIt) {
  for (const auto& path : ExampleFiles()) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string relative = "configs/" + fs::relative(path, Examples()).string();
    EXPECT_TRUE(text.starts_with("# ")) << path;
    EXPECT_NE(text.find("#   launch/local train " + relative), std::string::npos) << path;
  }
}

TEST(Examples, PermutedOneDiffersByItsPixelsAlone) {
  auto permuted = Load("mnist_linear_permuted").proto;
  EXPECT_TRUE(permuted.data().has_permute_pixels());
  permuted.mutable_data()->clear_permute_pixels();
  EXPECT_EQ(permuted.DebugString(), Load("mnist_linear_hinge").proto.DebugString());
}

TEST(Examples, TwoLayersHaveNothingBetweenThem) {
  const auto config = Load("mnist_linear_two_layers").proto;
  for (const auto& layer : config.model().layer()) {
    EXPECT_TRUE(layer.has_flatten() || layer.has_linear());
    EXPECT_EQ(layer.linear().activation(), config::NONE);
  }
}

TEST(Examples, ActivationsAreSweptByOneOption) {
  for (const char* kind : {"sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "selu", "gelu",
                           "softplus", "swish", "hard_tanh"}) {
    const auto configuration =
        LoadConfiguration((Examples() / "mnist_activations.textproto").string(),
                          {std::string("model.activation.") + kind + "="});
    const auto& layer = configuration.proto.model().layer(2);
    const auto* oneof = config::Layer::descriptor()->FindOneofByName("kind");
    EXPECT_EQ(layer.GetReflection()->GetOneofFieldDescriptor(layer, oneof)->name(), kind);
  }
}

}  // namespace
}  // namespace seve
