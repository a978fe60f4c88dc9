#include "base/terminal.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <cstdlib>

namespace seve {
namespace {

class TerminalTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"}) unsetenv(name);
    setenv("TERM", "xterm-256color", 1);
  }
  // What is detected on a pseudo-terminal of this many columns.
  static Terminal OnColumns(unsigned short columns) {
    int master = -1, slave = -1;
    winsize size{};
    size.ws_col = columns;
    EXPECT_EQ(openpty(&master, &slave, nullptr, nullptr, &size), 0);
    const Terminal terminal = DetectTerminal(slave);
    close(master);
    close(slave);
    return terminal;
  }
};

TEST_F(TerminalTest, KnowsItsWidthAndHasColour) {
  const Terminal terminal = OnColumns(93);
  EXPECT_TRUE(terminal.interactive);
  EXPECT_TRUE(terminal.colour);
  EXPECT_EQ(terminal.columns, 93);
}

TEST_F(TerminalTest, WithoutAWidthIsOneThatALauncherMadeUp) {
  EXPECT_FALSE(OnColumns(0).interactive);
}

TEST_F(TerminalTest, ThatIsDumbIsNotRewritten) {
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(OnColumns(93).interactive);
}

TEST_F(TerminalTest, HasNoColourWhereTheUserWantsNone) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_TRUE(OnColumns(93).interactive);
  EXPECT_FALSE(OnColumns(93).colour);
}

TEST_F(TerminalTest, IsNotAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Terminal terminal = DetectTerminal(ends[1]);
  close(ends[0]);
  close(ends[1]);
  EXPECT_FALSE(terminal.interactive);
  EXPECT_FALSE(terminal.colour);
  EXPECT_EQ(terminal.columns, 80);
}

TEST_F(TerminalTest, FollowsTheLocaleInPosixOrder) {
  EXPECT_FALSE(OnColumns(80).utf8);
  setenv("LANG", "fr_CA.UTF-8", 1);
  EXPECT_TRUE(OnColumns(80).utf8);
  setenv("LC_ALL", "C", 1);
  EXPECT_FALSE(OnColumns(80).utf8);
  setenv("LC_ALL", "C.utf8", 1);
  EXPECT_TRUE(OnColumns(80).utf8);
}

}  // namespace
}  // namespace seve
