#include "base/error.h"
#include "optim/adam.h"
#include "optim/averaged.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"

namespace seve {
namespace {

constexpr const char* kNoCuda = "this binary was built without CUDA";

}  // namespace

void Sgd::UpdateCuda(const CudaSliceUpdate&, const CudaDevice&) const { ThrowUsage(kNoCuda); }
void RmsProp::UpdateCuda(const CudaSliceUpdate&, const CudaDevice&) const { ThrowUsage(kNoCuda); }
void Adam::UpdateCuda(const CudaSliceUpdate&, const CudaDevice&) const { ThrowUsage(kNoCuda); }
void Averaged::UpdateCuda(const CudaSliceUpdate&, const CudaDevice&) const { ThrowUsage(kNoCuda); }

}  // namespace seve
