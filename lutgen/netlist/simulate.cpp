// SPDX-License-Identifier: Apache-2.0
#include "lutgen/netlist/simulate.hpp"

#include <array>

#include "lutgen/base/result.hpp"

namespace lutgen::netlist {
namespace {

/// No primitive has more connected bits than CARRY4's 18.
constexpr std::size_t kMaxPins = 24;

/// The next value of a flop from its input bits, in the order of its pin list without Q.
std::uint64_t next_state(tech::Cell type, std::uint64_t old, std::span<const std::uint64_t> in) {
  switch (type) {
    case tech::Cell::fdre: return ~in[3] & ((in[1] & in[2]) | (~in[1] & old));  // C CE D R
    case tech::Cell::trellis_ff: return ~in[2] & in[1];                         // CLK DI LSR
    case tech::Cell::sb_dff: return in[1];                                      // C D
    case tech::Cell::sb_dffsr: return ~in[2] & in[1];                           // C D R
    case tech::Cell::gowin_dff: return in[1];                                   // CLK D
    case tech::Cell::gowin_dffr: return ~in[2] & in[1];                         // CLK D RESET
    case tech::Cell::cc_dff: return ~in[3] & ((in[1] & in[2]) | (~in[1] & old));  // CLK EN D SR
    default: break;
  }
  LUTGEN_CHECK(false);
}

}  // namespace

Simulator::Simulator(const Netlist& netlist) : netlist_(netlist), values_(netlist.net_count(), 0) {
  values_[index_of(NetId::one)] = ~std::uint64_t{0};
  for (std::uint32_t i = 0; i < netlist.cell_count(); ++i) {
    const bool is_flop =
        tech::cell_type(netlist.cell(CellId{i}).type).role == tech::CellRole::flop;
    (is_flop ? flops_ : gates_).push_back(CellId{i});
  }
}

void Simulator::set_feature_bit(std::size_t index, std::uint64_t values) {
  values_[index_of(netlist_.feature_bits[index])] = values;
}

void Simulator::set_in_valid(std::uint64_t values) { values_[index_of(netlist_.in_valid)] = values; }

void Simulator::set_reset(std::uint64_t values) { values_[index_of(netlist_.reset)] = values; }

void Simulator::settle() {
  std::array<std::uint64_t, kMaxPins> in;
  std::array<std::uint64_t, kMaxPins> out;
  for (const CellId id : gates_) {
    const auto inputs = netlist_.input_pins(id);
    const auto outputs = netlist_.output_pins(id);
    for (std::size_t i = 0; i < inputs.size(); ++i) in[i] = values_[index_of(inputs[i])];
    const CellRecord& cell = netlist_.cell(id);
    tech::evaluate_cell(cell.type, cell.init, std::span(in).first(inputs.size()),
                        std::span(out).first(outputs.size()));
    for (std::size_t i = 0; i < outputs.size(); ++i) values_[index_of(outputs[i])] = out[i];
  }
}

void Simulator::clock_edge() {
  settle();
  std::vector<std::uint64_t> next;
  next.reserve(flops_.size());
  std::array<std::uint64_t, kMaxPins> in;
  for (const CellId id : flops_) {
    const auto inputs = netlist_.input_pins(id);
    for (std::size_t i = 0; i < inputs.size(); ++i) in[i] = values_[index_of(inputs[i])];
    next.push_back(next_state(netlist_.cell(id).type, value(netlist_.output_pins(id)[0]),
                              std::span(in).first(inputs.size())));
  }
  for (std::size_t i = 0; i < flops_.size(); ++i) {
    values_[index_of(netlist_.output_pins(flops_[i])[0])] = next[i];
  }
  settle();
}

}  // namespace lutgen::netlist
