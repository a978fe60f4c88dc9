#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"
#include "data/open_testing.h"
#include "data/scratch_testing.h"
#include "tensor/npy.h"
#include "tensor/safetensors.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kIris =
    "width,species,height\n"
    "1.5,virginica,10\n"
    "2.5,setosa,20\n"
    "3.5,setosa,30\n"
    "4.5,versicolor,40\n";

// A folder with files, and data sets opened from them.
class OwnData : public ::testing::Test {
 protected:
  void Put(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name), std::ios::binary) << text;
  }
  void Put(const std::string& name, const Tensor& tensor) {
    const auto bytes = EncodeNpy(tensor);
    Put(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  // float32 0, 1, 2, …
  void PutNumbers(const std::string& name, const Shape& shape) {
    std::vector<float> values;
    while (static_cast<int64_t>(values.size()) < shape.elements()) {
      values.push_back(static_cast<float>(values.size()));
    }
    Put(name, Tensor(values.data(), DType::kFloat32, shape));
  }
  void PutIntegers(const std::string& name, std::vector<int32_t> values, const Shape& shape) {
    Put(name, Tensor(values.data(), DType::kInt32, shape));
  }
  DataSets Open(const std::string& tensors, const std::string& more = "") {
    return OpenText("validation_fraction: 0 tensors { " + tensors + " } " + more, folder_.path());
  }
  std::string Refusal(const std::string& tensors) {
    return DataErrorOf([&] { Open(tensors); });
  }

  TemporaryFolder folder_;
};

TEST_F(OwnData, ArraysOfAnyRankAreFieldsOfTheRemainingShape) {
  PutNumbers("x.npy", {4, 2, 3});
  PutNumbers("y.npy", {4});
  const DataSets sets =
      Open("train { name: 'input' file: 'x.npy' } train { name: 'target' file: 'y.npy' }");
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{2, 3}));
  EXPECT_EQ(sets.train->Fields()[1].shape, (Shape{1}));
  EXPECT_THAT(ValuesOf(*sets.train, 1), ElementsAre(6, 7, 8, 9, 10, 11));
  EXPECT_THAT(ValuesOf(*sets.train, 3, 1), ElementsAre(3));
  EXPECT_EQ(sets.train->classes(), 0);
  EXPECT_EQ(sets.train->Describe(),
            folder_.File("x.npy") + " and " + folder_.File("y.npy") + " (4 samples)");
  EXPECT_EQ(sets.test->size(), 0);
  EXPECT_EQ(sets.test->Fields()[0].shape, (Shape{2, 3}));
}

TEST_F(OwnData, IntegerTargetsAreClassesUnlessDeclaredValues) {
  PutNumbers("x.npy", {3, 2});
  PutIntegers("y.npy", {2, 0, 1}, {3, 1});
  const std::string input = "train { name: 'input' file: 'x.npy' } ";
  const DataSets classes = Open(input + "train { name: 'target' file: 'y.npy' }");
  EXPECT_EQ(classes.train->classes(), 3);
  EXPECT_EQ(classes.train->Fields()[1].dtype, DType::kInt32);
  EXPECT_EQ(classes.train->Fields()[1].shape, Shape{});
  EXPECT_EQ(ClassOf(*classes.train, 0), 2);
  EXPECT_THAT(classes.train->ClassNames(), IsEmpty());
  EXPECT_EQ(Open(input + "train { name: 'target' file: 'y.npy' } classes: 5").train->classes(), 5);

  const DataSets values = Open(input + "train { name: 'target' file: 'y.npy' kind: VALUES }");
  EXPECT_EQ(values.train->classes(), 0);
  EXPECT_THAT(ValuesOf(*values.train, 0, 1), ElementsAre(2));
}

TEST_F(OwnData, LabelsThatAreNoClassesAreRefusedWithTheirPlaceAndTheRemedy) {
  PutIntegers("y.npy", {0, 1, -1}, {3});
  EXPECT_THAT(Refusal("train { name: 'target' file: 'y.npy' }"),
              AllOf(HasSubstr("y.npy: position 2: label -1"), HasSubstr("kind: VALUES")));
  PutIntegers("y.npy", {0, 4}, {2});
  EXPECT_THAT(Refusal("train { name: 'target' file: 'y.npy' } classes: 3"),
              HasSubstr("position 1: label 4, but there are 3 classes (labels 0 to 2)"));
  PutNumbers("y.npy", {2});
  EXPECT_THAT(Refusal("train { name: 'target' file: 'y.npy' kind: CLASSES }"),
              HasSubstr("one whole number a sample, (N) or (N, 1), but it holds float32"));
}

TEST_F(OwnData, TheLargestLabelMayBeOfTheTestSamples) {
  PutIntegers("y.npy", {0, 1}, {2});
  PutIntegers("t.npy", {7}, {1});
  const DataSets sets =
      Open("train { name: 'target' file: 'y.npy' } test { name: 'target' file: 't.npy' }");
  EXPECT_EQ(sets.train->classes(), 8);
  EXPECT_EQ(sets.test->classes(), 8);
}

TEST_F(OwnData, SafetensorsAreChosenByTheFieldOrByName) {
  std::vector<float> values = {1, 2, 3, 4};
  std::vector<std::byte> file;
  EncodeSafetensors({{"input", Tensor(values.data(), DType::kFloat32, {2, 1})},
                     {"labels", Tensor(values.data(), DType::kFloat32, {2, 2})}},
                    {}, &file);
  Put("d.safetensors", {reinterpret_cast<const char*>(file.data()), file.size()});
  const std::string input = "train { name: 'input' file: 'd.safetensors' } ";
  const DataSets sets =
      Open(input + "train { name: 'target' file: 'd.safetensors' tensor: 'labels' }");
  EXPECT_THAT(ValuesOf(*sets.train, 1), ElementsAre(2));
  EXPECT_THAT(ValuesOf(*sets.train, 1, 1), ElementsAre(3, 4));
  EXPECT_THAT(Refusal(input + "train { name: 'target' file: 'd.safetensors' tensor: 'label' }"),
              AllOf(HasSubstr("d.safetensors: there is no tensor 'label'"), HasSubstr("'labels'")));
}

TEST_F(OwnData, InputTakesTheColumnsThatOtherFieldsLeave) {
  Put("iris.csv", kIris);
  const DataSets sets = Open(
      "train { name: 'input' file: 'iris.csv' } "
      "train { name: 'target' file: 'iris.csv' column: 'species' }");
  EXPECT_EQ(sets.train->Fields()[0].shape, (Shape{2}));
  EXPECT_THAT(ValuesOf(*sets.train, 1), ElementsAre(2.5f, 20));
  EXPECT_THAT(sets.train->ClassNames(), ElementsAre("setosa", "versicolor", "virginica"));
  EXPECT_EQ(ClassOf(*sets.train, 0), 2);
  EXPECT_EQ(ClassOf(*sets.train, 1), 0);
  EXPECT_EQ(sets.train->Describe(), folder_.File("iris.csv") + " (4 samples, 3 classes)");
}

TEST_F(OwnData, ColumnsOfTheTestTableAreFoundByName) {
  Put("train.csv", kIris);
  Put("test.csv", "note,species,height,width\nx,setosa,1,2\ny,aegyptia,3,4\n");
  const DataSets sets = Open(
      "train { name: 'input' file: 'train.csv' } "
      "train { name: 'target' file: 'train.csv' column: 'species' } "
      "test { name: 'target' file: 'test.csv' } test { name: 'input' file: 'test.csv' }");
  EXPECT_THAT(ValuesOf(*sets.test, 1), ElementsAre(4, 3));
  EXPECT_EQ(sets.train->classes(), 4);
  EXPECT_EQ(ClassOf(*sets.test, 1), 0);
  EXPECT_EQ(ClassOf(*sets.train, 1), 1);
}

TEST_F(OwnData, WhatATargetColumnHoldsDecidesWhatItIs) {
  const auto open = [&](const std::string& cells, const std::string& kind = "") {
    Put("t.csv", "target\n" + cells);
    return Open("train { name: 'target' file: 't.csv' " + kind + " }");
  };
  EXPECT_EQ(open("0\n1\n1\n").train->classes(), 2);
  EXPECT_EQ(open("0\n1.5\n1\n").train->classes(), 0);
  EXPECT_EQ(open("0\n12\n", "kind: VALUES").train->classes(), 0);
  EXPECT_EQ(open("1.5\n0\nx\n", "kind: CLASSES").train->classes(), 3);
  Put("t.csv", "target\n0\nx\n");
  EXPECT_THAT(Refusal("train { name: 'target' file: 't.csv' }"),
              AllOf(HasSubstr("t.csv:3: column 'target' holds 'x', but "),
                    HasSubstr("t.csv:2: column 'target' holds '0'")));
}

TEST_F(OwnData, CellsThatAreNoNumbersAreRefusedWithLineAndColumn) {
  const std::string input = "train { name: 'input' file: 't.csv' }";
  Put("t.csv", "a,b\n1,2\n3,x\n");
  EXPECT_THAT(Refusal(input), HasSubstr("t.csv:3: column 'b' holds 'x'; a finite number"));
  Put("t.csv", "a,b\n1,\n");
  EXPECT_THAT(Refusal(input), HasSubstr("t.csv:2: column 'b' is empty; a finite number"));
  Put("t.csv", "a,b\n1,2\n3\n");
  EXPECT_THAT(Refusal(input), HasSubstr("t.csv:3: 1 cells, but the header line names 2"));
  Put("t.csv", "a,target\n1,\n");
  EXPECT_THAT(Refusal("train { name: 'target' file: 't.csv' }"),
              HasSubstr("t.csv:2: column 'target' is empty"));
  Put("t.csv", "a,b\n");
  EXPECT_THAT(Refusal(input), HasSubstr("t.csv: holds no samples"));
}

TEST_F(OwnData, ColumnsThatAreNotThereAreNamedWithTheNear) {
  Put("iris.csv", kIris);
  EXPECT_THAT(Refusal("train { name: 'target' file: 'iris.csv' column: 'specie' }"),
              AllOf(HasSubstr("iris.csv:1: there is no column 'specie'"), HasSubstr("'species'")));
  EXPECT_THAT(Refusal("train { name: 'input' file: 'iris.csv' } "
                      "train { name: 'target' file: 'iris.csv' column: 'specie' }"),
              HasSubstr("there is no column 'specie'"));
  Put("t.csv", "a;b\n1;2\n");
  EXPECT_THAT(Refusal("train { name: 'target' file: 't.csv' column: 'b' }"),
              HasSubstr("separate the cells by commas"));
  Put("t.csv", "a,a\n1,2\n");
  EXPECT_THAT(Refusal("train { name: 'input' file: 't.csv' }"),
              HasSubstr("two columns are called 'a'"));
}

TEST_F(OwnData, FilesOfDifferentLengthsAreBothNamed) {
  PutNumbers("x.npy", {4, 2});
  PutNumbers("y.npy", {3});
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x.npy' } "
                      "train { name: 'target' file: 'y.npy' }"),
              HasSubstr(folder_.File("x.npy") + " holds 4 samples of 'input' but " +
                        folder_.File("y.npy") + " holds 3 samples of 'target'"));
}

TEST_F(OwnData, TestSamplesMustBeLikeTrainingSamples) {
  PutNumbers("x.npy", {4, 2});
  PutNumbers("t.npy", {4, 3});
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x.npy' } test { name: 'input' file: 't.npy' }"),
              AllOf(HasSubstr("numbers of shape (2)"), HasSubstr("numbers of shape (3)")));
}

TEST_F(OwnData, StandardizeTakesMeanAndDeviationFromTheTrainingFile) {
  PutNumbers("x.npy", {3, 2});
  PutNumbers("t.npy", {1, 2});
  const DataSets sets = Open(
      "train { name: 'input' file: 'x.npy' } test { name: 'input' file: 't.npy' } "
      "standardize: true");
  // 0, 2, 4 and 1, 3, 5: mean 2 and 3, deviation sqrt(8/3).
  const float z = static_cast<float>(2 / std::sqrt(8.0 / 3));
  EXPECT_THAT(ValuesOf(*sets.train, 0), ElementsAre(-z, -z));
  EXPECT_THAT(ValuesOf(*sets.train, 1), ElementsAre(0, 0));
  EXPECT_THAT(ValuesOf(*sets.test, 0), ElementsAre(-z, -z));
}

TEST_F(OwnData, NormalizeIsForBytesAlone) {
  uint8_t bytes[] = {0, 255};
  Put("p.npy", Tensor(bytes, DType::kUint8, {2, 1, 1}));
  const std::string normalize = "normalize { mean: 0.5 deviation: 0.5 }";
  const DataSets sets = Open("train { name: 'input' file: 'p.npy' }", normalize);
  EXPECT_THAT(ValuesOf(*sets.train, 1), ElementsAre(::testing::FloatEq(1)));
  EXPECT_THAT(ValuesOf(*Open("train { name: 'input' file: 'p.npy' }").train, 1), ElementsAre(1));
  PutNumbers("x.npy", {2, 1});
  EXPECT_THAT(UsageErrorOf([&] { Open("train { name: 'input' file: 'x.npy' }", normalize); }),
              AllOf(HasSubstr("x.npy holds float32"), HasSubstr("data.tensors.standardize")));
}

// Two pictures (3, 1, 2), stored channel by channel.
TEST_F(OwnData, PicturesAreNormalisedChannelByChannel) {
  std::vector<uint8_t> bytes = {0, 255, 51, 102, 255, 0, 1, 2, 3, 4, 5, 6};
  Put("p.npy", Tensor(bytes.data(), DType::kUint8, {2, 3, 1, 2}));
  const DataSets sets = Open("train { name: 'input' file: 'p.npy' }",
                             "normalize { mean: [0, 0.2, 1] deviation: [1, 0.1, 0.5] }");
  const auto near = [](float value) { return ::testing::FloatNear(value, 1e-6f); };
  EXPECT_THAT(ValuesOf(*sets.train, 0),
              ElementsAre(near(0), near(0), near(0), near(1), near(2), near(-2)));
  EXPECT_THAT(UsageErrorOf([&] {
                Open("train { name: 'input' file: 'p.npy' }",
                     "normalize { mean: [0, 0.2] deviation: 1 }");
              }),
              AllOf(HasSubstr("numbers for 2 channels"), HasSubstr("(3, 1, 2) have 3")));
}

TEST_F(OwnData, PicturesOfBytesCanBeAugmented) {
  std::vector<uint8_t> bytes(3 * 4);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i);
  Put("p.npy", Tensor(bytes.data(), DType::kUint8, {1, 3, 2, 2}));
  const std::string flip = "augment { flip { probability: 1 } }";
  const DataSets sets = Open("train { name: 'input' file: 'p.npy' }", flip);
  std::vector<float> seen(12);
  sets.train->GatherForTraining(std::vector<int64_t>{0}, {},
                                {Tensor(seen.data(), DType::kFloat32, {1, 3, 2, 2})});
  std::vector<int> stored;
  for (const float value : seen) stored.push_back(static_cast<int>(std::lround(value * 255)));
  EXPECT_THAT(stored, ElementsAre(1, 5, 9, 0, 4, 8, 3, 7, 11, 2, 6, 10));
  PutNumbers("x.npy", {2, 1, 2, 2});
  EXPECT_THAT(UsageErrorOf([&] { Open("train { name: 'input' file: 'x.npy' }", flip); }),
              HasSubstr("x.npy holds float32"));
  Put("vectors.npy", Tensor(bytes.data(), DType::kUint8, {3, 4}));
  EXPECT_THAT(UsageErrorOf([&] { Open("train { name: 'input' file: 'vectors.npy' }", flip); }),
              HasSubstr("the samples are (4)"));
}

TEST_F(OwnData, MissingFilesAreNamedWithTheNear) {
  PutNumbers("x_train.npy", {2});
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x_trian.npy' }"),
              AllOf(HasSubstr("data.tensors.train 'input': there is no file " +
                              folder_.File("x_trian.npy") + " or x_trian.npy"),
                    HasSubstr("did you mean '" + folder_.File("x_train.npy") + "'?")));
}

TEST_F(OwnData, DamagedAndEmptyArraysAreNamed) {
  Put("x.npy", std::string("\x93NUMPY\x01"));
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x.npy' }"),
              HasSubstr(folder_.File("x.npy") + " is not a usable .npy file"));
  PutNumbers("x.npy", {0, 3});
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x.npy' }"), HasSubstr("holds no samples"));
  PutNumbers("x.npy", {});
  EXPECT_THAT(Refusal("train { name: 'input' file: 'x.npy' }"), HasSubstr("a single number"));
}

TEST_F(OwnData, PeekSaysWhatOpeningBrings) {
  Put("iris.csv", kIris);
  const DataShape shape =
      PeekData(ParseData("tensors { train { name: 'input' file: 'iris.csv' } "
                         "train { name: 'target' file: 'iris.csv' column: 'species' } }"),
               folder_.path());
  EXPECT_EQ(shape.classes, 3);
  EXPECT_EQ(shape.fields[0].shape, (Shape{2}));
}

}  // namespace
}  // namespace seve
