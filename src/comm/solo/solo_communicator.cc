#include "comm/solo/solo_communicator.h"

#include <cstdlib>

#include "base/error.h"
#include "comm/host_name.h"
#include "tensor/buffer.h"

namespace seve {
namespace {

class SoloWindow : public Window {
 public:
  explicit SoloWindow(size_t floats) : buffer_(floats * sizeof(float)) {}

  std::span<float> local() const override { return buffer_.As<float>(); }
  void StartSum(size_t begin, size_t end, Wire, Legs) override {
    Check(begin <= end && end <= local().size(), "the range of a sum lies outside its window");
  }
  std::vector<Range> Owned(Range range) const override { return {range}; }
  void Progress() override {}
  void FinishSums() override {}

 private:
  Buffer buffer_;
};

class SoloCommunicator : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  std::string Describe(int rank) const override { return DescribeRank(HostName(), rank); }
  std::string Transport() const override { return ""; }
  Activity& activity() override { return activity_; }
  bool SumsInRankTree() const override { return true; }
  void Barrier() override {}
  void AllReduceSum(std::span<double>) override {}
  void Broadcast(std::span<std::byte>, int) override {}
  std::vector<std::vector<std::byte>> Gather(std::span<const std::byte> bytes, int) override {
    return {{bytes.begin(), bytes.end()}};
  }
  std::unique_ptr<Window> AllocateWindow(size_t floats) override {
    return std::make_unique<SoloWindow>(floats);
  }
  void Abort(int code) override { std::_Exit(code); }

 private:
  Activity activity_;
};

}  // namespace

std::unique_ptr<Communicator> MakeSoloCommunicator() {
  return std::make_unique<SoloCommunicator>();
}

}  // namespace seve
