#include "tensor/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "tensor/buffer.h"

namespace seve {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kDataAlignment = 64;

struct Described {
  ElementType element;
  std::string_view descr;
};

constexpr Described kDescribed[] = {
    {ElementType::kBool, "|b1"},    {ElementType::kUint8, "|u1"},   {ElementType::kUint16, "<u2"},
    {ElementType::kUint32, "<u4"},  {ElementType::kInt8, "|i1"},    {ElementType::kInt16, "<i2"},
    {ElementType::kInt32, "<i4"},   {ElementType::kInt64, "<i8"},   {ElementType::kFloat16, "<f2"},
    {ElementType::kFloat32, "<f4"}, {ElementType::kFloat64, "<f8"},
};

const char* DescrOf(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return "<f4";
    case DType::kInt32:
      return "<i4";
    case DType::kUint8:
      return "|u1";
    case DType::kBfloat16:
    case DType::kFloat16:
      break;
  }
  Check(false, "a tensor of 16 bits belongs to a GPU and is not written to files");
  return "?";
}

// "()", "(3,)", "(2, 3)": a tuple of Python.
std::string Tuple(const Shape& shape) {
  if (shape.rank() == 1) return fmt::format("({},)", shape[0]);
  return shape.ToString();
}

// Reads and checks the header of one file.
class HeaderReader {
 public:
  explicit HeaderReader(const InputFile& file) : file_(file) {}

  NpyHeader Read() {
    ReadText();
    NpyHeader header{ReadElement(), Shape(), data_start_};
    if (ValueOf("fortran_order") != "False") {
      Fail(
          "its array is stored column by column (Fortran order); save it with "
          "numpy.save(file, numpy.ascontiguousarray(array))");
    }
    header.shape = ReadShape();
    CheckSize(header);
    return header;
  }

 private:
  [[noreturn]] void Fail(const std::string& what) const {
    ThrowData(fmt::format("{} is not a usable .npy file: {}", file_.path(), what));
  }

  std::string Bytes(size_t offset, size_t count) const {
    if (offset + count > file_.size()) Fail("it ends inside its header (truncated?)");
    std::string bytes(count, '\0');
    file_.Read(offset, std::as_writable_bytes(std::span(bytes)));
    return bytes;
  }

  void ReadText() {
    if (file_.size() < kMagic.size() || Bytes(0, kMagic.size()) != kMagic) {
      Fail("it does not begin as one; write it with numpy.save");
    }
    const int major = static_cast<unsigned char>(Bytes(kMagic.size(), 2)[0]);
    if (major < 1 || major > 3) {
      Fail(fmt::format("it has format {}; 1 to 3 can be read", major));
    }
    const size_t length_bytes = major == 1 ? 2 : 4, begin = kMagic.size() + 2 + length_bytes;
    const std::string little_endian = Bytes(kMagic.size() + 2, length_bytes);
    size_t length = 0;
    for (size_t i = length_bytes; i > 0; --i) {
      length = length << 8 | static_cast<unsigned char>(little_endian[i - 1]);
    }
    text_ = Bytes(begin, length);
    if (!text_.starts_with('{') || text_[text_.find_last_not_of(" \n")] != '}') {
      Fail("its header is not a dictionary of Python in braces");
    }
    data_start_ = begin + length;
  }

  // What follows "'key':", up to the comma or brace that ends it at its own depth.
  [[nodiscard]] std::string_view ValueOf(std::string_view key) const {
    const std::string quoted = fmt::format("'{}':", key);
    const size_t found = text_.find(quoted);
    if (found == std::string::npos) Fail(fmt::format("its header names no {}", key));
    const std::string_view rest = std::string_view(text_).substr(found + quoted.size());
    // The brace that ends the dictionary is there at the latest.
    const size_t begin = rest.find_first_not_of(' ');
    int depth = 0;
    for (size_t end = begin; end < rest.size(); ++end) {
      const char c = rest[end];
      if (depth == 0 && (c == ',' || c == '}')) return rest.substr(begin, end - begin);
      depth += c == '(' || c == '[';
      depth -= c == ')' || c == ']';
    }
    Fail(fmt::format("its header does not end what {} is", key));
  }

  [[nodiscard]] ElementType ReadElement() const {
    const std::string_view descr = ValueOf("descr");
    for (const auto& [element, known] : kDescribed) {
      if (descr == fmt::format("'{}'", known)) return element;
    }
    Fail(
        fmt::format("its elements are {}; bool, integers of up to 64 bits (unsigned: 32) and "
                    "floating point of up to 64 bits can be read, little-endian: convert with "
                    "array.astype(\"float32\") or array.astype(\"int64\")",
                    descr));
  }

  [[nodiscard]] Shape ReadShape() const {
    const std::string_view tuple = ValueOf("shape");
    std::vector<int64_t> extents;
    for (size_t at = 0; (at = tuple.find_first_of("0123456789-", at)) != std::string::npos;) {
      int64_t extent = 0;
      const auto [end, error] =
          std::from_chars(tuple.data() + at, tuple.data() + tuple.size(), extent);
      if (error != std::errc() || extent < 0) Fail(fmt::format("its shape is {}", tuple));
      extents.push_back(extent);
      at = static_cast<size_t>(end - tuple.data());
    }
    return Shape(std::move(extents));
  }

  void CheckSize(const NpyHeader& header) const {
    auto bytes = static_cast<int64_t>(SizeOf(header.element));
    bool overflow = false;
    for (const int64_t extent : header.shape.extents()) {
      overflow |= __builtin_mul_overflow(bytes, extent, &bytes);
    }
    const size_t found = file_.size() - data_start_;
    if (!overflow && static_cast<size_t>(bytes) == found) return;
    Fail(fmt::format("its shape {} of {} needs {} bytes, but {} follow its header (truncated?)",
                     header.shape.ToString(), NameOf(header.element),
                     overflow ? "more than 2^63" : fmt::format("{}", bytes), found));
  }

  const InputFile& file_;
  std::string text_;
  size_t data_start_ = 0;
};

}  // namespace

std::vector<std::byte> EncodeNpy(const Tensor& tensor) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   DescrOf(tensor.dtype()), Tuple(tensor.shape()));
  const size_t before = kMagic.size() + 4;  // version and length
  header.resize(AlignUp(before + header.size() + 1, kDataAlignment) - before - 1, ' ');
  header += '\n';
  std::string start(kMagic);
  start += {'\x01', '\x00', static_cast<char>(header.size() & 255),
            static_cast<char>(header.size() >> 8)};
  start += header;

  std::vector<std::byte> file(start.size() + tensor.bytes());
  const auto data = std::ranges::copy(BytesOf(start), file.begin()).out;
  std::copy_n(static_cast<const std::byte*>(tensor.memory()), tensor.bytes(), data);
  return file;
}

NpyHeader ReadNpyHeader(const InputFile& file) { return HeaderReader(file).Read(); }

}  // namespace seve
