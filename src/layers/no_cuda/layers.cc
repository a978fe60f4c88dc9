// The CUDA halves of a build without CUDA.
#include "base/error.h"
#include "layers/activation.h"
#include "layers/add.h"
#include "layers/batch_norm.h"
#include "layers/concatenate.h"
#include "layers/conv2d.h"
#include "layers/conv_transpose2d.h"
#include "layers/cross_entropy.h"
#include "layers/dropout.h"
#include "layers/global_pool.h"
#include "layers/hinge.h"
#include "layers/linear.h"
#include "layers/max_pool.h"
#include "layers/maxout.h"
#include "layers/mean_squared_error.h"
#include "layers/prelu.h"
#include "layers/resampling.h"
#include "layers/reshape.h"
#include "layers/sample_norm.h"

namespace seve {
namespace {

[[noreturn]] void ThrowNotBuiltIn() { ThrowUsage("this binary was built without CUDA"); }

}  // namespace

using Bound = std::unique_ptr<BoundLayer>;
using BoundLossHalf = std::unique_ptr<BoundCudaLoss>;

// clang-format off
Bound ActivationLayer::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Add::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound BatchNorm::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Concatenate::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Conv2d::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound ConvTranspose2d::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Dropout::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound GlobalPool::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Linear::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound MaxPool::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Maxout::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound PRelu::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Resampling::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound Reshape::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
Bound SampleNorm::BindCuda(const LayerBinding&, const CudaScope&) const { ThrowNotBuiltIn(); }
BoundLossHalf CrossEntropy::BindCuda(const LossBinding&, const CudaScope&, LossSums*) const { ThrowNotBuiltIn(); }
BoundLossHalf Hinge::BindCuda(const LossBinding&, const CudaScope&, LossSums*) const { ThrowNotBuiltIn(); }
BoundLossHalf MeanSquaredError::BindCuda(const LossBinding&, const CudaScope&, LossSums*) const { ThrowNotBuiltIn(); }
// clang-format on

}  // namespace seve
