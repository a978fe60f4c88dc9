#include "cli/paths.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace seve {
namespace {

TEST(Paths, VariablesAreExpanded) {
  setenv("SEVE_TEST_ROOT", "/scratch/ana", 1);
  EXPECT_EQ(ExpandVariables("$SEVE_TEST_ROOT/seve"), "/scratch/ana/seve");
  EXPECT_EQ(ExpandVariables("${SEVE_TEST_ROOT}x/$SEVE_TEST_ROOT"), "/scratch/anax//scratch/ana");
  EXPECT_EQ(ExpandVariables("/plain/5$"), "/plain/5$");
  unsetenv("SEVE_TEST_ROOT");
  EXPECT_EQ(ExpandVariables("$SEVE_TEST_ROOT/seve"), std::nullopt);
  setenv("SEVE_TEST_ROOT", "", 1);
  EXPECT_EQ(ExpandVariables("$SEVE_TEST_ROOT/seve"), std::nullopt);
  unsetenv("SEVE_TEST_ROOT");
}

TEST(Paths, AbsoluteOnesHaveNothingSuperfluous) {
  EXPECT_EQ(AbsolutePath("/a/./b/../c/"), "/a/c");
  EXPECT_EQ(AbsolutePath("x"), (std::filesystem::current_path() / "x").string());
  EXPECT_EQ(AbsolutePath("/"), "/");
  EXPECT_EQ(AbsolutePath(""), "");
}

}  // namespace
}  // namespace seve
