// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "lutgen/board/board.hpp"
#include "lutgen/board/constraints.hpp"
#include "lutgen/cli/cli.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string id;
  bool constraints = false;
  Common common;
};

io::Json to_json(const board::Board& board) {
  io::Json pins = io::Json::array();
  for (const board::BoundPort& bound : board::bound_ports(board)) {
    pins.push_back({{"port", bound.port},
                    {"pin", bound.pin->name},
                    {"io_standard", bound.pin->io_standard},
                    {"active_low", bound.pin->active_low},
                    {"source", bound.pin->source}});
  }
  io::Json json = {{"id", board.id},
          {"name", board.name},
          {"url", board.url},
          {"family", board::family_name(board.family)},
          {"part", board.part},
          {"package", board.package},
          {"speed", board.speed},
          {"luts", board.luts},
          {"ffs", board.flops},
          {"clock_mhz", board.freq_mhz},
          {"baud", board.baud},
          {"nextpnr", board.nextpnr},
          {"pack_device", board.pack_device},
          {"loader", board.loader},
          {"pins", pins}};
  if (board.expected) {
    json["expected"] = {{"network", board.expected->network},
                        {"luts", board.expected->luts},
                        {"ffs", board.expected->flops},
                        {"fmax_mhz", board.expected->fmax_mhz},
                        {"seed", board.expected->seed},
                        {"bytes", board.expected->bitstream_bytes},
                        {"source", board.expected->source}};
  }
  return json;
}

void print_one(const board::Board& board) {
  fmt::print("board   {} ({})\ndevice  {} ({})\nLUTs    {}\nflops   {}\nclock   {} MHz\nUART    {} baud\n\n", board.name,
             board.url, board.part, board::family_name(board.family), board.luts, board.flops, board.freq_mhz, board.baud);
  fmt::print("{:<12} {:<10} {:<11} {:<6} source\n", "port", "pin", "standard", "active");
  for (const board::BoundPort& bound : board::bound_ports(board)) {
    const bool has_level = bound.port.starts_with("led") || bound.port == "rst_button";
    const char* level = bound.pin->active_low ? "low" : "high";
    fmt::print("{:<12} {:<10} {:<11} {:<6} {}\n", bound.port, bound.pin->name, bound.pin->io_standard,
               has_level ? level : "", bound.pin->source);
  }
  if (!board.expected) return;
  fmt::print("\nexpect  {}: {} LUT positions, {} flops, {} MHz (seed {}), a bitstream of {} bytes; {}\n",
             board.expected->network, board.expected->luts, board.expected->flops, board.expected->fmax_mhz,
             board.expected->seed, board.expected->bitstream_bytes, board.expected->source);
}

Result<void> show(const Options& options) {
  LUTGEN_TRY(const board::BoardFolders folders, board::board_folders());
  if (!options.id.empty()) {
    LUTGEN_TRY(const board::Board board, board::find_board(options.id, folders));
    if (options.constraints) {
      fmt::print("{}", board::constraints_text(board));
    } else if (options.common.json) {
      print(to_json(board));
    } else {
      print_one(board);
    }
    return {};
  }
  io::Json all = io::Json::array();
  std::string text = fmt::format("{:<16} {:<34} {:<9} {:<20} {:>7} {:>7}  clock\n", "id", "board", "family", "part", "LUTs", "flops");
  for (const std::string& id : board::board_ids(folders)) {
    LUTGEN_TRY(const board::Board board, board::find_board(id, folders));
    all.push_back(to_json(board));
    text += fmt::format("{:<16} {:<34} {:<9} {:<20} {:>7} {:>7}  {} MHz\n", board.id, board.name,
                        board::family_name(board.family), board.part, board.luts, board.flops, board.freq_mhz);
  }
  if (options.common.json) {
    print(all);
  } else {
    fmt::print("{}", text);
  }
  return {};
}

Exit run(const Options& options) {
  const auto done = show(options);
  return done ? Exit::ok : report(done.error());
}

}  // namespace

void add_boards(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("boards", "list the boards, or show one");
  CLI::Option* id = verb->add_option("id", options->id, "board to show with its pins; left out: all boards, a line each");
  verb->add_flag("--constraints", options->constraints,
                 "print the constraint file of the board top (xdc, lpf, pcf, cst or ccf) instead")
      ->needs(id);
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli
