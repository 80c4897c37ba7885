// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/flow/cell_index.hpp"

namespace lutgen::flow {

/// One bit of a CARRY4, on its way into the carry cells that nextpnr-himbaechel-xilinx makes: a chain is cut into
/// cells of four from its start, whatever CARRY4 they came from.
///
/// cell, index  the CARRY4, and which of its four bits, 0..3
/// carry_in     what its multiplexer lets pass: of bit 0 CI, or CYINIT where CI is 0; else CO of the bit below
/// sum          open when nothing reads O
/// exports      pins outside the chain that read CO and get it through the slice's own output multiplexer; empty where
///              CO stays in the chain, and where nextpnr has to spend a position on getting it out
/// next         the bit above in the chain
/// first        the bit at the lowest place of the same packed cell
/// slot         its place in that cell, 0..3
/// wide_lut     the LUT5 or LUT6 behind S that has the place to itself, because DI comes in through the slice's own input
///              AX..DX; nothing where S and DI come from two LUTs that share the place
struct CarryPosition {
  std::uint32_t cell = 0;
  std::uint32_t index = 0;
  WireBit carry_in = WireBit::zero;
  WireBit select = WireBit::zero;
  WireBit data = WireBit::zero;
  WireBit sum = WireBit::open;
  WireBit carry_out = WireBit::open;
  std::vector<CellPin> exports{};
  std::optional<std::size_t> next{};
  std::optional<std::size_t> previous{};
  std::size_t first = 0;
  std::uint32_t slot = 0;
  std::optional<std::uint32_t> wide_lut{};
};

/// The chains of a design.
///
/// positions  of each CARRY4 those bits that are used, lowest first, in the order of the file
/// exported   carry outs with `exports`
/// freed      LUT positions that nextpnr spends on the design as it is, and not on this: one an export, one a `wide_lut`, one
///            a bit above the used ones whose S or DI is tied to a constant, one a chain that goes on in another CARRY4
///            from below the top of its own
struct CarryChains {
  std::vector<CarryPosition> positions;
  std::uint64_t exported = 0;
  std::uint64_t freed = 0;
};

/// Finds what nextpnr-himbaechel-xilinx 0.11.1 makes of the CARRY4 of a design, and the carry outs that can leave
/// without a position of their own (its sources pack_carry.cc, pack.cc, xilinx_place.cc; UG474, "Carry Logic").
///
/// A carry out can where everything outside the chain that reads it is a LUT, the D of a flop or CYINIT of another
/// CARRY4; O of the same bit is unused, or read by the D of one flop only, so that it leaves through the flop, and all
/// flops of that carry cell have one clock, enable and reset; and S and DI of the bit have LUTs with at most five inputs
/// together, or S has a LUT5 or LUT6 and DI is a wire.
/// The latter, where S has no other reader, is a place with a `wide_lut`, but for the lowest bit of a chain: its AX is
/// CYINIT.
/// A top carry out that CYINIT of one CARRY4 reads joins the two chains.
///
/// index  new wires are added where a CO without a wire carries on
/// Cost   O(pins)
[[nodiscard]] CarryChains find_carry_chains(CellIndex& index);

/// The name that the packed carry cell with this position has in nextpnr.
[[nodiscard]] std::string packed_carry_name(const CellIndex& index, const CarryChains& chains, std::size_t position);

/// The name of a carry multiplexer, "muxcy", or exclusive or, "xorcy", of a position, as nextpnr's own splitting has it.
[[nodiscard]] std::string split_carry_name(const CellIndex& index, const CarryPosition& position, std::string_view part);

/// Whether a cell of that type is a LUT1 to LUT6, or a flop of the xc7 family.
[[nodiscard]] bool is_lut_type(std::string_view type);
[[nodiscard]] bool is_flop_type(std::string_view type);

}  // namespace lutgen::flow
