#include "layers/registry.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/expect_error.h"

namespace seve {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

std::unique_ptr<Layer> Make(const std::string& text, const std::vector<Shape>& inputs) {
  return MakeLayer(Parse<config::Layer>(text), "it", inputs);
}

template <typename Action>
std::string UsageError(Action action) {
  return MessageOf(ExitCode::kUsage, action);
}

TEST(MakeLayer, KnowsEveryKindOfTheLanguage) {
  const auto* kinds = config::Layer::descriptor()->FindOneofByName("kind");
  const std::map<std::string, std::string> required = {
      {"linear", "units: 3"},
      {"maxout", "units: 3"},
      {"reshape", "shape: [2, 3]"},
      {"conv2d", "channels: 3 kernel: 1"},
      {"conv_transpose2d", "channels: 3 kernel: 1"},
      {"max_pool", "size: 1"},
      {"average_pool", "size: 1"},
      {"pad", "amount: 1"},
      {"group_norm", "groups: 2"}};
  const std::set<std::string> of_pictures = {
      "conv2d", "conv_transpose2d", "max_pool", "average_pool", "global_pool", "pad", "upsample"};
  // config/expand.h makes plain layers of these.
  const std::set<std::string> composite = {"residual", "block", "use"};
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string kind = kinds->field(i)->name();
    if (composite.contains(kind)) continue;
    const auto fields = required.find(kind);
    const auto layer =
        Make("input: 'a' " + kind + " {" + (fields == required.end() ? "" : fields->second) + "}",
             {of_pictures.contains(kind) ? Shape{6, 1, 1} : Shape{6}});
    EXPECT_EQ(layer->kind(), kind);
  }
}

TEST(MakeLayer, InfersShapes) {
  EXPECT_EQ(Make("flatten {}", {Shape{1, 28, 28}})->output(), Shape{784});
  EXPECT_TRUE(Make("flatten {}", {Shape{1, 28, 28}})->IsView());
  EXPECT_EQ(Make("reshape { shape: [1, 28, 28] }", {Shape{784}})->output(), (Shape{1, 28, 28}));
  EXPECT_TRUE(Make("reshape { shape: 6 }", {Shape{3, 2}})->IsView());
  // What lies channels-last moves.
  EXPECT_FALSE(Make("flatten {}", {Shape{3, 28, 28}})->IsView());
  EXPECT_TRUE(Make("flatten {}", {Shape{3, 1, 1}})->IsView());
  EXPECT_FALSE(Make("reshape { shape: [3, 28, 28] }", {Shape{2352}})->IsView());
  EXPECT_TRUE(Make("reshape { shape: [3, 14, 56] }", {Shape{3, 28, 28}})->IsView());
  EXPECT_EQ(Make("relu {}", {Shape{3, 4}})->output(), (Shape{3, 4}));
  EXPECT_EQ(Make("dropout {}", {Shape{3, 4}})->output(), (Shape{3, 4}));
  const auto linear = Make("linear { units: 10 }", {Shape{784}});
  EXPECT_EQ(linear->output(), Shape{10});
  EXPECT_EQ(linear->Parameters()[0].shape, (Shape{10, 784}));
  EXPECT_EQ(linear->Parameters()[1].shape, Shape{10});
  EXPECT_EQ(Make("linear { units: 10 bias: false }", {Shape{784}})->Parameters().size(), 1);
}

TEST(MakeLayer, FusedActivationsHaveTheirLayersDefaults) {
  const auto* names = config::Activation_descriptor();
  for (int i = 0; i < names->value_count(); ++i) {
    const std::string name = names->value(i)->name();
    EXPECT_NO_THROW(Make("linear { units: 3 activation: " + name + " }", {Shape{6}})) << name;
  }
}

TEST(MakeLayer, MaxoutLearnsAllPiecesOfEveryUnit) {
  const auto maxout = Make("maxout { units: 5 pieces: 3 }", {Shape{7}});
  EXPECT_EQ(maxout->output(), Shape{5});
  EXPECT_EQ(maxout->Parameters()[0].shape, (Shape{15, 7}));
  EXPECT_EQ(maxout->Parameters()[1].shape, Shape{15});
  EXPECT_EQ(maxout->FlopsPerSample(), 15 * (2 * 7 + 1) + 5 * 2);
}

TEST(MakeLayer, PReluHasOneSlopeOrOneAFeature) {
  const auto slope = [](const std::string& fields, const Shape& input) {
    return Make("prelu {" + fields + "}", {input})->Parameters().at(0);
  };
  EXPECT_EQ(slope("", {8}).shape, Shape{1});
  EXPECT_EQ(slope("", {8}).initializer.a, 0.25f);
  EXPECT_EQ(slope("initial: 0.5 per_feature: true", {8}).shape, Shape{8});
  EXPECT_EQ(slope("initial: 0.5 per_feature: true", {8}).initializer.a, 0.5f);
  EXPECT_EQ(slope("per_feature: true", {3, 4, 5}).shape, Shape{3});
}

TEST(MakeLayer, ConvolutionsInferShapes) {
  const auto output = [](const std::string& text, const Shape& input) {
    return Make(text, {input})->output();
  };
  EXPECT_EQ(output("conv2d { channels: 6 kernel: 5 padding: 2 }", {1, 28, 28}), (Shape{6, 28, 28}));
  EXPECT_EQ(
      output("conv2d { channels: 6 kernel: [3, 5] stride: [2, 1] dilation: [1, 2] }", {1, 28, 28}),
      (Shape{6, 13, 20}));
  const std::string transposed = "conv_transpose2d { channels: 4 kernel: 3 stride: 2 padding: 1 ";
  EXPECT_EQ(output(transposed + "}", {6, 7, 8}), (Shape{4, 13, 15}));
  EXPECT_EQ(output(transposed + "output_padding: [1, 0] }", {6, 7, 8}), (Shape{4, 14, 15}));
}

TEST(MakeLayer, ConvolutionsStartAsPyTorchDoes) {
  const auto specs =
      Make("conv2d { channels: 8 kernel: [3, 5] groups: 2 }", {Shape{6, 9, 9}})->Parameters();
  ASSERT_EQ(specs.size(), 2);
  EXPECT_EQ(specs[0].shape, (Shape{8, 3, 3, 5}));
  EXPECT_EQ(specs[1].shape, Shape{8});
  EXPECT_EQ(specs[0].fan_in, 3 * 15);
  EXPECT_EQ(specs[0].fan_out, 8 * 15);
  const auto transposed =
      Make("conv_transpose2d { channels: 8 kernel: 2 groups: 2 bias: false }", {Shape{6, 9, 9}})
          ->Parameters();
  ASSERT_EQ(transposed.size(), 1);
  EXPECT_EQ(transposed[0].shape, (Shape{6, 4, 2, 2}));
  EXPECT_EQ(transposed[0].fan_in, 4 * 4);
}

TEST(MakeLayer, ConvolutionsNeedPicturesAndSayHowToGetThem) {
  EXPECT_EQ(UsageError([] { Make("conv2d { channels: 6 kernel: 5 }", {Shape{784}}); }),
            "layer 'it': conv2d takes pictures (C, H, W), but its input has shape (784): add "
            "reshape { shape: [1, 28, 28] } before it");
  EXPECT_EQ(UsageError([] {
              Make("conv_transpose2d { channels: 6 kernel: 5 }", {Shape{7, 9}});
            }),
            "layer 'it': conv_transpose2d takes pictures (C, H, W), but its input has shape (7, "
            "9): add reshape { shape: [1, 7, 9] } before it");
}

TEST(MakeLayer, GroupsDivideChannels) {
  EXPECT_EQ(UsageError([] {
              Make("conv2d { channels: 6 kernel: 3 groups: 4 }", {Shape{8, 9, 9}});
            }),
            "layer 'it': conv2d's groups: 4 do not divide channels: 6; take a divisor of both 8, "
            "the channels of its input (8, 9, 9), and 6");
}

TEST(MakeLayer, KernelsFitIntoPaddedPictures) {
  EXPECT_EQ(
      UsageError([] {
        Make("conv2d { channels: 6 kernel: [3, 2] dilation: 3 padding: 1 }", {Shape{8, 4, 9}});
      }),
      "layer 'it': conv2d's kernel spans 7 x 4 values, but its input (8, 4, 9) has 6 x 11 "
      "with padding: take a smaller kernel, more padding, or layers before it that shrink "
      "pictures less");
  EXPECT_EQ(UsageError([] {
              Make("conv_transpose2d { channels: 6 kernel: 1 padding: 1 }", {Shape{8, 2, 9}});
            }),
            "layer 'it': conv_transpose2d takes padding 1 x 1 off each side of 2 x 9 values, which "
            "leaves none: take less padding, or a larger kernel");
}

TEST(MakeLayer, PoolsInferShapes) {
  const auto output = [](const std::string& text, const Shape& input) {
    return Make(text, {input})->output();
  };
  EXPECT_EQ(output("max_pool { size: 2 }", {6, 28, 28}), (Shape{6, 14, 14}));
  EXPECT_EQ(output("max_pool { size: 3 stride: 2 padding: 1 }", {6, 28, 29}), (Shape{6, 14, 15}));
  EXPECT_EQ(output("average_pool { size: [2, 3] stride: [1, 3] }", {6, 7, 9}), (Shape{6, 6, 3}));
  EXPECT_EQ(output("global_pool {}", {6, 7, 9}), Shape{6});
  EXPECT_EQ(output("pad { amount: 2 }", {6, 7, 9}), (Shape{6, 11, 13}));
  EXPECT_EQ(output("pad { amount: [0, 1, 2, 3] }", {6, 7, 9}), (Shape{6, 8, 14}));
  EXPECT_EQ(output("upsample {}", {6, 7, 9}), (Shape{6, 14, 18}));
}

TEST(MakeLayer, PoolsNeedPicturesAndSayHowToGetThem) {
  for (const std::string text : {"max_pool { size: 2 }", "average_pool { size: 2 }",
                                 "global_pool {}", "pad { amount: 1 }", "upsample {}"}) {
    EXPECT_EQ(UsageError([&] {
                Make(text, {Shape{7, 9}});
              }),
              "layer 'it': " + text.substr(0, text.find(' ')) +
                  " takes pictures (C, H, W), but its input has shape (7, 9): add reshape { shape: "
                  "[1, 7, 9] } before it");
  }
}

TEST(MakeLayer, WindowsFitIntoPaddedPictures) {
  EXPECT_EQ(UsageError([] {
              Make("max_pool { size: [5, 2] padding: [0, 1] }", {{6, 4, 9}});
            }),
            "layer 'it': max_pool's windows are of 5 x 2 values, but its input (6, 4, 9) has 4 x "
            "11 with padding: take a smaller size, or layers before it that shrink pictures less");
}

TEST(MakeLayer, PicturesAreMirroredNoFurtherThanTheyReach) {
  EXPECT_NO_THROW(Make("pad { amount: 3 mode: REFLECT }", {{6, 4, 9}}));
  EXPECT_THAT(UsageError([] {
                Make("pad { amount: 4 mode: REFLECT }", {{6, 4, 9}});
              }),
              ::testing::HasSubstr("take amounts below its height and width"));
  EXPECT_NO_THROW(Make("pad { amount: 4 mode: REPLICATE }", {{6, 4, 9}}));
}

TEST(MakeLayer, LinearNeedsAVectorAndSaysHowToGetOne) {
  EXPECT_EQ(UsageError([] {
              Make("linear { units: 10 }", {Shape{1, 28, 28}});
            }),
            "layer 'it': linear takes vectors, but its input has shape (1, 28, 28): add flatten {} "
            "before it");
}

TEST(MakeLayer, ReshapeKeepsTheNumberOfValues) {
  EXPECT_EQ(UsageError([] {
              Make("reshape { shape: [1, 28, 28] }", {Shape{10, 10}});
            }),
            "layer 'it': 100 values of shape (10, 10) cannot be reshaped to (1, 28, 28), which "
            "are 784");
}

TEST(MakeLayer, AddTakesEqualShapes) {
  EXPECT_EQ(Make("input: ['a', 'b'] add {}", {{3, 4}, {3, 4}})->output(), (Shape{3, 4}));
  EXPECT_EQ(UsageError([] {
              Make("input: ['a', 'b', 'c'] add {}", {Shape{3}, Shape{3}, Shape{1, 3}});
            }),
            "layer 'it': add takes inputs of one shape, but 'a' gives (3), 'b' gives (3), 'c' "
            "gives (1, 3)");
}

TEST(MakeLayer, ConcatenateTakesShapesThatDifferInTheirFirstExtent) {
  EXPECT_EQ(Make("input: ['a', 'b'] concatenate {}", {Shape{3}, Shape{4}})->output(), Shape{7});
  EXPECT_EQ(Make("input: ['a', 'b'] concatenate {}", {{3, 5, 6}, {1, 5, 6}})->output(),
            (Shape{4, 5, 6}));
  for (const auto& [other, text] : {std::pair{Shape{3, 5, 7}, "(3, 5, 7)"}, {Shape{90}, "(90)"}}) {
    EXPECT_EQ(UsageError([&] {
                Make("input: ['a', 'b'] concatenate {}", {Shape{3, 5, 6}, other});
              }),
              std::string("layer 'it': concatenate takes inputs that differ in their first extent "
                          "alone, but 'a' gives (3, 5, 6), 'b' gives ") +
                  text);
  }
}

TEST(MakeLayer, ReadsInitializers) {
  const auto start = [](const std::string& text) {
    return Make("linear { units: 1 weight_initializer { " + text + " } }", {Shape{4}})
        ->Parameters()[0]
        .initializer;
  };
  using Kind = Initializer::Kind;
  EXPECT_EQ(start("zeros {}").kind, Kind::kZeros);
  EXPECT_EQ(start("constant { value: 2 }").a, 2);
  EXPECT_EQ(start("normal { mean: 1 deviation: 3 }").b, 3);
  EXPECT_EQ(start("uniform { low: -2 high: 3 }").a, -2);
  EXPECT_EQ(start("xavier {}").kind, Kind::kXavierUniform);
  EXPECT_EQ(start("xavier { distribution: NORMAL gain: 5 }").kind, Kind::kXavierNormal);
  EXPECT_EQ(start("xavier { distribution: NORMAL gain: 5 }").a, 5);
  EXPECT_EQ(start("he {}").kind, Kind::kHeUniform);
  EXPECT_EQ(start("lecun { distribution: NORMAL }").kind, Kind::kLecunNormal);
}

std::unique_ptr<Loss> MakeWithClasses(const std::string& text, int64_t units, int64_t classes) {
  return MakeLoss(Parse<config::Loss>(text), "scores", Shape{units}, DType::kInt32, Shape{},
                  classes);
}

TEST(MakeLoss, KnowsEveryKindOfTheLanguage) {
  const auto* kinds = config::Loss::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    const std::string kind = kinds->field(i)->name();
    const auto loss = MakeWithClasses(kind + " {}", 10, 10);
    EXPECT_EQ(loss->kind(), kind);
    EXPECT_TRUE(loss->IsClassification());
  }
}

TEST(MakeLoss, ChecksHeadUnitsAgainstClasses) {
  for (const char* kind : {"cross_entropy {}", "hinge {}", "mean_squared_error {}"}) {
    EXPECT_EQ(UsageError([=] { MakeWithClasses(kind, 7, 10); }),
              "layer 'scores' has 7 units but the data has 10 classes: set units: 10");
  }
}

TEST(MakeLoss, ComparesAsManyValuesAsThereAre) {
  const auto squared = Parse<config::Loss>("mean_squared_error {}");
  EXPECT_FALSE(MakeLoss(squared, "y", Shape{3}, DType::kFloat32, Shape{3}, 0)->IsClassification());
  EXPECT_NO_THROW(MakeLoss(squared, "y", Shape{784}, DType::kFloat32, Shape{1, 28, 28}, 10));
  EXPECT_EQ(
      UsageError([&] {
        MakeLoss(squared, "y", Shape{10}, DType::kFloat32, Shape{1, 28, 28}, 10);
      }),
      "layer 'y' gives 10 values of shape (10), but mean_squared_error compares them with 784 "
      "float32 values of shape (1, 28, 28): make them as many");
  EXPECT_NO_THROW(MakeLoss(squared, "y", {3, 4, 4}, DType::kFloat32, {3, 4, 4}, 10));
  EXPECT_EQ(
      UsageError([&] {
        MakeLoss(squared, "y", Shape{48}, DType::kFloat32, {3, 4, 4}, 10);
      }),
      "layer 'y' gives shape (48), but mean_squared_error compares it with a target of shape "
      "(3, 4, 4), value by value, and pictures of several channels are no vectors: add reshape "
      "{ shape: [3, 4, 4] } after it");
  EXPECT_THAT(UsageError([&] {
                MakeLoss(squared, "y", {3, 4, 4}, DType::kFloat32, Shape{48}, 10);
              }),
              ::testing::HasSubstr("add flatten {} after it"));
  const auto hinge = Parse<config::Loss>("hinge {}");
  UsageError([&] { MakeLoss(hinge, "y", Shape{3}, DType::kFloat32, Shape{3}, 0); });
}

}  // namespace
}  // namespace seve
