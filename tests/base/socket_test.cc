#include "base/socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/expect_error.h"
#include "base/wake_up.h"

namespace seve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr double kPatience = 5;

bool WaitForInput(const Socket& socket) {
  pollfd input{.fd = socket.descriptor(), .events = POLLIN, .revents = 0};
  const Stopwatch watch;
  while (input.revents == 0 && watch.Seconds() < kPatience) Poll({&input, 1}, kPatience);
  return input.revents != 0;
}

struct Ends {
  Socket connecting, accepting;
};

Ends Connect() {
  const Socket listener = Socket::Listen();
  Socket connecting = Socket::Connect("127.0.0.1", listener.port(), kPatience);
  EXPECT_TRUE(WaitForInput(listener));
  return {std::move(connecting), listener.Accept()};
}

std::span<const std::byte> Bytes(const std::array<int, 4>& values) {
  return std::as_bytes(std::span(values));
}

TEST(Socket, CarriesBytesBothWays) {
  const Ends ends = Connect();
  for (const auto& [from, to] : {std::pair(&ends.connecting, &ends.accepting),
                                 std::pair(&ends.accepting, &ends.connecting)}) {
    const std::array<int, 4> sent{1, 2, 3, 4};
    std::array<int, 4> received{};
    EXPECT_EQ(from->Send(Bytes(sent)), sizeof(sent));
    ASSERT_TRUE(WaitForInput(*to));
    EXPECT_EQ(to->Receive(std::as_writable_bytes(std::span(received))), sizeof(received));
    EXPECT_EQ(received, sent);
  }
}

TEST(Socket, NeverWaits) {
  const Socket listener = Socket::Listen();
  EXPECT_FALSE(listener.Accept().is_open());
  const Ends ends = Connect();
  std::array<std::byte, 1 << 16> bytes{};
  EXPECT_EQ(ends.accepting.Receive(bytes), 0u);
  size_t sends = 0;
  while (ends.connecting.Send(bytes).value() > 0 && sends < 10000) ++sends;
  EXPECT_LT(sends, 10000u);
}

TEST(Socket, WhatWasSentBeforeTheEndArrivesBeforeIt) {
  Ends ends = Connect();
  const std::array<int, 4> sent{5, 6, 7, 8};
  std::array<int, 4> received{};
  const auto bytes = std::as_writable_bytes(std::span(received));
  ASSERT_EQ(ends.accepting.Send(Bytes(sent)), sizeof(sent));  // unread: the end is a reset
  ASSERT_EQ(ends.connecting.Send(Bytes(sent)), sizeof(sent));
  ends.connecting.Close();
  while (ends.accepting.Send(Bytes(sent)).has_value()) std::this_thread::yield();
  EXPECT_EQ(ends.accepting.Receive(bytes), sizeof(received));
  EXPECT_EQ(received, sent);
  EXPECT_EQ(ends.accepting.Receive(bytes), std::nullopt);
}

TEST(Socket, FinishedSendingIsAnEndThatStillReceives) {
  const Ends ends = Connect();
  std::array<int, 4> received{};
  const auto bytes = std::as_writable_bytes(std::span(received));
  ends.connecting.FinishSending();
  ASSERT_TRUE(WaitForInput(ends.accepting));
  EXPECT_EQ(ends.accepting.Receive(bytes), std::nullopt);
  EXPECT_EQ(ends.accepting.Send(Bytes({1})), sizeof(received));
  ASSERT_TRUE(WaitForInput(ends.connecting));
  EXPECT_EQ(ends.connecting.Receive(bytes), sizeof(received));
  const Stopwatch watch;
  while (!ends.connecting.Delivered() && watch.Seconds() < kPatience) std::this_thread::yield();
  EXPECT_TRUE(ends.connecting.Delivered());
}

TEST(Socket, ARefusedConnectionNamesAddressAndReason) {
  Socket listener = Socket::Listen();
  const uint16_t port = listener.port();
  listener.Close();
  const auto connect = [&] { static_cast<void>(Socket::Connect("127.0.0.1", port, kPatience)); };
  EXPECT_THAT(MessageOf(ExitCode::kCommunication, connect),
              AllOf(HasSubstr("127.0.0.1:" + std::to_string(port)), HasSubstr("refused")));
}

TEST(Socket, ANameIsNoAddress) {
  const auto connect = [] { static_cast<void>(Socket::Connect("node3", 80, kPatience)); };
  EXPECT_THAT(MessageOf(ExitCode::kCommunication, connect), HasSubstr("node3 is no IPv4 address"));
}

TEST(Socket, DescriptorsAreClosedOnExec) {
  const Socket listener = Socket::Listen();
  const Ends ends = Connect();
  const WakeUp wake_up;
  for (const int descriptor : {listener.descriptor(), ends.connecting.descriptor(),
                               ends.accepting.descriptor(), wake_up.descriptor()}) {
    EXPECT_NE(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST(LocalAddresses, HaveTheLoopback) { EXPECT_THAT(LocalAddresses(), Contains("127.0.0.1")); }

TEST(Poll, GivesUpInTimeAndWakesUpEarly) {
  const WakeUp wake_up;
  pollfd input{.fd = wake_up.descriptor(), .events = POLLIN, .revents = 0};
  const Stopwatch watch;
  Poll({&input, 1}, 0.05);
  EXPECT_EQ(input.revents, 0);
  EXPECT_GE(watch.Seconds(), 0.05);
  std::thread waker([&] { wake_up.Set(); });
  while (input.revents == 0 && watch.Seconds() < kPatience) Poll({&input, 1}, kPatience);
  waker.join();
  EXPECT_EQ(input.revents, POLLIN);
}

}  // namespace
}  // namespace seve
