#include "comm/mpi/mpi_across_hosts.h"

#include <algorithm>

namespace seve {
namespace {

constexpr size_t kMessage = 128 << 10;  // floats: half a MiB
constexpr uint64_t kNumbers = 1 << 14;  // of ranges that may be under way at once, and far more

}  // namespace

MpiAcrossHosts::MpiAcrossHosts(const MpiComm& across)
    : across_(across), piece_floats_(kMessage * static_cast<size_t>(across.size())) {
  ends_.reserve(64);
}

void MpiAcrossHosts::Begin(std::span<float> slice, Wire wire, Legs legs, uint64_t number) {
  while (!slice.empty()) {
    const auto piece = slice.first(std::min(slice.size(), piece_floats_));
    if (begun_ == exchanges_.size()) {
      exchanges_.push_back(std::make_unique<SliceExchange>(across_));
    }
    exchanges_[begun_++]->Begin(piece, wire, legs, static_cast<int>(number % kNumbers));
    slice = slice.subspan(piece.size());
  }
  ends_.push_back(begun_);
}

void MpiAcrossHosts::Progress() {
  while (added_ < begun_ && exchanges_[added_]->Add()) ++added_;
  while (finished_ < added_ && exchanges_[finished_]->Finish()) ++finished_;
  while (slices_done_ < ends_.size() && ends_[slices_done_] <= finished_) ++slices_done_;
}

void MpiAcrossHosts::Clear() {
  begun_ = added_ = finished_ = slices_done_ = 0;
  ends_.clear();
}

std::vector<Range> MpiAcrossHosts::Owned(size_t floats) const {
  std::vector<Range> owned;
  for (Range piece; piece.begin < floats; piece.begin = piece.end) {
    piece.end = std::min(floats, piece.begin + piece_floats_);
    const Range part = OwnedPart(piece.size(), across_.rank(), across_.size());
    if (part.size() == 0) continue;
    owned.push_back({piece.begin + part.begin, piece.begin + part.end});
  }
  return owned;
}

}  // namespace seve
