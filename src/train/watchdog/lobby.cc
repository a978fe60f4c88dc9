#include "train/watchdog/lobby.h"

#include "base/clock.h"

namespace seve {

Lobby::Lobby(const Socket& listener, uint64_t token, int ranks)
    : listener_(listener), token_(token), members_(static_cast<size_t>(ranks) - 1) {}

void Lobby::Admit(double seconds) {
  const Stopwatch watch;
  while (!Missing().empty() && watch.Seconds() < seconds) {
    WaitForGuests(seconds - watch.Seconds());
    for (Socket guest = listener_.Accept(); guest.is_open(); guest = listener_.Accept()) {
      guests_.push_back({HeartbeatLink(std::move(guest)), 0});
    }
    std::erase_if(guests_, [this](Guest& guest) { return Attend(guest); });
  }
}

void Lobby::WaitForGuests(double seconds) {
  std::vector<pollfd> inputs{{.fd = listener_.descriptor(), .events = POLLIN, .revents = 0}};
  for (const Guest& guest : guests_) {
    inputs.push_back({.fd = guest.link.descriptor(), .events = POLLIN, .revents = 0});
  }
  Poll(inputs, seconds);
}

bool Lobby::Attend(Guest& guest) {
  while (const auto heartbeat = guest.link.Receive()) {
    if (!IsMember(*heartbeat)) return true;
    if (heartbeat->kind == Heartbeat::Kind::kHello) {
      guest.rank = heartbeat->rank;
      guest.link.Send({.token = token_, .kind = Heartbeat::Kind::kBeat, .rank = 0});
    } else if (guest.rank == heartbeat->rank) {
      members_[static_cast<size_t>(guest.rank) - 1].emplace(std::move(guest.link));
      return true;
    }
  }
  return guest.link.ended();
}

bool Lobby::IsMember(const Heartbeat& heartbeat) const {
  return heartbeat.token == token_ && heartbeat.rank > 0 &&
         static_cast<size_t>(heartbeat.rank) <= members_.size();
}

std::vector<int> Lobby::Missing() const {
  std::vector<int> missing;
  for (size_t i = 0; i < members_.size(); ++i) {
    if (!members_[i]) missing.push_back(static_cast<int>(i) + 1);
  }
  return missing;
}

std::vector<HeartbeatLink> Lobby::TakeLinks() {
  std::vector<HeartbeatLink> links;
  for (auto& member : members_) links.push_back(std::move(member.value()));
  return links;
}

}  // namespace seve
