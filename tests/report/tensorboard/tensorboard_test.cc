#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/crc32c.h"
#include "base/expect_error.h"
#include "base/file.h"
#include "base/temporary_folder.h"
#include "report/a_run.h"
#include "report/tensorboard/record.h"
#include "report/tensorboard/tensorboard_observer.h"

namespace seve {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Record, IsLengthAndBytesEachWithItsMaskedChecksum) {
  // Checksums by TensorBoard 2.19's pywrap_tensorflow.masked_crc32c.
  EXPECT_EQ(Record("abc"), std::string("\x03\0\0\0\0\0\0\0"
                                       "\xb0\x99\x49\x0e"
                                       "abc"
                                       "\x6e\x57\xf1\x21",
                                       19));
}

class TensorBoard : public testing::Test {
 protected:
  // Paths of the folder's files, in the order TensorBoard reads them.
  [[nodiscard]] std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(here_)) {
      files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
  }
  static std::vector<tensorboard::Event> EventsOf(const std::string& path) {
    std::vector<tensorboard::Event> events;
    const std::string text = ReadFile(path);
    for (size_t at = 0; at < text.size();) {
      const auto length = static_cast<unsigned char>(text[at]) +
                          256 * static_cast<size_t>(static_cast<unsigned char>(text[at + 1]));
      const std::string bytes = text.substr(at + 12, length);
      EXPECT_EQ(text.substr(at, length + 16), Record(bytes));
      EXPECT_TRUE(events.emplace_back().ParseFromString(bytes));
      at += length + 16;
    }
    return events;
  }
  static std::vector<std::string> Tags(const tensorboard::Event& event) {
    std::vector<std::string> tags;
    for (const auto& value : event.summary().value()) tags.push_back(value.tag());
    return tags;
  }

  TemporaryFolder folder_;
  std::string here_ = folder_.File("tensorboard");
};

TEST_F(TensorBoard, GetsTheFiguresOfStepsAndEvaluations) {
  TensorBoardObserver observer(here_, std::nullopt);
  observer.OnStep(StepAt(250, 1));
  auto validation = ValidationAt(750, 2);
  validation.metrics = {{"top_5", 0.99}};
  observer.OnEvaluation(validation);
  validation.split = "train";
  validation.accuracy.reset();
  observer.OnEvaluation(validation);
  const auto events = EventsOf(Files().at(0));
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].file_version(), "brain.Event:2");
  EXPECT_THAT(Tags(events[1]),
              ElementsAre("loss/train", "accuracy/train", "learning_rate", "samples_per_second"));
  EXPECT_EQ(events[1].step(), 250);
  EXPECT_EQ(events[1].summary().value(0).simple_value(), 0.0812f);
  EXPECT_THAT(Tags(events[2]),
              ElementsAre("loss/validation", "accuracy/validation", "top_5/validation"));
  EXPECT_EQ(events[2].summary().value(2).simple_value(), 0.99f);
  EXPECT_THAT(Tags(events[3]), ElementsAre("loss/train_evaluated", "top_5/train_evaluated"));
  EXPECT_GT(events[3].wall_time(), 1.7e9);
}

TEST_F(TensorBoard, GetsHistogramsOfParametersAndGradients) {
  TensorBoardObserver observer(here_, std::nullopt);
  const TensorStatistics values{.count = 4,
                                .non_zero = 4,
                                .mean = 1.5,
                                .deviation = 0.5,
                                .mean_absolute = 1.5,
                                .minimum = 1,
                                .maximum = 2,
                                .histogram = {2, 2}};
  observer.OnStatistics(
      {.step = 7,
       .epoch = 1,
       .seconds = 1,
       .parameters = {{"hidden", "weight", values, values}, {"hidden", "bias", values, {}}}});
  const auto events = EventsOf(Files().at(0));
  EXPECT_THAT(Tags(events.at(1)),
              ElementsAre("values/hidden.weight", "gradients/hidden.weight", "values/hidden.bias"));
  const auto& histogram = events[1].summary().value(0).histogram();
  EXPECT_EQ(histogram.num(), 4);
  EXPECT_EQ(histogram.sum(), 6);
  EXPECT_EQ(histogram.sum_squares(), 10);
  EXPECT_THAT(histogram.bucket_limit(), ElementsAre(1.5, 2));
  EXPECT_THAT(histogram.bucket(), ElementsAre(2, 2));
}

TEST_F(TensorBoard, GetsPictures) {
  TensorBoardObserver(here_, std::nullopt).AddImage("weights/hidden", 3, "PNG", 20, 30);
  const auto events = EventsOf(Files().at(0));
  const auto& value = events.at(1).summary().value(0);
  EXPECT_EQ(value.tag(), "weights/hidden");
  EXPECT_EQ(value.image().encoded(), "PNG");
  EXPECT_EQ(value.image().height(), 20);
  EXPECT_EQ(value.image().width(), 30);
}

TEST_F(TensorBoard, IsToldWhatNoLongerHoldsWhenARunIsResumed) {
  TensorBoardObserver(here_, std::nullopt).OnStep(StepAt(250, 1));
  TensorBoardObserver(here_, 100).OnStep(StepAt(110, 1));
  const auto files = Files();
  ASSERT_EQ(files.size(), 2u);
  const auto events = EventsOf(files[1]);
  EXPECT_EQ(events.at(1).session_log().status(), tensorboard::SessionLog::START);
  EXPECT_EQ(events[1].step(), 101);
  EXPECT_EQ(events.at(2).step(), 110);
}

TEST_F(TensorBoard, ThatCannotBeToldIsADataErrorWithTheReason) {
  EXPECT_THAT(MessageOf(ExitCode::kData, [] { TensorBoardObserver("/dev/null/x", {}); }),
              HasSubstr("Not a directory"));
}

}  // namespace
}  // namespace seve
