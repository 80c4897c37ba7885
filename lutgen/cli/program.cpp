// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <filesystem>

#include <fmt/core.h>

#include "lutgen/base/process.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/cli/cli.hpp"
#include "lutgen/flow/family_tools.hpp"
#include "lutgen/flow/toolchain.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file;
  std::string board;
  bool flash = false;
  Common common;
};

/// The file itself, or the one bitstream of a build folder.
Result<fs::path> find_bitstream(const std::string& place, board::Family family) {
  std::error_code error;
  if (!fs::is_directory(place, error)) {
    if (fs::is_regular_file(place, error)) return fs::path(place);
    return fail(Code::file_not_found, place, "expected a bitstream, or the folder that `lutgen build` made, found neither");
  }
  const std::string suffix = fmt::format(".{}", flow::family_tools(family).bitstream_suffix);
  std::vector<std::string> found;
  for (fs::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == suffix) found.push_back(entry->path().filename().string());
  }
  std::sort(found.begin(), found.end());
  if (found.size() == 1) return fs::path(place) / found.front();
  std::string names;
  for (const std::string& name : found) names += (names.empty() ? ": " : ", ") + io::quote(name);
  return fail(Code::program_no_bitstream, place,
              fmt::format("expected one file that ends in {}, found {}{}", suffix, found.size(), names),
              "name the bitstream itself, or make one with `lutgen build --board`");
}

Result<void> program(const Options& options) {
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board(options.board, folders));
  LUTGEN_TRY(const fs::path bitstream, find_bitstream(options.file, board.family));
  LUTGEN_TRY(const flow::Tool loader, flow::find_tool(flow::ToolId::openfpgaloader));
  std::vector<std::string> arguments = {loader.path.string(), "-b", board.loader};
  if (options.flash) arguments.emplace_back("-f");
  arguments.push_back(bitstream.string());
  const fs::path log = bitstream.string() + ".program.log";
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY_VOID(base::run_process({.arguments = std::move(arguments), .folder = {}, .environment = {}, .log = log}));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (options.common.json) {
    print(io::Json{{"board", board.id},
                   {"bitstream", bitstream.string()},
                   {"flash", options.flash},
                   {"loader", loader.version},
                   {"log", log.string()},
                   {"seconds", seconds}});
  } else {
    fmt::print("{} holds {} ({}), {:.1f} s; log {}\n", board.name, bitstream.string(),
               options.flash ? "in its flash" : "until it loses power", seconds, log.string());
  }
  return {};
}

Exit run(const Options& options) {
  const auto done = program(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_program(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("program", "send a bitstream to a board with openFPGALoader");
  verb->add_option("bitstream", options->file, "bitstream, or the folder that lutgen build made")->required();
  verb->add_option("--board", options->board, "the board that is plugged in; lutgen boards lists them")->required();
  verb->add_flag("--flash", options->flash, "write the board's flash, so that the design stays when the power is off");
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli
