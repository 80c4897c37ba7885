// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::board {

/// The device families that boards carry; `emit` need not know all of them.
enum class Family : std::uint8_t { xc7, ecp5, ice40, gowin, gatemate };

/// "xc7", "ecp5", "ice40", "gowin", "gatemate". Static storage.
[[nodiscard]] std::string_view family_name(Family family);

/// The resistor inside the device at a pin.
enum class Pull : std::uint8_t { none, up, down };

/// One pin of the device and what is behind it.
///
/// name         as the package names it: "E3", "35", "IO_SB_A8"
/// io_standard  as the family's tools name it; empty where their constraints have none (ice40, gatemate)
/// active_low   the button is pressed, or the LED lit, at 0; false for clock and UART
/// source       the document that says so
struct Pin {
  std::string name;
  std::string io_standard;
  Pull pull = Pull::none;
  bool active_low = false;
  std::string source;
};

/// What a build for the board came to when it was last tried: a figure to compare one's own with, no promise.
///
/// network          the model that was built, a name in sim/models
/// luts, flops      of the whole design: core, link, encoder, sample
/// fmax_mhz         of the run with `seed`
/// bitstream_bytes  of the file
/// source           the versions of the tools
struct Expected {
  std::string network;
  std::uint32_t luts = 0;
  std::uint32_t flops = 0;
  double fmax_mhz = 0;
  std::uint32_t seed = 0;
  std::uint32_t bitstream_bytes = 0;
  std::string source;
};

/// What is known of a board; boards/README.md says each field of the file.
///
/// luts, flops   of the whole device: LUT6 positions on xc7, LUT4 elsewhere
/// nextpnr       arguments that choose the device
/// pack_device   the device's name for the bitstream tool where that needs one (xc7, gowin); else empty
/// loader        the board's name for openFPGALoader
/// freq_mhz      of the oscillator at `clock`
/// baud          bits per second of the UART; the clock divides down to it within 1 %
/// uart_rx       the device receives here; uart_tx: the device sends here
struct Board {
  std::string id;
  std::string name;
  std::string url;
  Family family = Family::xc7;
  std::string part;
  std::string package;
  std::string speed;
  std::string device_source;
  std::uint32_t luts = 0;
  std::uint32_t flops = 0;
  std::string capacity_source;
  std::vector<std::string> nextpnr;
  std::string pack_device;
  std::string loader;
  std::string tools_source;
  Pin clock;
  double freq_mhz = 0;
  std::uint32_t baud = 0;
  Pin uart_rx;
  Pin uart_tx;
  std::optional<Pin> reset;
  std::vector<Pin> leds;
  std::optional<Expected> expected;
};

/// Clock cycles of one UART bit, rounded: 868 for 100 MHz and 115,200 baud. O(1).
[[nodiscard]] std::uint32_t clocks_per_bit(const Board& board);

/// Reads the text of a board file and checks all of its rules.
///
/// id       what the file must call itself: the name of its folder
/// place    names the file in diagnostics, which all say file:line:column
/// Errors   toml_*, board_*
[[nodiscard]] Result<Board> parse_board(std::string_view text, std::string_view id, const std::string& place);

/// Where boards are looked for: these folders in their order, then the boards inside the program.
/// Each folder has one folder a board, FOLDER/<id>/board.toml.
struct BoardFolders {
  std::vector<std::filesystem::path> folders;
};

/// The folders of the environment: those of $LUTGEN_BOARDS (':' between them), then the user's own,
/// $XDG_CONFIG_HOME/lutgen/boards or ~/.config/lutgen/boards, if it exists.
///
/// Errors   board_folder_missing when $LUTGEN_BOARDS names a folder that is not there
[[nodiscard]] Result<BoardFolders> board_folders();

/// The ids of all boards, sorted, each once.
[[nodiscard]] std::vector<std::string> board_ids(const BoardFolders& folders);

/// Finds and reads one board; the first folder that has it wins.
///
/// Errors   board_unknown, those of `parse_board`, file_*
[[nodiscard]] Result<Board> find_board(std::string_view id, const BoardFolders& folders);

}  // namespace lutgen::board
