// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/process.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

TEST_CASE("a tool that is not installed is named", "[base][process]") {
  const auto run = base::run_process({.arguments = {"lutgen-no-such-tool"}, .folder = {}, .environment = {}, .log = {}});
  REQUIRE_FALSE(run);
  CHECK(run.error().code == Code::tool_missing);
  CHECK(run.error().place == "lutgen-no-such-tool");
}

TEST_CASE("a tool that fails keeps its log and shows its first error", "[base][process]") {
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "tool.log";
  const auto run = base::run_process(
      {.arguments = {"sh", "-c", "echo start; echo 'ERROR: no such pin'; echo later; exit 3"},
       .folder = {}, .environment = {}, .log = log});
  REQUIRE_FALSE(run);
  CHECK(run.error().code == Code::tool_failed);
  CHECK(run.error().message == "sh exited with status 3: ERROR: no such pin");
  CHECK(base::read_file(log).value() == "start\nERROR: no such pin\nlater\n");
}

TEST_CASE("a tool that succeeds runs in the folder and environment it was given", "[base][process]") {
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "tool.log";
  REQUIRE(base::run_process({.arguments = {"sh", "-c", "pwd; echo $LUTGEN_TEST_VALUE"},
                             .folder = folder.path(),
                             .environment = {{"LUTGEN_TEST_VALUE", "seen"}},
                             .log = log}));
  CHECK(base::read_file(log).value() == folder.path().string() + "\nseen\n");
}

TEST_CASE("a tool that does not end in time is stopped and named", "[base][process]") {
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "tool.log";
  const auto run = base::run_process({.arguments = {"sh", "-c", "echo started; exec sleep 20"},
                                      .folder = folder.path(),
                                      .environment = {},
                                      .log = log,
                                      .limit_seconds = 0.2});
  REQUIRE_FALSE(run);
  CHECK(run.error().code == Code::tool_failed);
  CHECK(run.error().message == "sh did not end within 0.2 s and was stopped");
  // A limit that is not reached changes nothing.
  CHECK(base::run_process({.arguments = {"true"}, .folder = {}, .environment = {}, .log = {}, .limit_seconds = 100}));
}
