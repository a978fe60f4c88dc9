#include "train/watchdog/rendezvous.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/expect_error.h"
#include "base/socket.h"
#include "comm/threads/run_threads.h"
#include "train/watchdog/link_testing.h"
#include "train/watchdog/lobby.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Invitation Invite(const Socket& listener) {
  return Invitation::ToThisMachine("a:rank 0", listener.port());
}

Heartbeat Hello(uint64_t token, int rank) {
  return {.token = token, .kind = Heartbeat::Kind::kHello, .rank = rank};
}

TEST(WatchdogInvitation, SurvivesTheWayThroughText) {
  const Invitation sent{"node 1:rank 0", "node 1", 4242, ~uint64_t{0}, {"127.0.0.1", "10.0.0.7"}};
  const Invitation received = Invitation::Parse(sent.Text());
  EXPECT_EQ(received.name, sent.name);
  EXPECT_EQ(received.host, sent.host);
  EXPECT_EQ(received.port, sent.port);
  EXPECT_EQ(received.token, sent.token);
  EXPECT_EQ(received.addresses, sent.addresses);
}

TEST(WatchdogInvitation, LoopbackComesFirstOnTheSameHostAndLastOnAnother) {
  const Invitation invitation{"n", "node1", 1, 2, {"10.0.0.7", "127.0.0.1", "172.17.0.1"}};
  EXPECT_THAT(invitation.AddressesFrom("node1"),
              ElementsAre("127.0.0.1", "10.0.0.7", "172.17.0.1"));
  EXPECT_THAT(invitation.AddressesFrom("node2"),
              ElementsAre("10.0.0.7", "172.17.0.1", "127.0.0.1"));
}

TEST(WatchdogInvitation, TokensDiffer) {
  const Socket listener = Socket::Listen();
  EXPECT_NE(Invite(listener).token, Invite(listener).token);
}

TEST(WatchdogRendezvous, ConnectsEveryRankWithRankZero) {
  for (const int world : {2, 4, 7}) {
    std::atomic<int> greeted{0};
    RunThreads(world, [&](Communicator& comm) {
      Rendezvous meeting = Meet(comm);
      if (comm.rank() != 0) {
        meeting.links.at(0).Send(Hello(meeting.token, comm.rank()));
        return comm.Barrier();
      }
      ASSERT_EQ(meeting.links.size(), static_cast<size_t>(world) - 1);
      for (int rank = 1; rank < world; ++rank) {
        HeartbeatLink& link = meeting.links[rank - 1];
        testing::WaitForInput(link.descriptor());
        const auto heartbeat = link.Receive();
        greeted += heartbeat && heartbeat->rank == rank && heartbeat->token == meeting.token;
      }
      comm.Barrier();
    });
    EXPECT_EQ(greeted, world - 1);
  }
}

TEST(WatchdogRendezvous, StrangersAreDroppedAndHoldNobodyUp) {
  const Socket listener = Socket::Listen();
  const Invitation invitation = Invite(listener);
  const auto connect = [&] { return Socket::Connect("127.0.0.1", listener.port(), 5); };
  const Socket silent = connect();
  const Socket brief = connect();
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  EXPECT_EQ(brief.Send(std::as_bytes(std::span(request))), request.size());
  connect();  // and gone
  HeartbeatLink wrong_token(connect()), impostor(connect()), unknown(connect());
  wrong_token.Send(Hello(invitation.token + 1, 1));
  impostor.Send(Hello(invitation.token, 0));
  unknown.Send(Hello(invitation.token, 3));

  Lobby lobby(listener, invitation.token, 3);
  std::thread members([&] {
    for (const int rank : {2, 1}) EXPECT_FALSE(Join(invitation, rank, "b", 10).ended());
  });
  lobby.Admit(10);
  members.join();
  EXPECT_THAT(lobby.Missing(), IsEmpty());
  EXPECT_EQ(lobby.TakeLinks().size(), 2u);
  for (HeartbeatLink* stranger : {&wrong_token, &impostor, &unknown}) {
    testing::WaitForInput(stranger->descriptor());
    EXPECT_EQ(stranger->Receive(), std::nullopt);
    EXPECT_TRUE(stranger->ended());
  }
}

TEST(WatchdogRendezvous, ARankThatConnectsAgainIsInByTheConnectionItKeeps) {
  const Socket listener = Socket::Listen();
  const Invitation invitation = Invite(listener);
  {
    HeartbeatLink given_up(Socket::Connect("127.0.0.1", listener.port(), 5));
    given_up.Send(Hello(invitation.token, 1));
  }
  Lobby lobby(listener, invitation.token, 2);
  std::thread admission([&] { lobby.Admit(10); });
  const HeartbeatLink kept = Join(invitation, 1, "b", 10);
  admission.join();
  auto links = lobby.TakeLinks();
  EXPECT_EQ(links.at(0).Receive(), std::nullopt);
  EXPECT_FALSE(links.at(0).ended());
}

TEST(WatchdogRendezvous, WhoDoesNotComeIsMissing) {
  const Socket listener = Socket::Listen();
  Lobby lobby(listener, 7, 4);
  lobby.Admit(0.05);
  EXPECT_THAT(lobby.Missing(), ElementsAre(1, 2, 3));
}

TEST(WatchdogRendezvous, AnAddressWhereNobodyAnswersIsNamedWithBothHostsAndTheRemedy) {
  Socket listener = Socket::Listen();
  Invitation invitation = Invite(listener);
  invitation.addresses = {"127.0.0.1"};
  const auto join = [&] { static_cast<void>(Join(invitation, 3, "b:rank 3", 0.2)); };
  const std::string port = std::to_string(invitation.port);
  EXPECT_THAT(MessageOf(ExitCode::kCommunication, join),
              AllOf(HasSubstr("b:rank 3 did not reach the watchdog of a:rank 0 within 0.2 s"),
                    HasSubstr("127.0.0.1:" + port + " does not answer as rank 0"),
                    HasSubstr("deadlines.silence: 0")));
  listener.Close();
  EXPECT_THAT(MessageOf(ExitCode::kCommunication, join),
              HasSubstr("127.0.0.1:" + port + ": Connection refused"));
}

TEST(WatchdogRendezvous, FollowsTheNextAddressWhenOneLeadsNowhere) {
  const Socket listener = Socket::Listen(), other = Socket::Listen();
  Invitation invitation = Invite(listener);
  // 192.0.2.0/24 belongs to documentation: nobody has such an address.
  invitation.addresses = {"192.0.2.1", "127.0.0.1"};
  invitation.host = "elsewhere";
  Lobby lobby(listener, invitation.token, 2);
  std::thread admission([&] { lobby.Admit(10); });
  EXPECT_FALSE(Join(invitation, 1, "b", 10).ended());
  admission.join();
  EXPECT_THAT(lobby.Missing(), IsEmpty());
}

}  // namespace
}  // namespace seve
