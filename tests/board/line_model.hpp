// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "lutgen/base/process.hpp"
#include "tests/board/board_design.hpp"
#include "tests/support/temporary_folder.hpp"

extern char** environ;

namespace lutgen::test {

/// A board that is simulated quickly: as few clock cycles a bit as the UART allows.
inline board::Board quick_board(const char* id) {
  auto board = board::find_board(id, {});
  REQUIRE(board.has_value());
  board->freq_mhz = 4;
  board->baud = 1000000;
  return *std::move(board);
}

/// Fails with the log of a program that failed.
inline void require_run(std::vector<std::string> arguments, const std::filesystem::path& folder,
                        std::vector<std::pair<std::string, std::string>> environment = {}) {
  const auto ran = base::run_process({.arguments = std::move(arguments), .folder = folder,
                                      .environment = std::move(environment), .log = folder / "tool.log"});
  if (!ran) FAIL(to_text(ran.error()) << base::read_file(folder / "tool.log").value_or(""));
}

/// Builds line_model.cpp round a board design; gives the program.
inline std::filesystem::path build_line_model(const BoardDesign& design, const std::filesystem::path& folder) {
  const std::string top(board::kBoardTop);
  std::string defines = fmt::format("-I{} -DCLOCKS_PER_BIT={}", LUTGEN_SOURCE_DIR, design.sources.clocks_per_bit);
  if (design.board.reset) defines += fmt::format(" -DBUTTON_UP={:d}", design.board.reset->active_low);
  std::vector<std::string> command = {"verilator", "--cc", "--exe", "-O3", "--output-split-cfuncs", "500", "--x-assign", "fast",
                                      "--x-initial", "fast", "-Wno-fatal", "-Wno-lint", "-Wno-style", "--Mdir", "obj", "-y",
                                      fmt::format("{}/rtl/cells/{}", LUTGEN_SOURCE_DIR, design.core.manifest.family),
                                      "-CFLAGS", defines,
                                      "--top-module", top};
  for (std::string& name : write_board_design(design, folder)) command.push_back(std::move(name));
  command.emplace_back(LUTGEN_LINE_MODEL);
  require_run(std::move(command), folder);
  std::vector<std::pair<std::string, std::string>> environment;
  if (base::find_program("ccache")) environment.emplace_back("OBJCACHE", "ccache");
  require_run({"make", "-C", "obj", "-f", "V" + top + ".mk", "-j", "2", "OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1",
               "CFG_CXXFLAGS_STD=-std=gnu++20"}, folder, std::move(environment));
  return folder / "obj" / ("V" + top);
}

/// A running board; ended with the object.
class LineModel {
 public:
  /// `faults` are the options of line_model.cpp.
  LineModel(const std::filesystem::path& program, std::vector<std::string> faults = {}) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    faults.insert(faults.begin(), program.string());
    std::vector<char*> arguments;
    for (std::string& each : faults) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    const int error = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    REQUIRE(error == 0);
    char letter = 0;
    while (::read(ends[0], &letter, 1) == 1 && letter != '\n') port_ += letter;
    ::close(ends[0]);
    REQUIRE(port_.starts_with("/dev/"));
  }
  LineModel(const LineModel&) = delete;
  LineModel& operator=(const LineModel&) = delete;
  ~LineModel() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  /// The terminal to open.
  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  pid_t process_ = 0;
  std::string port_;
};

}  // namespace lutgen::test
