// SPDX-License-Identifier: Apache-2.0
#include "lutgen/board/constraints.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

std::string text_of(const char* id) {
  const auto found = board::find_board(id, {});
  REQUIRE(found);
  return board::constraints_text(*found);
}

bool has_line(const std::string& text, const std::string& line) { return text.find("\n" + line + "\n") != std::string::npos; }

}  // namespace

TEST_CASE("each family's constraints say place, standard, pull and clock as its tools read them", "[board][constraints]") {
  const std::string xdc = text_of("arty-a7-35t");
  CHECK(has_line(xdc, "set_property -dict { PACKAGE_PIN E3 IOSTANDARD LVCMOS33 } [get_ports {clk}]"));
  CHECK(has_line(xdc, "create_clock -period 10.000 [get_ports {clk}]"));
  const std::string lpf = text_of("ulx3s-85f");
  CHECK(has_line(lpf, "LOCATE COMP \"led[1]\" SITE \"C2\";\nIOBUF PORT \"led[1]\" IO_TYPE=LVCMOS33;"));
  CHECK(has_line(lpf, "IOBUF PORT \"rst_button\" IO_TYPE=LVCMOS33 PULLMODE=DOWN;"));
  CHECK(has_line(lpf, "FREQUENCY PORT \"clk\" 25 MHZ;"));
  const std::string pcf = text_of("icebreaker");
  CHECK(has_line(pcf, "set_io -pullup yes uart_rx 6"));
  CHECK(has_line(pcf, "set_frequency clk 12"));
  CHECK(has_line(text_of("tang-nano-9k"), "IO_LOC \"uart_rx\" 18;\nIO_PORT \"uart_rx\" IO_TYPE=LVCMOS33 PULL_MODE=UP;"));
  const std::string ccf = text_of("gatemate-a1-evb");
  CHECK(has_line(ccf, "Pin_in \"uart_rx\" Loc = \"IO_SA_A6\" | PULLUP=true;"));
  CHECK(has_line(ccf, "Pin_out \"led\" Loc = \"IO_SB_B6\";"));
}

TEST_CASE("every board has each of its ports once, on a pin of its own", "[board][constraints]") {
  for (const std::string& id : board::board_ids({})) {
    CAPTURE(id);
    const auto found = board::find_board(id, {});
    REQUIRE(found);
    const auto ports = board::bound_ports(*found);
    CHECK(ports.size() == 3 + found->leds.size() + (found->reset ? 1 : 0));
    std::set<std::string> names, pins;
    for (const auto& bound : ports) {
      CHECK(names.insert(bound.port).second);
      CHECK(pins.insert(bound.pin->name).second);
      CHECK(board::constraints_text(*found).find(bound.pin->name) != std::string::npos);
    }
    CHECK_FALSE(board::constraints_suffix(found->family).empty());
  }
}
