#include "train/watchdog/rendezvous.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "comm/agreement.h"
#include "comm/broadcast_text.h"
#include "comm/host_name.h"
#include "train/watchdog/lobby.h"

namespace seve {
namespace {

constexpr double kLongestRendezvous = 30;
// An address that leads nowhere costs this much in the first round over all, then twice as much a
// round. A machine on the same network answers within a millisecond, its program need not run.
constexpr double kFirstPatience = 0.5;
// For rank 0's program to answer at an address that was reached.
constexpr double kWelcomePatience = 5;
constexpr auto kPause = std::chrono::milliseconds(50);

constexpr const char* kRemedy =
    "let the ranks' hosts connect to each other over TCP, or switch the watchdog off with "
    "deadlines.silence: 0";

// Rank 0's heartbeat in reply to a hello.
bool IsWelcomed(HeartbeatLink& link, uint64_t token, double seconds) {
  const Stopwatch watch;
  while (!link.ended() && watch.Seconds() < seconds) {
    if (const auto reply = link.Receive()) return reply->token == token && reply->rank == 0;
    pollfd input{.fd = link.descriptor(), .events = POLLIN, .revents = 0};
    Poll({&input, 1}, seconds - watch.Seconds());
  }
  return false;
}

HeartbeatLink JoinAt(const std::string& address, const Invitation& invitation, int rank,
                     double patience, double welcome_patience) {
  HeartbeatLink link(Socket::Connect(address, invitation.port, patience));
  const uint64_t token = invitation.token;
  link.Send({.token = token, .kind = Heartbeat::Kind::kHello, .rank = rank});
  if (!IsWelcomed(link, token, welcome_patience)) {
    ThrowCommunication(fmt::format("{}:{} does not answer as rank 0", address, invitation.port));
  }
  link.Send({.token = token, .kind = Heartbeat::Kind::kBeat, .rank = rank});
  return link;
}

std::vector<HeartbeatLink> AdmitAll(const Socket& listener, const Invitation& invitation,
                                    const Communicator& communicator, double seconds) {
  Lobby lobby(listener, invitation.token, communicator.size());
  lobby.Admit(seconds);
  std::vector<std::string> missing;
  for (const int rank : lobby.Missing()) missing.push_back(communicator.Describe(rank));
  if (missing.empty()) return lobby.TakeLinks();
  ThrowCommunication(fmt::format(
      "{} did not connect to the watchdog of {} within {:g} s, at port {} of {}: {}", Join(missing),
      invitation.name, seconds, invitation.port, Join(invitation.addresses), kRemedy));
}

}  // namespace

HeartbeatLink Join(const Invitation& invitation, int rank, const std::string& name,
                   double seconds) {
  const std::vector<std::string> addresses = invitation.AddressesFrom(HostName());
  std::map<std::string, std::string> failures;  // the latest at each address
  const Stopwatch watch;
  for (double patience = kFirstPatience; watch.Seconds() < seconds; patience *= 2) {
    for (const std::string& address : addresses) {
      const double left = std::max(0.0, seconds - watch.Seconds());
      try {
        return JoinAt(address, invitation, rank, std::min(patience, left),
                      std::min(kWelcomePatience, left));
      } catch (const Error& error) {
        failures[address] = error.what();
      }
    }
    std::this_thread::sleep_for(kPause);
  }
  std::vector<std::string> attempts;
  for (const auto& [address, failure] : failures) attempts.push_back(failure);
  ThrowCommunication(fmt::format("{} did not reach the watchdog of {} within {:g} s: {}; {}", name,
                                 invitation.name, seconds, Join(attempts), kRemedy));
}

Rendezvous Meet(Communicator& communicator) {
  const int rank = communicator.rank();
  const double seconds = std::min(kLongestRendezvous, communicator.activity().Read().deadline / 2);
  Socket listener;
  Invitation invitation;
  RunAgreed(communicator, [&] {
    if (rank != 0) return;
    listener = Socket::Listen();
    invitation = Invitation::ToThisMachine(communicator.Describe(0), listener.port());
  });
  invitation = Invitation::Parse(BroadcastText(communicator, invitation.Text()));

  Rendezvous rendezvous{.token = invitation.token, .links = {}};
  RunAgreed(communicator, [&] {
    if (rank == 0) {
      rendezvous.links = AdmitAll(listener, invitation, communicator, seconds);
    } else {
      rendezvous.links.push_back(Join(invitation, rank, communicator.Describe(rank), seconds));
    }
  });
  return rendezvous;
}

}  // namespace seve
