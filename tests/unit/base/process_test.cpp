// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/process.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// Whether a process runs: one that ended and that nobody has waited for does not.
bool runs(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.at(name_end + 2) != 'Z';
}

/// Gives the signals a moment: true as soon as `condition` is.
template <class Condition>
bool within_seconds(double seconds, const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string first_line(const std::filesystem::path& path) {
  const std::string text = base::read_file(path).value_or("");
  return text.find('\n') == std::string::npos ? "" : text.substr(0, text.find('\n'));
}

/// A program that starts another one and waits for it; its log gets the other one's id.
base::ProcessSpec parent_of_sleep(const std::filesystem::path& log) {
  return {.arguments = {"sh", "-c", "sleep 60 & echo $!; wait"}, .folder = {}, .environment = {}, .log = log};
}

}  // namespace

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

TEST_CASE("tools ask for large memory pages unless told otherwise", "[base][process]") {
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "tool.log";
  const auto tunables = [&](std::vector<std::pair<std::string, std::string>> environment) {
    REQUIRE(base::run_process({.arguments = {"sh", "-c", "echo $GLIBC_TUNABLES"}, .folder = {}, .environment = std::move(environment), .log = log}));
    return first_line(log);
  };
  const char* ours = ::getenv("GLIBC_TUNABLES");
  const std::string before = ours == nullptr ? "" : ours;
  ::unsetenv("GLIBC_TUNABLES");
  CHECK(tunables({}) == "glibc.malloc.hugetlb=1");
  CHECK(tunables({{"GLIBC_TUNABLES", "glibc.malloc.check=0"}}) == "glibc.malloc.check=0");
  ::setenv("GLIBC_TUNABLES", "glibc.malloc.perturb=0", 1);
  CHECK(tunables({}) == "glibc.malloc.perturb=0");
  ours == nullptr ? ::unsetenv("GLIBC_TUNABLES") : ::setenv("GLIBC_TUNABLES", before.c_str(), 1);
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

TEST_CASE("what a stopped tool had started is stopped with it", "[base][process]") {
  const test::TemporaryFolder folder;
  const auto log = folder.path() / "tool.log";
  base::ProcessSpec spec = parent_of_sleep(log);
  spec.limit_seconds = 0.3;
  REQUIRE_FALSE(base::run_process(spec));
  const std::string sleeper = first_line(log);
  REQUIRE_FALSE(sleeper.empty());
  CHECK(within_seconds(10, [&] { return !runs(sleeper); }));
}

TEST_CASE("tools die with the process that runs them, whatever kills it", "[base][process]") {
  for (const int signal : {SIGTERM, SIGINT, SIGKILL}) {
    const test::TemporaryFolder folder;
    const auto log = folder.path() / "tool.log";
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(signal, SIG_DFL);
      static_cast<void>(base::run_process(parent_of_sleep(log)));
      ::_exit(0);
    }
    REQUIRE(within_seconds(10, [&] { return !first_line(log).empty(); }));
    const std::string sleeper = first_line(log);
    CHECK(runs(sleeper));
    ::kill(child, signal);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(within_seconds(10, [&] { return !runs(sleeper); }));
  }
}

TEST_CASE("a tool that a signal ends is reported so", "[base][process]") {
  const auto run = base::run_process({.arguments = {"sh", "-c", "kill -9 $$"}, .folder = {}, .environment = {}, .log = {}});
  REQUIRE_FALSE(run);
  CHECK(run.error().message == "sh was stopped by signal 9");
}

TEST_CASE("a tool's time and memory are measured and progress is asked for while it runs", "[base][process]") {
  int ticks = 0;
  const auto used = base::measure_process({.arguments = {"sleep", "0.3"}, .folder = {}, .environment = {}, .log = {},
                                           .limit_seconds = 0, .tick = [&ticks] { ++ticks; }});
  REQUIRE(used);
  CHECK(used->seconds >= 0.3);
  CHECK(used->cpu_seconds < used->seconds);
  CHECK(used->peak_kb > 100);
  CHECK(ticks >= 1);
}
