#include "faults/faulty_communicator.h"

#include <chrono>
#include <limits>
#include <thread>

namespace seve::faults {
namespace {

// A bit of one parameter: parameters are what the largest broadcast at the start carries.
struct Parameters {
  std::span<std::byte> bytes;
  void FlipABit() const { bytes[bytes.size() / 2] ^= std::byte{1}; }
};

class FaultyWindow : public Window {
 public:
  FaultyWindow(std::unique_ptr<Window> real, const Fault& fault, bool hit,
               const Parameters& parameters)
      : real_(std::move(real)), fault_(fault), hit_(hit), parameters_(parameters) {}

  std::span<float> local() const override { return real_->local(); }

  void StartSum(size_t begin, size_t end, Wire wire, Legs legs) override {
    if (!in_step_) {
      in_step_ = true;
      ++step_;
      At("before_sum");
      if (fault_.place == "in_sum" && step_ == fault_.count) HitWithin();
    }
    real_->StartSum(begin, end, wire, legs);
  }

  std::vector<Range> Owned(Range range) const override { return real_->Owned(range); }
  void Progress() override { real_->Progress(); }

  void FinishSums() override {
    real_->FinishSums();
    At("after_sum");
    in_step_ = false;
  }

 private:
  // The rank that is hit enters the sum first and meets its fault there, by another thread.
  void HitWithin() const {
    if (!hit_) return std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::thread([fault = fault_] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      Do(fault);
    }).detach();
  }

  [[nodiscard]] bool Is(const char* place) const { return hit_ && fault_.place == place; }

  void At(const char* place) {
    if (!Is(place)) return;
    if (fault_.action == "slow" && step_ >= fault_.count) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    if (step_ != fault_.count) return;
    if (fault_.action == "nan") local()[0] = std::numeric_limits<float>::quiet_NaN();
    if (fault_.action == "flip") parameters_.FlipABit();
    Do(fault_);
  }

  std::unique_ptr<Window> real_;
  const Fault& fault_;
  bool hit_;
  const Parameters& parameters_;
  bool in_step_ = false;
  int step_ = 0;
};

class FaultyCommunicator : public Communicator {
 public:
  FaultyCommunicator(Communicator& real, const Fault& fault) : real_(real), fault_(fault) {}

  int rank() const override { return real_.rank(); }
  int size() const override { return real_.size(); }
  std::string Describe(int rank) const override { return real_.Describe(rank); }
  std::string Transport() const override { return real_.Transport(); }
  Activity& activity() override { return real_.activity(); }
  bool SumsInRankTree() const override { return real_.SumsInRankTree(); }
  void Barrier() override { real_.Barrier(); }
  void AllReduceSum(std::span<double> values) override { real_.AllReduceSum(values); }
  void Broadcast(std::span<std::byte> bytes, int root) override {
    if (bytes.size() > parameters_.bytes.size()) parameters_.bytes = bytes;
    real_.Broadcast(bytes, root);
  }
  std::vector<std::vector<std::byte>> Gather(std::span<const std::byte> bytes, int root) override {
    return real_.Gather(bytes, root);
  }
  std::unique_ptr<Window> AllocateWindow(size_t floats) override {
    return std::make_unique<FaultyWindow>(real_.AllocateWindow(floats), fault_,
                                          fault_.rank == rank(), parameters_);
  }
  void Abort(int code) override { real_.Abort(code); }

 private:
  Communicator& real_;
  const Fault& fault_;
  Parameters parameters_;
};

}  // namespace

std::unique_ptr<Communicator> MakeFaultyCommunicator(Communicator& real, const Fault& fault) {
  return std::make_unique<FaultyCommunicator>(real, fault);
}

}  // namespace seve::faults
