// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/scan_harness.hpp"

#include <array>
#include <iterator>

#include <fmt/format.h>

namespace lutgen::flow {
namespace {

using board::Family;
using verilog::Port;
using verilog::PortRole;

std::uint64_t width_of(const Port& port) { return std::uint64_t{port.elements} * port.bits_per_element; }

/// The pads, where nextpnr does not add them by itself, and the flop. `flop` takes name, output and input.
struct HarnessCells {
  std::string_view pads;
  std::string_view flop;
};

constexpr std::string_view kNoPads = "  wire clk = clk_pin, scan = scan_pin;\n";

constexpr std::array kCells = std::to_array<HarnessCells>({
    {"  wire clk_pad, clk, scan;\n  IBUF clk_buffer (.I(clk_pin), .O(clk_pad));\n"
     "  BUFG clk_global (.I(clk_pad), .O(clk));\n  IBUF scan_buffer (.I(scan_pin), .O(scan));\n",
     "FDRE #(.INIT(1'b0)) {} (.Q({}), .C(clk), .CE(1'b1), .D({}), .R(1'b0))"},
    {kNoPads,
     "TRELLIS_FF #(.GSR(\"DISABLED\"), .CEMUX(\"1\"), .CLKMUX(\"CLK\"), .LSRMUX(\"LSR\"), .REGSET(\"RESET\"), "
     ".SRMODE(\"LSR_OVER_CE\")) {} (.Q({}), .CLK(clk), .DI({}), .LSR(1'b0))"},
    {kNoPads, "SB_DFF {} (.Q({}), .C(clk), .D({}))"},
    {"  wire clk, scan;\n  IBUF clk_buffer (.I(clk_pin), .O(clk));\n  IBUF scan_buffer (.I(scan_pin), .O(scan));\n",
     "DFF {} (.Q({}), .CLK(clk), .D({}))"},
    {"  wire clk_pad, clk, scan;\n  CC_IBUF clk_buffer (.I(clk_pin), .Y(clk_pad));\n"
     "  CC_BUFG clk_global (.I(clk_pad), .O(clk));\n  CC_IBUF scan_buffer (.I(scan_pin), .Y(scan));\n",
     "CC_DFF #(.INIT(1'b0)) {} (.Q({}), .CLK(clk), .EN(1'b1), .SR(1'b0), .D({}))"},
});

/// What is connected to the core's ports: chain flops at the inputs, `out` at the outputs.
std::string connections(const verilog::Manifest& manifest, std::uint64_t inputs) {
  std::string text;
  std::uint64_t next_output = 0;
  for (const Port& port : manifest.ports) {
    std::string net = "clk";
    if (port.role == PortRole::reset) net = fmt::format("chain[{}]", inputs - 1);
    if (port.role == PortRole::in_valid) net = fmt::format("chain[{}]", inputs - 2);
    if (port.role == PortRole::features) net = fmt::format("chain[{}:0]", inputs - 3);
    if (!port.is_input) {
      net = fmt::format("out[{}:{}]", next_output + width_of(port) - 1, next_output);
      next_output += width_of(port);
    }
    text += fmt::format("{}.{}({})", text.empty() ? "" : ", ", port.name, net);
  }
  return text;
}

}  // namespace

std::string print_scan_harness(Family family, const verilog::Manifest& manifest) {
  const HarnessCells& cells = kCells[static_cast<std::size_t>(family)];
  std::uint64_t outputs = 0;
  for (const Port& port : manifest.ports) outputs += port.is_input ? 0 : width_of(port);
  const std::uint64_t inputs = width_of(*manifest.find_port(PortRole::features)) + 2;
  std::string text = fmt::format(
      "`default_nettype none\n\n// A chain of flops through every input of the core, and a flop behind every output.\n"
      "module {} (\n    input wire clk_pin,\n    input wire scan_pin\n);\n  wire [{}:0] chain;\n  wire [{}:0] out;\n"
      "  wire [{}:0] unused_result;\n{}",
      kScanHarness, inputs - 1, outputs - 1, outputs - 1, cells.pads);
  const auto flop = [&](std::string_view name, std::uint64_t i, std::string_view target, const std::string& data) {
    text += "  (* keep *) ";
    fmt::format_to(std::back_inserter(text), fmt::runtime(cells.flop), fmt::format("{}_{}_ff", name, i),
                   fmt::format("{}[{}]", target, i), data);
    text += ";\n";
  };
  for (std::uint64_t i = 0; i < inputs; ++i) flop("chain", i, "chain", i == 0 ? "scan" : fmt::format("chain[{}]", i - 1));
  for (std::uint64_t i = 0; i < outputs; ++i) flop("result", i, "unused_result", fmt::format("out[{}]", i));
  return text + fmt::format("  {} core ({});\nendmodule\n\n`default_nettype wire\n", manifest.top,
                            connections(manifest, inputs));
}

}  // namespace lutgen::flow
