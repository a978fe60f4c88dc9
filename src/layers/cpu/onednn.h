// oneDNN's primitives without allocation in the step: copies are made at binding, and what calls
// take turns with is the thread's.
#pragma once

#include <dnnl.hpp>
#include <initializer_list>

#include "tensor/buffer.h"

namespace seve {

// The CPU, and a stream of the calling thread.
struct OneDnnDevice {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
};

// The scratchpad is the caller's: oneDNN's own belongs to the thread that made the primitive. With
// `add` the result is added to what is there.
dnnl::primitive_attr OneDnnAttributes(bool add = false);

// A primitive, whose scratchpad is the thread's; `description` has the attributes above.
class OneDnnCall {
 public:
  OneDnnCall() = default;
  template <typename Description>
  OneDnnCall(const dnnl::primitive& primitive, const Description& description,
             const OneDnnDevice& device)
      : primitive_(primitive),
        bytes_(description.scratchpad_desc().get_size()),
        scratchpad_(description.scratchpad_desc(), device.engine, DNNL_MEMORY_NONE) {}

  void Run(std::initializer_list<dnnl_exec_arg_t> arguments, const OneDnnDevice& device) const;

 private:
  dnnl::primitive primitive_;
  size_t bytes_ = 0;  // of the scratchpad
  dnnl::memory scratchpad_;
};

// Values that a primitive reads or writes: the owner's memory itself where the primitive wants
// them as they lie there, else a copy in the layout it wants.
class OneDnnOperand {
 public:
  enum class Use { kRead, kWritten, kUpdated, kAdded };
  // Where a copy lies: in memory of its own, or, from Open to the end of its primitive's turn, in
  // one of two that all calls of a thread share.
  enum class Place { kOwn, kFirst, kSecond };

  // The primitive itself adds to what it finds with kUpdated; kAdded always works on a copy, whose
  // values Store then adds.
  OneDnnOperand(const dnnl::memory::desc& plain, const dnnl::memory::desc& wanted, Use use,
                const OneDnnDevice& device, Place place = Place::kOwn);

  // The copy's values, as they lie there.
  [[nodiscard]] std::span<float> copy() const {
    return {static_cast<float*>(copy_.get_data_handle()), bytes_ / sizeof(float)};
  }
  [[nodiscard]] dnnl_memory_t memory() const { return is_copied_ ? copy_.get() : owned_.get(); }

  // Before the primitive runs: whose values it reads, writes or updates.
  void Open(const float* values, const OneDnnDevice& device);
  // After a primitive that writes.
  void Store(const OneDnnDevice& device) { Store(use_, device); }
  void Store(Use use, const OneDnnDevice& device);

 private:
  [[nodiscard]] bool IsLoaded() const {
    return is_copied_ && (use_ == Use::kRead || use_ == Use::kUpdated);
  }

  Use use_;
  Place place_;
  size_t bytes_;  // of the copy
  bool is_copied_;
  bool is_added_in_place_;  // without oneDNN, whose sums of two of one layout are slow
  dnnl::memory owned_;
  Buffer buffer_;
  dnnl::memory copy_;
  OneDnnCall load_, store_, add_;
};

}  // namespace seve
