#include "tensor/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "base/expect_error.h"
#include "base/quick_files.h"
#include "base/temporary_folder.h"

namespace seve {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A file with this dictionary and data, as any writer could have produced it.
std::string Assemble(const std::string& dictionary, const std::string& data, char major = 1) {
  std::string file = "\x93NUMPY";
  file += {major, '\0', static_cast<char>(dictionary.size()), '\0'};
  if (major > 1) file += std::string(2, '\0');
  return file + dictionary + data;
}

std::string Dictionary(const std::string& descr, const std::string& shape) {
  return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }\n";
}

class Npy : public testing::Test {
 protected:
  NpyHeader Read(const std::string& bytes) {
    WriteQuickly(folder_.File("x.npy"), bytes);
    return ReadNpyHeader(InputFile(folder_.File("x.npy")));
  }
  std::string Refusal(const std::string& bytes) {
    const auto message = MessageOf(ExitCode::kData, [&] { Read(bytes); });
    EXPECT_THAT(message, HasSubstr(folder_.File("x.npy")));
    return message;
  }

  TemporaryFolder folder_;
};

TEST_F(Npy, IsWrittenByteForByteAsNumpyDoes) {
  float values[] = {1, 2};
  const std::string file = Text(EncodeNpy(Tensor(values, DType::kFloat32, {2})));
  const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  EXPECT_EQ(file, std::string("\x93NUMPY\x01\0\x76\0", 10) + dictionary +
                      std::string(117 - dictionary.size(), ' ') + "\n" +
                      std::string("\0\0\x80\x3f\0\0\0\x40", 8));
}

TEST_F(Npy, IsReadBack) {
  std::vector<int32_t> values(24, -3);
  struct Case {
    DType dtype;
    Shape shape;
    ElementType element;
  };
  for (const auto& [dtype, shape, element] :
       {Case{DType::kFloat32, {2, 3, 4}, ElementType::kFloat32},
        Case{DType::kInt32, {24}, ElementType::kInt32},
        Case{DType::kUint8, {5, 1}, ElementType::kUint8},
        Case{DType::kFloat32, {}, ElementType::kFloat32},
        Case{DType::kFloat32, {0, 3}, ElementType::kFloat32}}) {
    const Tensor tensor(values.data(), dtype, shape);
    const std::string file = Text(EncodeNpy(tensor));
    const NpyHeader header = Read(file);
    EXPECT_EQ(header.element, element);
    EXPECT_EQ(header.shape, shape);
    EXPECT_EQ(header.data_start % 64, 0u);
    EXPECT_EQ(file.substr(header.data_start),
              std::string(static_cast<const char*>(tensor.memory()), tensor.bytes()));
  }
}

TEST_F(Npy, MayHaveAnyOfTheseElements) {
  for (const auto& [descr, name] :
       std::vector<std::pair<std::string, std::string>>{{"'|b1'", "bool"},
                                                        {"'|u1'", "uint8"},
                                                        {"'<u2'", "uint16"},
                                                        {"'<u4'", "uint32"},
                                                        {"'|i1'", "int8"},
                                                        {"'<i2'", "int16"},
                                                        {"'<i4'", "int32"},
                                                        {"'<i8'", "int64"},
                                                        {"'<f2'", "float16"},
                                                        {"'<f4'", "float32"},
                                                        {"'<f8'", "float64"}}) {
    EXPECT_EQ(NameOf(Read(Assemble(Dictionary(descr, "(0,)"), "")).element), name);
  }
}

TEST_F(Npy, MayHaveFormats1To3) {
  for (const char major : {1, 2, 3}) {
    EXPECT_EQ(Read(Assemble(Dictionary("'|u1'", "(3,)"), "abc", major)).shape, (Shape{3}));
  }
  EXPECT_THAT(Refusal(Assemble(Dictionary("'|u1'", "(3,)"), "abc", 4)),
              HasSubstr("it has format 4; 1 to 3 can be read"));
}

TEST_F(Npy, CutAnywhereIsRefused) {
  const std::string whole = Assemble(Dictionary("'<i2'", "(2, 2)"), "abcdefgh");
  ASSERT_EQ(Read(whole).shape, (Shape{2, 2}));
  for (size_t size = 0; size < whole.size(); ++size) Refusal(whole.substr(0, size));
}

TEST_F(Npy, WithAHeaderThatEndsAnywhereIsRefused) {
  const std::string whole = Dictionary("'<i2'", "(2, 2)");
  for (size_t size = 0; size <= whole.rfind(','); ++size) {
    for (const char* end : {"", " ", "}", "\n"}) {
      const std::string cut = whole.substr(0, size) + end;
      if (cut.ends_with(")}")) continue;  // whole again
      Refusal(Assemble(cut, "abcdefgh"));
    }
  }
  EXPECT_THAT(Refusal(Assemble("{'descr':", "")), HasSubstr("its header is not a dictionary"));
  EXPECT_THAT(Refusal(Assemble("{'descr': [(}", "")), HasSubstr("does not end what descr is"));
}

TEST_F(Npy, WithAnyByteChangedIsReadOrRefused) {
  const std::string whole = Assemble(Dictionary("'<i2'", "(2, 2)"), "abcdefgh");
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\xff', ' ', '\'', '(', ')', '{', '}', ',', ':', '-', '9'}) {
      std::string changed = whole;
      changed[at] = byte;
      try {
        Read(changed);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::kData) << changed;
      }
    }
  }
}

TEST_F(Npy, IsRefusedWithWhatIsWrongAndTheRemedy) {
  EXPECT_THAT(Refusal("a,b\n1,2\n"), HasSubstr("write it with numpy.save"));
  for (const char* descr : {"'<c8'", "'|O'", "'>f4'", "'<U7'", "[('a', '<f4'), ('b', '<i4')]"}) {
    EXPECT_THAT(Refusal(Assemble(Dictionary(descr, "(1,)"), "12345678")),
                AllOf(HasSubstr(std::string("its elements are ") + descr),
                      HasSubstr("array.astype(\"float32\")")));
  }
  EXPECT_THAT(Refusal(Assemble("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2), }", "ab")),
              HasSubstr("numpy.ascontiguousarray"));
  EXPECT_THAT(Refusal(Assemble(Dictionary("'<f4'", "(2, 3)"), "1234")),
              HasSubstr("its shape (2, 3) of float32 needs 24 bytes, but 4 follow"));
  EXPECT_THAT(Refusal(Assemble(Dictionary("'|u1'", "(2,)"), "abc")),
              HasSubstr("needs 2 bytes, but 3 follow"));
  EXPECT_THAT(Refusal(Assemble(Dictionary("'<f8'", "(4611686018427387904, 4)"), "")),
              HasSubstr("needs more than 2^63 bytes"));
  EXPECT_THAT(Refusal(Assemble(Dictionary("'|u1'", "(-2,)"), "")), HasSubstr("its shape is (-2,)"));
  EXPECT_THAT(Refusal(Assemble("{'descr': '|u1'}", "")), HasSubstr("names no fortran_order"));
}

TEST(ElementType, HalvesAreConvertedExactly) {
  EXPECT_EQ(double{Float16{0x3C00}}, 1.0);
  EXPECT_EQ(double{Float16{0xC500}}, -5.0);
  EXPECT_EQ(double{Float16{0x0001}}, 0x1p-24);
  EXPECT_EQ(double{Float16{0x7BFF}}, 65504.0);
  EXPECT_EQ(double{Float16{0xFC00}}, -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(double{Float16{0x7E00}}));
  EXPECT_EQ(double{Bfloat16{0xC0A0}}, -5.0);
}

}  // namespace
}  // namespace seve
