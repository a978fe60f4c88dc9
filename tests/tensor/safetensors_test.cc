#include "tensor/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/expect_error.h"
#include "base/file.h"
#include "base/quick_files.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using testing::HasSubstr;

std::string Text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> Encode(const std::vector<NamedTensor>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  std::vector<std::byte> file;
  EncodeSafetensors(tensors, metadata, &file);
  return file;
}

// A file with this header and these data bytes, as any writer could have produced it.
std::string Assemble(const std::string& header, const std::string& data) {
  const uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header + data;
}

class Safetensors : public testing::Test {
 protected:
  SafetensorsFile Reread(const std::string& bytes) {
    WriteQuickly(folder_.File("f"), bytes);
    return ReadSafetensors(folder_.File("f"));
  }
  std::string Refusal(const std::string& bytes) {
    const auto message = MessageOf(ExitCode::kData, [&] { Reread(bytes); });
    EXPECT_THAT(message, HasSubstr(folder_.File("f")));
    return message;
  }

  TemporaryFolder folder_;
  std::vector<float> weights_{1.5F, -2.0F, 0.0F, 3.25F, 1e-38F, 6.0F};
  std::vector<int32_t> counts_{-1, 7};
  std::vector<uint8_t> pixels_{0, 128, 255};
  std::vector<NamedTensor> tensors_{
      {"hidden.weight", Tensor(weights_.data(), DType::kFloat32, {2, 3})},
      {"pixels", Tensor(pixels_.data(), DType::kUint8, {3})},
      {"counts", Tensor(counts_.data(), DType::kInt32, {2, 1})},
      {"scale", Tensor(weights_.data(), DType::kFloat32, {})},
      {"nothing", Tensor(weights_.data(), DType::kFloat32, {0, 4})},
  };
};

TEST_F(Safetensors, AreWrittenByteForByteAsTheFormatSays) {
  const std::vector<NamedTensor> one{{"w", Tensor(counts_.data(), DType::kInt32, {2})}};
  const std::string header =
      R"({"__metadata__":{"step":"3"},"w":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}})";
  const std::string padding(88 - header.size(), ' ');
  const std::string file = Text(Encode(one, {{"step", "3"}}));
  EXPECT_EQ(file, std::string("\x58\0\0\0\0\0\0\0", 8) + header + padding +
                      std::string("\xff\xff\xff\xff\x07\0\0\0", 8));
}

TEST_F(Safetensors, AreReadBackBitForBit) {
  const auto file = Reread(Text(Encode(tensors_, {{"a", "1"}, {"é", "\"quoted\""}})));
  EXPECT_EQ(file.metadata, (std::map<std::string, std::string>{{"a", "1"}, {"é", "\"quoted\""}}));
  ASSERT_EQ(file.tensors.size(), tensors_.size());
  for (size_t i = 0; i < tensors_.size(); ++i) {
    const auto& [name, tensor] = file.tensors[i];
    EXPECT_EQ(name, tensors_[i].name);
    EXPECT_EQ(tensor.shape(), tensors_[i].tensor.shape());
    ASSERT_EQ(tensor.dtype(), tensors_[i].tensor.dtype());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.memory()) % kAlignment, 0u);
    EXPECT_EQ(std::memcmp(tensor.memory(), tensors_[i].tensor.memory(), tensor.bytes()), 0);
  }
}

TEST_F(Safetensors, MayHoldNothing) {
  const auto file = Reread(Text(Encode({}, {})));
  EXPECT_TRUE(file.tensors.empty());
  EXPECT_EQ(file.Find("w"), nullptr);
}

TEST_F(Safetensors, AreFoundByName) {
  const auto file = Reread(Text(Encode(tensors_, {})));
  ASSERT_NE(file.Find("pixels"), nullptr);
  EXPECT_EQ(file.Find("pixels")->Flat<uint8_t>()[1], 128);
  EXPECT_EQ(file.Find("pixel"), nullptr);
}

TEST_F(Safetensors, OfOtherWritersMayBeUnpaddedAndInAnyOrder) {
  const auto file = Reread(Assemble(R"({"b":{"data_offsets":[1,5],"dtype":"I32","shape":[1]},)"
                                    R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                                    std::string("\x09\x05\0\0\0", 5)));
  EXPECT_EQ(file.Find("a")->Flat<uint8_t>()[0], 9);
  EXPECT_EQ(file.Find("b")->Flat<int32_t>()[0], 5);
}

TEST_F(Safetensors, CutAnywhereAreRefused) {
  const std::string whole = Text(Encode(tensors_, {}));
  for (size_t size = 0; size < whole.size(); ++size) Refusal(whole.substr(0, size));
}

TEST_F(Safetensors, WithTwoTensorsOfOneNameAreNotWritten) {
  tensors_[1].name = tensors_[0].name;
  EXPECT_THROW(Encode(tensors_, {}), std::logic_error);
}

struct Damage {
  std::string header, data, message;
};

TEST_F(Safetensors, AreRefusedWithWhatIsWrong) {
  const std::string four(4, '\0');
  const auto tensor = [](const std::string& dtype, const std::string& shape,
                         const std::string& offsets) {
    return R"({"w":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets +
           "}}";
  };
  const std::vector<Damage> cases{
      {"{\"w\":", "", "its header is not JSON"},
      {"\xff\xfe", "", "its header is not JSON"},
      {"[]", "", "its header is not a JSON object"},
      {R"({"w":1})", "", "tensor 'w' is not described by an object"},
      {R"({"w":{}})", "", "tensor 'w' has no dtype"},
      {R"({"__metadata__":[]})", "", "__metadata__ is not an object"},
      {R"({"__metadata__":{"a":1}})", "", "__metadata__ 'a' is not a string"},
      {R"({"w":{"dtype":"F32"}})", four, "tensor 'w' has no shape"},
      {R"({"w":{"dtype":"F32","shape":[1]}})", four, "tensor 'w' has no data_offsets"},
      {tensor("\"F64\"", "[1]", "[0,8]"), four + four,
       "tensor 'w' has dtype F64; F32, I32 and U8 can be read"},
      {tensor("\"F32\"", "[-1]", "[0,4]"), four, "shape of tensor 'w' holds -1, not a count"},
      {tensor("\"F32\"", "[1.5]", "[0,4]"), four, "shape of tensor 'w' holds 1.5, not a count"},
      {tensor("\"F32\"", "[1]", "[4,0]"), four,
       "data_offsets of tensor 'w' are not a begin and an end"},
      {tensor("\"F32\"", "[1]", "[0]"), four,
       "data_offsets of tensor 'w' are not a begin and an end"},
      {tensor("\"F32\"", "[2]", "[0,8]"), four, "tensor 'w' ends 4 bytes beyond the end"},
      {tensor("\"F32\"", "[2]", "[0,4]"), four,
       "tensor 'w' has 4 bytes, its shape (2) of F32 needs another number"},
      {tensor("\"F32\"", "[4611686018427387904,4]", "[0,0]"), "", "needs another number"},
      {tensor("\"U8\"", "[3]", "[1,4]"), four,
       "tensor 'w' begins at byte 1 of the data, the one before ends at 0"},
      {tensor("\"U8\"", "[3]", "[0,3]"), four, "1 bytes follow the last tensor"},
      {R"({"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
       R"("w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}})",
       four, "its header names 'w' twice"},
  };
  for (const auto& [header, data, message] : cases) {
    EXPECT_THAT(Refusal(Assemble(header, data)), HasSubstr(message)) << header;
  }
}

TEST_F(Safetensors, WithAHeaderLongerThanTheFileAreRefused) {
  EXPECT_THAT(Refusal("abc"), HasSubstr("it has 3 bytes, too short for a header"));
  std::string file = Assemble("{}", "");
  file[0] = 100;
  EXPECT_THAT(Refusal(file), HasSubstr("its header should have 100 bytes, the whole file has 10"));
  EXPECT_THAT(Refusal(std::string(64, '\xff')), HasSubstr("its header should have"));
}

}  // namespace
}  // namespace seve
