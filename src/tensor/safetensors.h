// The safetensors format: 8 bytes little-endian header length, a JSON header {name: {dtype, shape,
// data_offsets}, "__metadata__": {string: string}}, then the tensors' bytes without gaps.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tensor/buffer.h"
#include "tensor/tensor.h"

namespace seve {

struct NamedTensor {
  std::string name;
  Tensor tensor;  // view
};

// The file's bytes for these tensors, in this order, into `file`, whose memory is reused. The
// header is padded with spaces so that data start 8-byte aligned.
void EncodeSafetensors(const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata,
                       std::vector<std::byte>* file);

// A file read whole; `tensors` are views into `memory`. Throws Error(kData) naming the file and
// what is wrong: too short, header not JSON, unknown dtype, offsets beyond the file or not matching
// the shape.
struct SafetensorsFile {
  Buffer memory;
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;

  // nullptr when absent.
  [[nodiscard]] const Tensor* Find(const std::string& name) const;
};
SafetensorsFile ReadSafetensors(const std::string& path);

}  // namespace seve
