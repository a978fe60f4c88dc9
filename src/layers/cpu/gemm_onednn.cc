#include <array>
#include <dnnl.hpp>
#include <string>

#include "base/error.h"
#include "layers/cpu/gemm_engines.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

using dnnl::memory;

memory::desc Matrix(int64_t rows, int64_t columns, bool transposed) {
  const auto layout = transposed ? memory::dims{1, rows} : memory::dims{columns, 1};
  return memory::desc({rows, columns}, memory::data_type::f32, layout);
}

// The scratchpad is ours: oneDNN's own belongs to the thread that made the primitive.
dnnl::primitive_attr Attributes(bool accumulate) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (accumulate) {
    dnnl::post_ops operations;
    operations.append_sum(1.0f);
    attributes.set_post_ops(operations);
  }
  return attributes;
}

class OneDnnGemm : public Gemm {
 public:
  explicit OneDnnGemm(const GemmSpec& spec)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        description_(dnnl::matmul::desc(Matrix(spec.m, spec.k, spec.transpose_a),
                                        Matrix(spec.k, spec.n, spec.transpose_b),
                                        Matrix(spec.m, spec.n, false)),
                     Attributes(spec.accumulate), engine_),
        product_(description_),
        scratch_(description_.scratchpad_desc().get_size()),
        a_(description_.src_desc(), engine_, DNNL_MEMORY_NONE),
        b_(description_.weights_desc(), engine_, DNNL_MEMORY_NONE),
        c_(description_.dst_desc(), engine_, DNNL_MEMORY_NONE),
        scratchpad_(description_.scratchpad_desc(), engine_, scratch_.data()) {}

  void Run(const float* a, const float* b, float* c) override {
    a_.set_data_handle(const_cast<float*>(a));
    b_.set_data_handle(const_cast<float*>(b));
    c_.set_data_handle(c);
    const std::array arguments = {dnnl_exec_arg_t{DNNL_ARG_SRC, a_.get()},
                                  dnnl_exec_arg_t{DNNL_ARG_WEIGHTS, b_.get()},
                                  dnnl_exec_arg_t{DNNL_ARG_DST, c_.get()},
                                  dnnl_exec_arg_t{DNNL_ARG_SCRATCHPAD, scratchpad_.get()}};
    const auto status =
        dnnl_primitive_execute(product_.get(), stream_.get(), arguments.size(), arguments.data());
    Check(status == dnnl_success, "oneDNN could not run a matrix product");
  }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::matmul::primitive_desc description_;
  dnnl::matmul product_;
  Buffer scratch_;
  memory a_;
  memory b_;
  memory c_;
  memory scratchpad_;
};

}  // namespace

std::unique_ptr<Gemm> MakeOneDnnGemm(const GemmSpec& spec) {
  try {
    return std::make_unique<OneDnnGemm>(spec);
  } catch (const dnnl::error& error) {
    ThrowUsage("oneDNN refuses a matrix product of " + std::to_string(spec.m) + " x " +
               std::to_string(spec.n) + " x " + std::to_string(spec.k) + ": " + error.what());
  }
}

}  // namespace seve
