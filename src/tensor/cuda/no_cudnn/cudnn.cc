#include "tensor/cuda/cudnn.h"

#include "base/error.h"
#include "tensor/cuda_devices.h"

namespace seve {

Cudnn::Cudnn(cudaStream_t /*stream*/) {
  ThrowUsage(
      "this binary was built without cuDNN, which convolutions on GPUs need: install cuDNN 9 where "
      "CMake finds CUDA (or name it with -DCUDNN_INCLUDE=DIR -DCUDNN_LIBRARY=FILE) and build "
      "again, "
      "or say device: CPU");
}

void Cudnn::Destroy::operator()(cudnnContext* /*handle*/) const noexcept {}

std::string CudnnVersionText() { return "no cuDNN"; }

}  // namespace seve
