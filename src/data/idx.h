// The IDX format of MNIST and its relatives: a big-endian header (two zero bytes, element type,
// number of axes, the extents), then the elements. http://yann.lecun.com/exdb/mnist, "the IDX file
// format".
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "tensor/buffer.h"
#include "tensor/shape.h"

namespace seve {

// Unsigned bytes of any shape.
struct IdxArray {
  Shape shape;
  Buffer bytes;

  [[nodiscard]] std::span<uint8_t> Bytes() const { return bytes.As<uint8_t>(); }
};

// Reads unsigned bytes with `rank` axes (3 for pictures, 1 for labels) from a plain or ".gz" file.
// Throws Error(kData) naming the file and what is wrong: unreadable, no IDX file of this kind
// (found and expected magic number), ends early, bytes left over, no elements.
IdxArray ReadIdx(const std::string& path, size_t rank);

// Writes unsigned bytes, gzip-compressed. Throws Error(kData).
void WriteIdx(const std::string& path, const Shape& shape, std::span<const uint8_t> bytes);

}  // namespace seve
