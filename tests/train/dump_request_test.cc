#include "train/dump_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/expect_error.h"
#include "model/small_data.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DumpRequestTest : public testing::Test {
 protected:
  [[nodiscard]] DumpRequest Parse(const std::string& text) const {
    return ParseDumpRequest(text, graph_, layout_, 20);
  }
  [[nodiscard]] std::string Refusal(const std::string& text) const {
    return MessageOf(ExitCode::kUsage, [&] { static_cast<void>(Parse(text)); });
  }

  const SmallData data_{12, 6, 3};
  const Configuration configuration_ = SmallConfiguration(
      "layer { name: \"first\" linear { units: 4 } }\n"
      "layer { name: \"hidden\" linear { units: 4 activation: RELU } }\n"
      "layer { name: \"flat\" flatten {} }\n"
      "layer { name: \"scores\" linear { units: 3 } }",
      "parameters { match: \"first.*\" frozen: true }\n"
      "parameters { match: \"hidden.bias\" frozen: true }");
  const Graph graph_ = BuildGraph(configuration_, data_.Fields(), data_.classes());
  const ParameterLayout layout_ = LayOutParameters(graph_, configuration_, 0);
};

TEST_F(DumpRequestTest, FindsOutputsFieldsParametersAndTheirGradients) {
  const auto output = Parse("hidden@12");
  EXPECT_EQ(output.tensor, "hidden");
  EXPECT_EQ(output.step, 12);
  EXPECT_EQ(graph_.values[static_cast<size_t>(output.value)].name, "hidden");
  EXPECT_FALSE(output.gradient);
  EXPECT_EQ(graph_.values[static_cast<size_t>(Parse("input@1").value)].name, "input");
  const auto gradient = Parse("hidden.gradient@20");
  EXPECT_EQ(gradient.value, output.value);
  EXPECT_TRUE(gradient.gradient);
  const auto parameter = Parse("hidden.weight@0");
  EXPECT_EQ(parameter.parameter->name, "hidden.weight");
  EXPECT_EQ(parameter.value, -1);
  EXPECT_TRUE(parameter.IsParameterValue());
  const auto of_parameter = Parse("hidden.weight.gradient@1");
  EXPECT_EQ(of_parameter.parameter->name, "hidden.weight");
  EXPECT_FALSE(of_parameter.IsParameterValue());
}

TEST_F(DumpRequestTest, WithAnUnknownNameIsRefusedWithTheNearOnes) {
  EXPECT_THAT(Refusal("hiden@3"), AllOf(HasSubstr("--dump hiden@3"), HasSubstr("'hidden'")));
  EXPECT_THAT(Refusal("hidden.wieght@3"), HasSubstr("'hidden.weight'"));
  EXPECT_THAT(Refusal("hidden.weight.gradient.gradient@3"), HasSubstr("hidden.weight.gradient'"));
  EXPECT_THAT(Refusal("@3"), HasSubstr("there is no ''"));
}

TEST_F(DumpRequestTest, WithoutAStepIsRefusedWithAnExample) {
  EXPECT_THAT(Refusal("hidden"), HasSubstr("for example hidden@100"));
  for (const char* text : {"hidden@", "hidden@x", "hidden@-1", "hidden@3x", "hidden@1e3",
                           "hidden@ 3", "hidden@99999999999999999999"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("after '@' comes the number of a step")) << text;
  }
}

TEST_F(DumpRequestTest, OfAStepThatTheRunHasNotIsRefusedWithThoseItHas) {
  for (const char* text :
       {"hidden@0", "hidden.gradient@0", "input@0", "hidden@21", "hidden.weight.gradient@0"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("the run has steps 1 to 20")) << text;
  }
  EXPECT_THAT(Refusal("hidden.weight@21"), HasSubstr("the run has steps 0 to 20"));
  EXPECT_NO_THROW(static_cast<void>(Parse("hidden.weight@20")));
}

TEST_F(DumpRequestTest, ForAGradientThatIsNotComputedIsRefused) {
  for (const char* text : {"first.gradient@2", "input.gradient@2", "target.gradient@2"}) {
    EXPECT_THAT(Refusal(text), HasSubstr("as nothing before it learns")) << text;
  }
  EXPECT_THAT(Refusal("hidden.bias.gradient@2"), HasSubstr("'hidden.bias' is frozen"));
  EXPECT_NO_THROW(static_cast<void>(Parse("hidden.bias@2")));
  EXPECT_NO_THROW(static_cast<void>(Parse("flat.gradient@2")));
  EXPECT_NO_THROW(static_cast<void>(Parse("scores.gradient@2")));
}

}  // namespace
}  // namespace seve
