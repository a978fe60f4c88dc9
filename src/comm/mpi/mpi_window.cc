#include "comm/mpi/mpi_window.h"

#include <utility>

namespace seve {
namespace {

std::optional<MpiAcrossHosts> MakeAcross(const Hosts& hosts) {
  if (hosts.count == 1 || hosts.index() >= hosts.slices) return std::nullopt;
  return std::make_optional<MpiAcrossHosts>(hosts.across);
}

}  // namespace

MpiWindow::MpiWindow(size_t floats, const Hosts& hosts, HostBarrier& barrier)
    : floats_(floats),
      hosts_(hosts),
      barrier_(barrier),
      memory_(std::make_unique<SharedMemory>(hosts.host, floats * sizeof(float))),
      across_(MakeAcross(hosts)),
      reduction_(Arenas(), floats, hosts.index(), hosts.slices, barrier,
                 across_ ? &*across_ : nullptr) {}

MpiWindow::~MpiWindow() { FreeTogether(std::move(memory_), barrier_, hosts_.rank()); }

std::span<float> MpiWindow::local() const {
  return {reinterpret_cast<float*>(memory_->of(hosts_.index())), floats_};
}

std::vector<float*> MpiWindow::Arenas() const {
  std::vector<float*> arenas;
  for (size_t index = 0; index < hosts_.local.size(); ++index) {
    arenas.push_back(reinterpret_cast<float*>(memory_->of(static_cast<int>(index))));
  }
  return arenas;
}

}  // namespace seve
