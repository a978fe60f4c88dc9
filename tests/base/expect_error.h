// Runs something that must fail as a user's error, and gives its message.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace seve {

template <typename Action>
std::string MessageOf(ExitCode code, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

}  // namespace seve
