#include "train/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "optim/registry.h"
#include "train/setup.h"
#include "train/tensors.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kModel = R"(
  data { digits { train: 20 test: 10 } }
  batch { size: 10 }
  model {
    layer { flatten {} }
    layer { name: "hidden" linear { units: 2 activation: RELU } }
    layer { name: "scores" linear { units: 10 } }
  }
  loss { cross_entropy {} }
  optimizer { sgd {} }
  steps: 1
)";

class WeightsTest : public testing::Test {
 protected:
  struct Stored {
    std::string name;
    Shape shape;
  };

  // A file of these tensors, all of whose values are 7.
  void Write(const std::vector<Stored>& stored) {
    std::vector<std::vector<float>> values;
    std::vector<NamedTensor> tensors;
    for (const auto& [name, shape] : stored) {
      values.emplace_back(static_cast<size_t>(shape.elements()), 7.0F);
      tensors.push_back({name, Tensor(values.back().data(), DType::kFloat32, shape)});
    }
    std::vector<std::byte> file;
    EncodeSafetensors(tensors, {}, &file);
    WriteFileAtomically(folder_.path() + "/w.safetensors",
                        {reinterpret_cast<const char*>(file.data()), file.size()});
  }

  // The parameters after starting from the file, by name.
  std::span<float> Load(const std::string& more, const std::string& parameter) {
    const std::string text =
        std::string(kModel) + "weights { file: \"w.safetensors\" " + more + "}";
    setup_ =
        std::make_unique<seve::Setup>(ParseConfiguration(text, "a.textproto", {}), folder_.path());
    arena_ = std::make_unique<ParameterArena>(setup_->layout);
    LoadWeights(setup_->configuration, setup_->data_root, setup_->layout, *arena_);
    const auto tensors = ModelTensors(setup_->layout, *arena_);
    return std::ranges::find(tensors, parameter, &NamedTensor::name)->tensor.Flat<float>();
  }

  std::string Refusal(const std::string& more = "") {
    return MessageOf(ExitCode::kUsage, [&] { Load(more, "scores.bias"); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<seve::Setup> setup_;
  std::unique_ptr<ParameterArena> arena_;
};

TEST_F(WeightsTest, FillAllParameters) {
  Write({{"scores.bias", {10}},
         {"hidden.weight", {2, 784}},
         {"hidden.bias", {2}},
         {"scores.weight", {10, 2}}});
  EXPECT_THAT(Load("", "scores.weight"), Each(7));
  EXPECT_THAT(Load("", "hidden.bias"), Each(7));
}

TEST_F(WeightsTest, SkippedOnesStartAsWithoutTheFile) {
  Write({{"hidden.weight", {2, 784}}, {"hidden.bias", {2}}, {"scores.weight", {5, 2}}});
  EXPECT_THAT(Load("skip: \"scores.*\"", "hidden.weight"), Each(7));
  EXPECT_THAT(Load("skip: \"scores.*\"", "scores.weight"), Each(0));
}

TEST_F(WeightsTest, EveryTensorThatDoesNotFitIsNamed) {
  Write({{"hidden.weight", {2, 783}}, {"scores.weight", {10, 2}}, {"tail.bias", {3}}});
  EXPECT_THAT(Refusal(), AllOf(HasSubstr("a.textproto:12:"), HasSubstr("w.safetensors"),
                               HasSubstr("'hidden.weight' has shape (2, 783) there"),
                               HasSubstr("the model needs (2, 784)"),
                               HasSubstr("'hidden.bias' of shape (2) is missing"),
                               HasSubstr("'scores.bias' of shape (10) is missing"),
                               HasSubstr("'tail.bias' of shape (3) has no place"),
                               Not(HasSubstr("'scores.weight'"))));
}

TEST_F(WeightsTest, ASkipThatMatchesNothingIsRefused) {
  Write({});
  EXPECT_THAT(Refusal("skip: \"score.*\""), HasSubstr("`skip: \"score.*\"` matches no parameter"));
}

TEST_F(WeightsTest, AFileThatIsMissingIsNamed) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [&] { Load("", "scores.bias"); }),
              HasSubstr("w.safetensors"));
}

}  // namespace
}  // namespace seve
