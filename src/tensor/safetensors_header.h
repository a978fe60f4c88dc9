// The header of a safetensors file, read and checked before any tensor is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "tensor/element_type.h"
#include "tensor/shape.h"

namespace seve {

// "F32", "I32", "U8", …
const char* SafetensorsName(ElementType element);

struct SafetensorsHeader {
  struct Entry {
    std::string name;
    ElementType element;
    Shape shape;
    size_t begin, end;  // bytes, from data_start

    [[nodiscard]] size_t bytes() const { return end - begin; }
  };

  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  size_t data_start = 0;
};

// Throws Error(kData) as ReadSafetensors says, except that every ElementType is read.
SafetensorsHeader ReadSafetensorsHeader(const InputFile& file);

}  // namespace seve
