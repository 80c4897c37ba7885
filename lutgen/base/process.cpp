// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Starts the program in a child with stdout and stderr on `output`; gives the child's id or -1.
pid_t start(const ProcessSpec& spec, int output) {
  std::vector<char*> arguments;
  for (const auto& argument : spec.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, 0);
  ::dup2(output, 1);
  ::dup2(output, 2);
  if (!spec.folder.empty() && ::chdir(spec.folder.c_str()) != 0) ::_exit(127);
  for (const auto& [name, value] : spec.environment) ::setenv(name.c_str(), value.c_str(), 1);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// The same, but kills the child after `limit_seconds`; nothing when it had to.
std::optional<int> wait_for(pid_t child, double limit_seconds) {
  if (limit_seconds <= 0) return wait_for(child);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_seconds);
  for (int status = 0; std::chrono::steady_clock::now() < end;) {
    if (::waitpid(child, &status, WNOHANG) == child) return status;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(child, SIGKILL);
  wait_for(child);
  return std::nullopt;
}

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
  const pid_t child = start(spec, output);
  ::close(output);
  if (child < 0) {
    return fail(Code::tool_failed, program, fmt::format("cannot start: {}", std::strerror(errno)), "");
  }
  const std::optional<int> status = wait_for(child, spec.limit_seconds);
  if (!status) {
    return fail(Code::tool_failed, log, fmt::format("{} did not end within {:g} s and was stopped", program, spec.limit_seconds),
                "give it more time; what it had said by then is in the file named above");
  }
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
  const std::string how = WIFSIGNALED(*status)
                              ? fmt::format("was stopped by signal {}", WTERMSIG(*status))
                              : fmt::format("exited with status {}", WEXITSTATUS(*status));
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
  wait_for(child);
  return text;
}

}  // namespace lutgen::base
