// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "lutgen/board/board.hpp"
#include "lutgen/io/quote.hpp"
#include "lutgen/io/toml.hpp"

namespace lutgen::board {
namespace {

using io::TomlValue;

/// What the tools of a family take.
///
/// pin        pattern of a pin's name, and `pin_example` for the person who got it wrong
/// standards  the io_standard texts; empty when the constraints have none
/// pulls_down whether a pull-down can be asked for
struct FamilyRules {
  Family family;
  std::string_view name;
  const char* pin;
  std::string_view pin_example;
  std::span<const std::string_view> standards;
  bool pulls_down;
};

constexpr auto kXc7Standards = std::to_array<std::string_view>({"LVCMOS12", "LVCMOS15", "LVCMOS18", "LVCMOS25", "LVCMOS33", "LVTTL"});
// No SSTL: nextpnr-ecp5 0.11.1 crashes on an SSTL135_I input while it writes the configuration.
constexpr auto kEcp5Standards =
    std::to_array<std::string_view>({"LVCMOS12", "LVCMOS15", "LVCMOS18", "LVCMOS25", "LVCMOS33", "LVTTL33"});
constexpr auto kGowinStandards =
    std::to_array<std::string_view>({"LVCMOS10", "LVCMOS12", "LVCMOS15", "LVCMOS18", "LVCMOS25", "LVCMOS33", "LVTTL33"});

constexpr const char* kBall = "[A-Z]{1,2}[1-9][0-9]?";
constexpr auto kRules = std::to_array<FamilyRules>({
    {Family::xc7, "xc7", kBall, "E3", kXc7Standards, true},
    {Family::ecp5, "ecp5", kBall, "G2", kEcp5Standards, true},
    {Family::ice40, "ice40", "([A-Z]{1,2})?[1-9][0-9]{0,2}", "J3 or 35", {}, false},
    {Family::gowin, "gowin", "([A-Z]{1,2})?[1-9][0-9]{0,2}", "52 or T10", kGowinStandards, true},
    {Family::gatemate, "gatemate", "IO_[NESW][ABC]_[AB][0-8]", "IO_SB_A8", {}, true},
});

const FamilyRules& rules_of(Family family) { return kRules[static_cast<std::size_t>(family)]; }

/// "a, b or c" of anything that can be formatted.
template <class Range, class Name>
std::string list_of(const Range& range, Name name) {
  std::string text;
  for (const auto& each : range) text += fmt::format("{}{}", text.empty() ? "" : ", ", name(each));
  return text;
}

/// A field's text, which may not be empty; `code` says what an empty one is.
Result<std::string> read_text(const TomlValue& table, std::string_view field, Code code = Code::board_empty_text) {
  LUTGEN_TRY(std::string text, io::get_string(table, field));
  if (text.find_first_not_of(" \t\n") != std::string::npos) return text;
  return fail(code, io::find_field(table, field)->place,
              fmt::format("field {}: expected some text, found none", io::quote(field)),
              code == Code::board_no_source ? "name the manual and page, schematic or constraint file that says so" : "");
}

Result<std::string> read_source(const TomlValue& table) { return read_text(table, "source", Code::board_no_source); }

Result<Pull> read_pull(const TomlValue& table, const FamilyRules& rules) {
  const TomlValue* field = io::find_field(table, "pull");
  if (field == nullptr) return Pull::none;
  LUTGEN_TRY(const std::string text, io::get_string(table, "pull"));
  if (text == "none") return Pull::none;
  if (text == "up") return Pull::up;
  if (text == "down" && rules.pulls_down) return Pull::down;
  return fail(Code::board_bad_pull, field->place,
              fmt::format("expected {}, found {}", rules.pulls_down ? "up, down or none" : "up or none", io::quote(text)),
              rules.pulls_down ? "" : fmt::format("pins of {} have no pull-down", rules.name));
}

Result<std::string> read_standard(const TomlValue& table, const FamilyRules& rules) {
  if (rules.standards.empty() && io::find_field(table, "io_standard") == nullptr) return std::string();
  LUTGEN_TRY(std::string text, io::get_string(table, "io_standard"));
  if (std::find(rules.standards.begin(), rules.standards.end(), text) != rules.standards.end()) return text;
  return fail(Code::board_bad_standard, io::find_field(table, "io_standard")->place,
              rules.standards.empty()
                  ? fmt::format("expected no io_standard for {}, found {}", rules.name, io::quote(text))
                  : fmt::format("expected one of {}; found {}", list_of(rules.standards, [](auto s) { return s; }), io::quote(text)),
              rules.standards.empty() ? "the bank's supply decides; constraints of this family cannot say it" : "");
}

/// Reads pins, and sees to it that each is used once.
class PinReader {
 public:
  explicit PinReader(const FamilyRules& rules) : rules_(rules) {}

  /// `has_level` for buttons and LEDs, which must say when they are active.
  Result<Pin> read(const TomlValue& table, bool has_level) {
    Pin pin;
    LUTGEN_TRY(pin.name, io::get_string(table, "pin"));
    const std::string& place = io::find_field(table, "pin")->place;
    if (!std::regex_match(pin.name, std::regex(rules_.pin))) {
      return fail(Code::board_bad_pin, place,
                  fmt::format("expected the name of a pin such as {}, found {}", rules_.pin_example, io::quote(pin.name)),
                  fmt::format("as the tools of {} name it", rules_.name));
    }
    for (const auto& [name, first] : used_) {
      if (name != pin.name) continue;
      return fail(Code::board_duplicate_pin, place,
                  fmt::format("expected each pin once, found {} again, which stands at {}", io::quote(name), first), "");
    }
    used_.emplace_back(pin.name, place);
    LUTGEN_TRY(pin.io_standard, read_standard(table, rules_));
    LUTGEN_TRY(pin.pull, read_pull(table, rules_));
    if (has_level) {
      LUTGEN_TRY(const std::string level, io::get_string(table, "active"));
      if (level != "low" && level != "high") {
        return fail(Code::board_bad_level, io::find_field(table, "active")->place,
                    fmt::format("expected low or high, found {}", io::quote(level)),
                    "the level at which the button is pressed or the LED lit");
      }
      pin.active_low = level == "low";
    }
    LUTGEN_TRY(pin.source, read_source(table));
    return pin;
  }

 private:
  const FamilyRules& rules_;
  std::vector<std::pair<std::string, std::string>> used_;  // pin, place
};

Result<Family> read_family(const TomlValue& device) {
  LUTGEN_TRY(const std::string name, io::get_string(device, "family"));
  for (const FamilyRules& each : kRules) {
    if (each.name == name) return each.family;
  }
  return fail(Code::board_bad_family, io::find_field(device, "family")->place,
              fmt::format("expected one of {}; found {}", list_of(kRules, [](const auto& r) { return r.name; }), io::quote(name)),
              "");
}

Result<void> read_head(const TomlValue& root, std::string_view id, Board& board) {
  LUTGEN_TRY_VOID(io::check_fields(root, {"format", "id", "name", "url", "device", "capacity", "tools", "clock", "uart", "reset", "led", "expected"}));
  LUTGEN_TRY(const std::int64_t format, io::get_integer(root, "format", 0, INT32_MAX));
  if (format != 1) {
    return fail(Code::board_unsupported_format, io::find_field(root, "format")->place,
                fmt::format("expected format 1, found {}", format), "this version reads board files of format 1");
  }
  LUTGEN_TRY(board.id, io::get_string(root, "id"));
  if (board.id != id || !std::regex_match(board.id, std::regex("[a-z0-9]+(-[a-z0-9]+)*"))) {
    return fail(Code::board_bad_id, io::find_field(root, "id")->place,
                fmt::format("expected the id {}, the name of the folder, found {}", io::quote(id), io::quote(board.id)),
                "lower-case letters and digits, '-' between words");
  }
  LUTGEN_TRY(board.name, read_text(root, "name"));
  LUTGEN_TRY(board.url, read_text(root, "url"));
  return {};
}

Result<void> read_device(const TomlValue& root, Board& board) {
  LUTGEN_TRY(const TomlValue* device, io::get_table(root, "device"));
  LUTGEN_TRY_VOID(io::check_fields(*device, {"family", "part", "package", "speed", "source"}));
  LUTGEN_TRY(board.family, read_family(*device));
  LUTGEN_TRY(board.part, read_text(*device, "part"));
  LUTGEN_TRY(board.package, read_text(*device, "package"));
  LUTGEN_TRY(board.speed, read_text(*device, "speed"));
  LUTGEN_TRY(board.device_source, read_source(*device));
  LUTGEN_TRY(const TomlValue* capacity, io::get_table(root, "capacity"));
  LUTGEN_TRY_VOID(io::check_fields(*capacity, {"luts", "flops", "source"}));
  LUTGEN_TRY(const std::int64_t luts, io::get_integer(*capacity, "luts", 1, 100'000'000));
  LUTGEN_TRY(const std::int64_t flops, io::get_integer(*capacity, "flops", 1, 100'000'000));
  board.luts = static_cast<std::uint32_t>(luts);
  board.flops = static_cast<std::uint32_t>(flops);
  LUTGEN_TRY(board.capacity_source, read_source(*capacity));
  LUTGEN_TRY(const TomlValue* tools, io::get_table(root, "tools"));
  LUTGEN_TRY_VOID(io::check_fields(*tools, {"nextpnr", "pack_device", "loader", "source"}));
  LUTGEN_TRY(board.nextpnr, io::get_strings(*tools, "nextpnr"));
  if (board.family == Family::xc7 || board.family == Family::gowin || io::find_field(*tools, "pack_device") != nullptr) {
    LUTGEN_TRY(board.pack_device, read_text(*tools, "pack_device"));
  }
  LUTGEN_TRY(board.loader, read_text(*tools, "loader"));
  LUTGEN_TRY(board.tools_source, read_source(*tools));
  return {};
}

Result<void> read_clock_and_uart(const TomlValue& root, PinReader& pins, Board& board) {
  LUTGEN_TRY(const TomlValue* clock, io::get_table(root, "clock"));
  LUTGEN_TRY_VOID(io::check_fields(*clock, {"pin", "io_standard", "pull", "freq_mhz", "source"}));
  LUTGEN_TRY(board.clock, pins.read(*clock, false));
  LUTGEN_TRY(board.freq_mhz, io::get_number(*clock, "freq_mhz", 0.1, 1000));
  LUTGEN_TRY(const TomlValue* uart, io::get_table(root, "uart"));
  LUTGEN_TRY_VOID(io::check_fields(*uart, {"baud", "rx", "tx"}));
  LUTGEN_TRY(const std::int64_t baud, io::get_integer(*uart, "baud", 300, 12'000'000));
  board.baud = static_cast<std::uint32_t>(baud);
  // Eight data bits leave half a bit of room after 9.5 bits: 5 % for both sides together, 1 % is for us.
  const double exact = board.freq_mhz * 1e6 / board.baud;
  const double off = std::fabs(std::round(exact) / exact - 1);
  if (exact < 4 || off > 0.01) {
    return fail(Code::board_bad_baud, io::find_field(*uart, "baud")->place,
                fmt::format("expected a baud rate that {} MHz divides down to within 1 %, at least 4 clocks a bit; found {}, "
                            "which takes {:.2f}", board.freq_mhz, board.baud, exact),
                "115200 suits most clocks");
  }
  for (auto [name, pin] : {std::pair{"rx", &board.uart_rx}, std::pair{"tx", &board.uart_tx}}) {
    LUTGEN_TRY(const TomlValue* table, io::get_table(*uart, name));
    LUTGEN_TRY_VOID(io::check_fields(*table, {"pin", "io_standard", "pull", "source"}));
    LUTGEN_TRY(*pin, pins.read(*table, false));
  }
  return {};
}

Result<void> read_reset_and_leds(const TomlValue& root, PinReader& pins, Board& board) {
  if (const TomlValue* reset = io::find_field(root, "reset")) {
    LUTGEN_TRY_VOID(io::check_fields(*reset, {"pin", "io_standard", "pull", "active", "source"}));
    LUTGEN_TRY(board.reset, pins.read(*reset, true));
  }
  if (io::find_field(root, "led") == nullptr) return {};
  LUTGEN_TRY(const std::vector<TomlValue>* leds, io::get_array(root, "led"));
  for (const TomlValue& led : *leds) {
    LUTGEN_TRY_VOID(io::check_fields(led, {"pin", "io_standard", "pull", "active", "source"}));
    LUTGEN_TRY(Pin pin, pins.read(led, true));
    board.leds.push_back(std::move(pin));
  }
  return {};
}

Result<void> read_expected(const TomlValue& root, Board& board) {
  const TomlValue* table = io::find_field(root, "expected");
  if (table == nullptr) return {};
  LUTGEN_TRY_VOID(io::check_fields(*table, {"network", "luts", "flops", "fmax_mhz", "seed", "bitstream_bytes", "source"}));
  Expected expected;
  LUTGEN_TRY(expected.network, read_text(*table, "network"));
  for (const auto& [name, value, highest] :
       {std::tuple{"luts", &expected.luts, board.luts}, {"flops", &expected.flops, board.flops},
        {"seed", &expected.seed, std::uint32_t{INT32_MAX}}, {"bitstream_bytes", &expected.bitstream_bytes, std::uint32_t{INT32_MAX}}}) {
    LUTGEN_TRY(const std::int64_t number, io::get_integer(*table, name, 0, highest));
    *value = static_cast<std::uint32_t>(number);
  }
  LUTGEN_TRY(expected.fmax_mhz, io::get_number(*table, "fmax_mhz", board.freq_mhz, 10'000));
  LUTGEN_TRY(expected.source, read_source(*table));
  board.expected = std::move(expected);
  return {};
}

}  // namespace

std::string_view family_name(Family family) { return rules_of(family).name; }

std::uint32_t clocks_per_bit(const Board& board) {
  return static_cast<std::uint32_t>(std::lround(board.freq_mhz * 1e6 / board.baud));
}

Result<Board> parse_board(std::string_view text, std::string_view id, const std::string& place) {
  LUTGEN_TRY(const TomlValue root, io::parse_toml(text, place));
  Board board;
  LUTGEN_TRY_VOID(read_head(root, id, board));
  LUTGEN_TRY_VOID(read_device(root, board));
  PinReader pins(rules_of(board.family));
  LUTGEN_TRY_VOID(read_clock_and_uart(root, pins, board));
  LUTGEN_TRY_VOID(read_reset_and_leds(root, pins, board));
  LUTGEN_TRY_VOID(read_expected(root, board));
  return board;
}

}  // namespace lutgen::board
