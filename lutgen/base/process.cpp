// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"

namespace lutgen::base {
namespace {

namespace fs = std::filesystem;

/// Kills the guard's process group: the program and all that it started. Nothing of C++ here, it runs in a signal handler.
extern "C" void kill_group(int) { ::kill(0, SIGKILL); }

/// The rest of the guard's life: it waits for the program and ends as that ended. When our own process dies, the kernel
/// sends the guard a signal; make, compilers and wrapper scripts would otherwise go on without us.
[[noreturn]] void guard(pid_t program) {
  int status = 0;
  while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFSIGNALED(status)) ::_exit(WEXITSTATUS(status));
  ::signal(WTERMSIG(status), SIG_DFL);
  ::kill(::getpid(), WTERMSIG(status));
  ::_exit(128 + WTERMSIG(status));
}

/// In the guard: a process group of its own that ends with `parent`.
void become_guard(pid_t parent) {
  ::setpgid(0, 0);
  for (const int stop : {SIGTERM, SIGINT, SIGHUP}) ::signal(stop, kill_group);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
  if (::getppid() != parent) ::_exit(127);  // it died before we asked
}

/// The tools walk through hundreds of megabytes of small pieces, and where the system gives large pages only to those who ask,
/// looking addresses up is most of what they do: Verilator takes 2.5 times as long without. The GNU C library asks for
/// them when told so (its manual, "Memory Allocation Tunables"); others do not read the variable.
constexpr const char* kTunables = "GLIBC_TUNABLES";
constexpr const char* kLargePages = "glibc.malloc.hugetlb=1";

/// Starts the program below a guard, with stdout and stderr on `output`; gives the guard's id or -1.
pid_t start(const ProcessSpec& spec, int output) {
  std::vector<char*> arguments;
  for (const auto& argument : spec.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) {
    if (child > 0) ::setpgid(child, child);  // here as well: whoever comes first
    return child;
  }
  become_guard(parent);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  if (!spec.folder.empty() && ::chdir(spec.folder.c_str()) != 0) ::_exit(127);
  ::setenv(kTunables, kLargePages, 0);
  for (const auto& [name, value] : spec.environment) ::setenv(name.c_str(), value.c_str(), 1);
  const pid_t program = ::fork();
  if (program < 0) ::_exit(127);
  if (program > 0) guard(program);
  for (const int stop : {SIGTERM, SIGINT, SIGHUP}) ::signal(stop, SIG_DFL);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

struct Ended {
  int status = 0;
  rusage usage{};
};

Ended wait_for(pid_t child) {
  Ended ended;
  while (::wait4(child, &ended.status, 0, &ended.usage) < 0 && errno == EINTR) {
  }
  return ended;
}

/// The same with `tick` and a limit; nothing when the limit was reached and the child killed.
std::optional<Ended> wait_for(pid_t child, const ProcessSpec& spec) {
  if (spec.limit_seconds <= 0 && !spec.tick) return wait_for(child);
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  auto next_tick = begin;
  for (Ended ended;;) {
    if (::wait4(child, &ended.status, WNOHANG, &ended.usage) == child) return ended;
    const auto now = Clock::now();
    if (spec.limit_seconds > 0 && now - begin >= std::chrono::duration<double>(spec.limit_seconds)) break;
    if (spec.tick && now >= next_tick) {
      spec.tick();
      next_tick = now + std::chrono::milliseconds(100);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(-child, SIGKILL);
  static_cast<void>(wait_for(child));
  return std::nullopt;
}

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec); }

bool looks_like_error(std::string_view line) {
  for (const std::string_view sign : {"%Error", "ERROR", "error:", "Error:", "fatal", "Fatal"}) {
    if (line.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

/// The first line that looks like an error, or the last line that is not empty.
std::string first_error(std::string_view log) {
  std::string_view last;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    const std::string_view line = log.substr(0, end);
    if (looks_like_error(line)) return std::string(line);
    if (!line.empty()) last = line;
    log = end == std::string_view::npos ? std::string_view{} : log.substr(end + 1);
  }
  return std::string(last);
}

tl::unexpected<Diagnostic> missing_tool(const std::string& program) {
  return fail(Code::tool_missing, program,
              fmt::format("expected the program '{}' in PATH, found none", program),
              "run scripts/setup, or `lutgen doctor` to see every tool and what it is for");
}

}  // namespace

std::optional<fs::path> find_program(std::string_view program) {
  if (program.find('/') != std::string_view::npos) {
    const fs::path path(program);
    if (::access(path.c_str(), X_OK) == 0) return path;
    return std::nullopt;
  }
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const fs::path path = fs::path(rest.substr(0, end)) / program;
    std::error_code error;
    if (fs::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0) return path;
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return std::nullopt;
}

Result<void> run_process(const ProcessSpec& spec) {
  LUTGEN_TRY_VOID(measure_process(spec));
  return {};
}

Result<ProcessUsage> measure_process(const ProcessSpec& spec) {
  LUTGEN_CHECK(!spec.arguments.empty());
  const std::string& program = spec.arguments.front();
  if (!find_program(program)) return missing_tool(program);
  const std::string log = spec.log.empty() ? "/dev/null" : spec.log.string();
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (output < 0) {
    return fail(Code::folder_not_writable, log,
                fmt::format("expected a log file that can be written, got: {}", std::strerror(errno)),
                "name a folder that exists and that you may write to");
  }
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = start(spec, output);
  ::close(output);
  if (child < 0) {
    return fail(Code::tool_failed, program, fmt::format("cannot start: {}", std::strerror(errno)), "");
  }
  const std::optional<Ended> ended = wait_for(child, spec);
  if (!ended) {
    return fail(Code::tool_failed, log, fmt::format("{} did not end within {:g} s and was stopped", program, spec.limit_seconds),
                "give it more time; what it had said by then is in the file named above");
  }
  const int status = ended->status;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return ProcessUsage{.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
                        .cpu_seconds = seconds_of(ended->usage.ru_utime) + seconds_of(ended->usage.ru_stime),
                        .peak_kb = static_cast<std::uint64_t>(ended->usage.ru_maxrss)};
  }
  const std::string how = WIFSIGNALED(status) ? fmt::format("was stopped by signal {}", WTERMSIG(status))
                                              : fmt::format("exited with status {}", WEXITSTATUS(status));
  const std::string said = spec.log.empty() ? "" : first_error(read_file(spec.log).value_or(""));
  return fail(Code::tool_failed, log,
              fmt::format("{} {}{}{}", program, how, said.empty() ? "" : ": ", said),
              "the whole log is kept in the file named above");
}

std::optional<std::string> capture_output(const std::vector<std::string>& arguments) {
  if (arguments.empty() || !find_program(arguments.front())) return std::nullopt;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const pid_t child = start(ProcessSpec{.arguments = arguments, .folder = {}, .environment = {}, .log = {}}, ends[1]);
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = ::read(ends[0], buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  if (child < 0) return std::nullopt;
  static_cast<void>(wait_for(child));
  return text;
}

}  // namespace lutgen::base
