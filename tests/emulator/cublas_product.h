// One product of cuBLASLt: D = epilogue(alpha op(A) op(B) + beta C).
#pragma once

#include "emulator/cublas_descriptors.h"

namespace seve::emulator {

struct Operand {
  Layout layout;
  const void* elements = nullptr;
};

struct Product {
  ProductDescription description;
  Operand a, b, c;
  Layout d_layout;
  void* d = nullptr;
  float alpha = 1.0F;
  float beta = 0.0F;
  void* workspace = nullptr;
  size_t workspace_bytes = 0;
};

// What cuBLASLt says of types, shapes, orders and epilogue; pointers are not looked at.
cublasStatus_t CheckShapes(const ProductDescription& description, const Layout& a, const Layout& b,
                           const Layout& c, const Layout& d);

// All pointers are there and aligned to 16 bytes (cuBLASLt's heuristics would choose slower
// algorithms for others) and lead to memory of a device, D is neither A nor B.
cublasStatus_t CheckPointers(const Product& product);

// Overwrites the workspace, as an algorithm that needs it does. Equal shapes give equal bits.
void Multiply(const Product& product);

}  // namespace seve::emulator
