// What the tests of the configuration language share.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace seve::testing {

// A complete configuration; tests spoil or override parts of it.
inline constexpr const char* kComplete = R"(data { mnist {} }
batch { size: 64 }
model {
  layer { flatten {} }
  layer { name: "hidden" linear { units: 200 activation: RELU } }
  layer { name: "scores" linear { units: 10 } }
}
loss { cross_entropy {} }
optimizer { sgd { learning_rate: 0.1 } }
epochs: 10
)";

// kComplete with one text in place of another, which must occur in it.
inline std::string With(const std::string& old_text, const std::string& new_text) {
  std::string text = kComplete;
  const size_t at = text.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  return text.replace(at, old_text.size(), new_text);
}

// The message of the usage error that `action` throws.
inline std::string UsageError(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    return error.what();
  }
  ADD_FAILURE() << "no error was thrown";
  return "";
}

// A folder of its own for each test, removed with its files at the end.
class InFolder : public ::testing::Test {
 protected:
  // Writes a file below the folder and returns its path.
  std::string Write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

  TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path();
};

}  // namespace seve::testing
