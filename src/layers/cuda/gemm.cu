#include "layers/cuda/gemm.h"

#include "base/error.h"

namespace seve {
namespace {

cudaDataType_t CudaType(DType type) {
  switch (type) {
    case DType::kFloat32:
      return CUDA_R_32F;
    case DType::kBfloat16:
      return CUDA_R_16BF;
    case DType::kFloat16:
      return CUDA_R_16F;
    case DType::kInt32:
    case DType::kUint8:
      break;
  }
  Check(false, "a matrix product has elements that are no floating-point numbers");
  return CUDA_R_32F;
}

template <typename Value>
void Set(cublasLtMatmulDesc_t operation, cublasLtMatmulDescAttributes_t attribute,
         const Value& value) {
  CheckCublas(cublasLtMatmulDescSetAttribute(operation, attribute, &value, sizeof(value)),
              "cublasLtMatmulDescSetAttribute");
}

template <typename Value>
void Set(cublasLtMatmulPreference_t preference, cublasLtMatmulPreferenceAttributes_t attribute,
         const Value& value) {
  CheckCublas(cublasLtMatmulPreferenceSetAttribute(preference, attribute, &value, sizeof(value)),
              "cublasLtMatmulPreferenceSetAttribute");
}

cublasLtMatmulDesc_t MakeOperation(Precision precision) {
  const auto compute =
      precision == Precision::kTf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
  cublasLtMatmulDesc_t operation = nullptr;
  CheckCublas(cublasLtMatmulDescCreate(&operation, compute, CUDA_R_32F),
              "cublasLtMatmulDescCreate");
  return operation;
}

// A row-major (rows, columns) matrix is, to cuBLAS, its transpose: column-major (columns, rows).
cublasLtMatrixLayout_t MakeLayout(DType type, int64_t rows, int64_t columns) {
  cublasLtMatrixLayout_t layout = nullptr;
  CheckCublas(cublasLtMatrixLayoutCreate(&layout, CudaType(type), static_cast<uint64_t>(columns),
                                         static_cast<uint64_t>(rows), columns),
              "cublasLtMatrixLayoutCreate");
  return layout;
}

}  // namespace

CudaGemm::CudaGemm(const CudaGemmSpec& spec, const CudaDevice& device)
    : spec_(spec), device_(device) {
  const int64_t m = spec.m, n = spec.n, k = spec.k;
  Check(m >= 0 && n >= 0 && k >= 0, "a matrix product has a negative extent");
  if (m == 0 || n == 0 || k == 0) return;
  const DType input = ActivationType(spec.precision);
  operation_.reset(MakeOperation(spec.precision));
  a_.reset(spec.transpose_a ? MakeLayout(input, k, m) : MakeLayout(input, m, k));
  b_.reset(spec.transpose_b ? MakeLayout(input, n, k) : MakeLayout(input, k, n));
  d_.reset(MakeLayout(spec.output, m, n));
  ChooseAlgorithm();
}

// D^T = op(B)^T op(A)^T: B is cuBLAS's first matrix, and the transpositions stay what they are.
void CudaGemm::ChooseAlgorithm() {
  const auto transposition = [](bool transpose) { return transpose ? CUBLAS_OP_T : CUBLAS_OP_N; };
  Set(operation_.get(), CUBLASLT_MATMUL_DESC_TRANSA, transposition(spec_.transpose_b));
  Set(operation_.get(), CUBLASLT_MATMUL_DESC_TRANSB, transposition(spec_.transpose_a));
  if (spec_.bias != nullptr) {
    Set(operation_.get(), CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_EPILOGUE_BIAS);
    Set(operation_.get(), CUBLASLT_MATMUL_DESC_BIAS_POINTER, spec_.bias);
  }
  cublasLtMatmulPreference_t created = nullptr;
  CheckCublas(cublasLtMatmulPreferenceCreate(&created), "cublasLtMatmulPreferenceCreate");
  const CudaHandle<cublasLtMatmulPreference_t, cublasLtMatmulPreferenceDestroy> preference(created);
  Set(preference.get(), CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
      uint64_t{device_.workspace().size()});
  // Copies of parameters in 16 bits start at half the offset of the parameters.
  for (const auto alignment :
       {CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES}) {
    Set(preference.get(), alignment, uint32_t{kAlignment / 2});
  }
  // Parts of a product split along k are added as FP32, not rounded to 16 bits in between.
  Set(preference.get(), CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK,
      uint32_t{CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE});
  cublasLtMatmulHeuristicResult_t result = {};
  int found = 0;
  CheckCublas(
      cublasLtMatmulAlgoGetHeuristic(device_.lt(), operation_.get(), b_.get(), a_.get(), d_.get(),
                                     d_.get(), preference.get(), 1, &result, &found),
      "cublasLtMatmulAlgoGetHeuristic");
  CheckCublas(found > 0 ? result.state : CUBLAS_STATUS_NOT_SUPPORTED,
              "cublasLtMatmulAlgoGetHeuristic");
  algorithm_ = result.algo;
}

void CudaGemm::Run(const void* a, const void* b, void* d, bool add) const {
  Check(!add || spec_.bias == nullptr, "a matrix product is added without bias");
  if (spec_.m == 0 || spec_.n == 0) return;
  if (spec_.k == 0) {
    if (add) return;
    const size_t bytes = static_cast<size_t>(spec_.m * spec_.n) * SizeOf(spec_.output);
    CheckCuda(cudaMemsetAsync(d, 0, bytes, device_.stream()), "cudaMemsetAsync");
    return;
  }
  const float one = 1;
  const float beta = add ? 1 : 0;
  const DeviceBuffer& workspace = device_.workspace();
  CheckCublas(cublasLtMatmul(device_.lt(), operation_.get(), &one, b, b_.get(), a, a_.get(), &beta,
                             d, d_.get(), d, d_.get(), &algorithm_, workspace.data(),
                             workspace.size(), device_.stream()),
              "cublasLtMatmul");
}

}  // namespace seve
