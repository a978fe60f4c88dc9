#include "layers/cpu/onednn.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "layers/cpu/row_blocks.h"

namespace seve {
namespace {

// What the calls of a thread take turns with, as large as the largest has needed so far.
class ThreadMemory {
 public:
  std::byte* OfSize(size_t bytes) {
    if (memory_.size() < bytes) memory_ = Buffer(bytes);
    return memory_.data();
  }

 private:
  Buffer memory_;
};

thread_local ThreadMemory scratchpad, first_copy, second_copy;

OneDnnCall Reorder(const dnnl::memory::desc& from, const dnnl::memory::desc& to, bool add,
                   const OneDnnDevice& device) {
  const dnnl::reorder::primitive_desc description(device.engine, from, device.engine, to,
                                                  OneDnnAttributes(add));
  return {dnnl::reorder(description), description, device};
}

}  // namespace

dnnl::primitive_attr OneDnnAttributes(bool add) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (add) {
    dnnl::post_ops operations;
    operations.append_sum(1.0f);
    attributes.set_post_ops(operations);
  }
  return attributes;
}

void OneDnnCall::Run(std::initializer_list<dnnl_exec_arg_t> arguments,
                     const OneDnnDevice& device) const {
  scratchpad_.set_data_handle(scratchpad.OfSize(bytes_));
  std::array<dnnl_exec_arg_t, 5> all;
  Check(arguments.size() < all.size(), "a oneDNN primitive is given too many arguments");
  *std::ranges::copy(arguments, all.begin()).out = {DNNL_ARG_SCRATCHPAD, scratchpad_.get()};
  const auto status = dnnl_primitive_execute(primitive_.get(), device.stream.get(),
                                             static_cast<int>(arguments.size() + 1), all.data());
  Check(status == dnnl_success, "oneDNN could not run a primitive");
}

OneDnnOperand::OneDnnOperand(const dnnl::memory::desc& plain, const dnnl::memory::desc& wanted,
                             Use use, const OneDnnDevice& device, Place place)
    : use_(use),
      place_(place),
      bytes_(wanted.get_size()),
      is_copied_(use == Use::kAdded || plain != wanted),
      is_added_in_place_(plain == wanted),
      owned_(plain, device.engine, DNNL_MEMORY_NONE) {
  if (!is_copied_) return;
  if (place == Place::kOwn) buffer_ = Buffer(bytes_);
  copy_ = dnnl::memory(wanted, device.engine, buffer_.data());
  if (IsLoaded()) load_ = Reorder(plain, wanted, false, device);
  if (use == Use::kRead) return;
  store_ = Reorder(wanted, plain, false, device);
  add_ = Reorder(wanted, plain, true, device);
}

void OneDnnOperand::Open(const float* values, const OneDnnDevice& device) {
  owned_.set_data_handle(const_cast<float*>(values));
  if (is_copied_ && place_ != Place::kOwn) {
    ThreadMemory& memory = place_ == Place::kFirst ? first_copy : second_copy;
    copy_.set_data_handle(memory.OfSize(bytes_));
  }
  if (IsLoaded()) {
    load_.Run({{DNNL_ARG_FROM, owned_.get()}, {DNNL_ARG_TO, copy_.get()}}, device);
  }
}

void OneDnnOperand::Store(Use use, const OneDnnDevice& device) {
  if (!is_copied_) return;
  if (use == Use::kAdded && is_added_in_place_) {
    const auto values = copy();
    const auto count = static_cast<int64_t>(values.size());
    float* to = static_cast<float*>(owned_.get_data_handle());
    return MoveRows({values.data(), count}, {to, count}, 1, count, true);
  }
  const OneDnnCall& move = use == Use::kAdded ? add_ : store_;
  move.Run({{DNNL_ARG_FROM, copy_.get()}, {DNNL_ARG_TO, owned_.get()}}, device);
}

}  // namespace seve
