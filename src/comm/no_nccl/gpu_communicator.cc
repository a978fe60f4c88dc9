#include "comm/gpu_communicator.h"

#include "base/error.h"

namespace seve {

std::unique_ptr<GpuCommunicator> MakeGpuCommunicator(Communicator&, const GpuCommunicatorOptions&) {
  ThrowUsage(
      "this binary was built without NCCL, which several GPUs need to add up their gradients: "
      "build "
      "it where nccl.h and libnccl are found, train on one GPU, or set device: CPU");
}

}  // namespace seve
