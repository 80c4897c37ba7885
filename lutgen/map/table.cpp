// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "lutgen/base/result.hpp"
#include "lutgen/map/lut_tree.hpp"
#include "lutgen/map/table_plan.hpp"

namespace lutgen::map {
namespace {

using truth::TruthTable;

/// A function whose inputs all matter, with the nets that feed them.
struct Function {
  TruthTable table;
  std::vector<NetId> nets;

  [[nodiscard]] int fan_in() const { return table.inputs(); }
};

Function simplify(const Builder& builder, const TruthTable& table, std::span<const NetId> nets) {
  std::vector<std::uint32_t> signals;
  TruthTable function_of_sources = table;
  for (std::size_t k = 0; k < nets.size(); ++k) {
    const auto source = builder.find_inverted(nets[k]);
    if (source) function_of_sources = function_of_sources.flipped(static_cast<int>(k));
    signals.push_back(netlist::index_of(source.value_or(nets[k])));
  }
  const std::array<std::uint32_t, 2> constants{netlist::index_of(NetId::zero), netlist::index_of(NetId::one)};
  truth::Simplified simple = truth::simplify(function_of_sources, signals, constants);
  Function function{std::move(simple.table), {}};
  for (const std::uint32_t signal : simple.signals) function.nets.push_back(NetId{signal});
  return function;
}

/// The net that holds the function when no cell is needed for it.
std::optional<NetId> find_wire(const Function& function) {
  if (function.fan_in() == 0) return function.table.bit(0) ? NetId::one : NetId::zero;
  if (function.fan_in() == 1 && function.table.word() == 0b10) return function.nets[0];
  return std::nullopt;
}

Function cofactor(const Function& function, int input, bool value) {
  std::vector<NetId> nets = function.nets;
  nets.erase(nets.begin() + input);
  return {function.table.cofactor(input, value), std::move(nets)};
}

class FunctionMapper {
 public:
  FunctionMapper(Builder& builder, NameSource& inner) : builder_(builder), inner_(inner) {}

  NetId map(const Function& raw, const NetName& name) {
    const Function function = simplify(builder_, raw.table, raw.nets);
    if (const auto wire = find_wire(function)) return *wire;
    if (builder_.family() == tech::Family::gatemate) return map_to_trees(function, name);
    if (function.fan_in() <= tech::lut_inputs(builder_.family())) {
      builder_.begin_group(name.layer);
      return builder_.add_lut(function.table, function.nets, name);
    }
    if (!planner_) planner_.emplace(builder_.family());
    const TablePlan plan = planner_->plan(function.table);
    if (plan.form == TableForm::split) return map_split(function, *plan.split, name);
    if (plan.form == TableForm::selects) return map_by_selects(function, plan, name);
    builder_.begin_group(name.layer);
    return add_mux_tree(function, name);
  }

 private:
  /// The multiplexer cell whose select is input `fan_in - 1`.
  [[nodiscard]] tech::Cell mux_cell(int fan_in) const {
    if (builder_.family() == tech::Family::xc7) return fan_in == 7 ? tech::Cell::muxf7 : tech::Cell::muxf8;
    if (builder_.family() == tech::Family::ecp5) return fan_in == 5 ? tech::Cell::pfumx : tech::Cell::l6mux21;
    return static_cast<tech::Cell>(static_cast<int>(tech::Cell::mux2_lut5) + fan_in - 5);
  }

  /// LUTs and dedicated multiplexers in the current group. The multiplexers take their data from LUTs
  /// (or multiplexers) only, so a cofactor stays a full LUT even where it could be smaller.
  NetId add_mux_tree(const Function& function, const NetName& name) {
    if (function.fan_in() <= tech::lut_inputs(builder_.family())) {
      return builder_.add_lut(function.table, function.nets, name);
    }
    const int select = function.fan_in() - 1;
    const NetId low = add_mux_tree(cofactor(function, select, false), inner_.next());
    const NetId high = add_mux_tree(cofactor(function, select, true), inner_.next());
    const NetId result = builder_.add_net(name);
    const NetId select_net = function.nets[static_cast<std::size_t>(select)];
    const tech::Cell cell = mux_cell(function.fan_in());
    // PFUMX gives its first data input when the select is 1; the others when it is 0.
    const bool first_when_one = cell == tech::Cell::pfumx;
    const std::array pins{result, first_when_one ? high : low, first_when_one ? low : high, select_net};
    builder_.add_cell(cell, 0, pins, name.layer);
    return result;
  }

  static std::array<Function, 4> split(const Function& function, int low, int high) {
    const Function zero = cofactor(function, high, false);
    const Function one = cofactor(function, high, true);
    return {cofactor(zero, low, false), cofactor(zero, low, true), cofactor(one, low, false),
            cofactor(one, low, true)};
  }

  NetId map_by_selects(const Function& function, const TablePlan& plan, const NetName& name) {
    if (plan.low < 0) return multiplex2(function, plan.high, name);
    const auto data = map_parts(split(function, plan.low, plan.high));
    return multiplex(data, function.nets[static_cast<std::size_t>(plan.low)],
                     function.nets[static_cast<std::size_t>(plan.high)], name);
  }

  /// Input `select` chooses between two functions of the others.
  NetId multiplex2(const Function& function, int select, const NetName& name) {
    const NetId zero = map(cofactor(function, select, false), inner_.next());
    const NetId one = map(cofactor(function, select, true), inner_.next());
    return map({TruthTable::from_word(3, 0xCA), {zero, one, function.nets[static_cast<std::size_t>(select)]}}, name);
  }

  NetId map_split(const Function& function, const Split& split, const NetName& name) {
    const auto nets_of = [&](std::uint32_t mask) {
      std::vector<NetId> nets;
      for (std::size_t k = 0; k < function.nets.size(); ++k) {
        if (((mask >> k) & 1) != 0) nets.push_back(function.nets[k]);
      }
      return nets;
    };
    std::vector<NetId> outer;
    for (const TruthTable& inner : split.inner) outer.push_back(map({inner, nets_of(split.bound)}, inner_.next()));
    const std::vector<NetId> rest = nets_of(split.rest);
    outer.insert(outer.end(), rest.begin(), rest.end());
    return map({split.outer, outer}, name);
  }

  /// The nets of four functions; equal ones are built once.
  std::array<NetId, 4> map_parts(const std::array<Function, 4>& parts) {
    std::array<NetId, 4> nets{};
    for (std::size_t i = 0; i < 4; ++i) {
      const auto end = parts.begin() + static_cast<std::ptrdiff_t>(i);
      const auto twin = std::find_if(parts.begin(), end, [&](const Function& p) { return p.table == parts[i].table; });
      nets[i] = twin != end ? nets[static_cast<std::size_t>(twin - parts.begin())] : map(parts[i], inner_.next());
    }
    return nets;
  }

  /// Inputs 0 to 3 are the data, 4 and 5 the select.
  static TruthTable mux4_table() {
    TruthTable mux4(6);
    for (std::uint32_t a = 0; a < 64; ++a) mux4.set_bit(a, ((a >> (a >> 4)) & 1) != 0);
    return mux4;
  }

  /// data[2*s1 + s0]: one LUT6, or two LUT4.
  NetId multiplex(const std::array<NetId, 4>& data, NetId s0, NetId s1, const NetName& name) {
    const std::array inputs{data[0], data[1], data[2], data[3], s0, s1};
    const Function whole = simplify(builder_, mux4_table(), inputs);
    if (whole.fan_in() <= tech::lut_inputs(builder_.family())) return map(whole, name);
    // Two LUT4: the first gives data[s0] while s1 is 0 and s0 itself while s1 is 1, so that the second
    // needs only s1 and the first's output to choose: (s1 ? (first ? data[3] : data[2]) : first).
    TruthTable first(4);
    TruthTable second(4);
    for (std::uint32_t a = 0; a < 16; ++a) {
      const std::uint32_t s0_value = (a >> 2) & 1;
      first.set_bit(a, (a >> 3) != 0 ? s0_value != 0 : ((a >> s0_value) & 1) != 0);
      const bool choice = (a & 1) != 0;
      second.set_bit(a, (a >> 3) == 0 ? choice : ((a >> (choice ? 2 : 1)) & 1) != 0);
    }
    const NetId chosen = map({first, {data[0], data[1], s0, s1}}, inner_.next());
    return map({second, {chosen, data[2], data[3], s1}}, name);
  }

  /// GateMate: trees of two-input tables up to 4 inputs; above, multiplexers that choose between smaller functions.
  NetId map_to_trees(const Function& function, const NetName& name) {
    if (function.fan_in() <= kTreeInputs) return add_lut_tree(builder_, function.table, function.nets, name, inner_);
    const TreeSplit split = find_tree_split(function.table);
    const NetId high_select = function.nets[static_cast<std::size_t>(split.high)];
    if (split.low < 0) return multiplex2(function, split.high, name);
    const auto data = map_parts(FunctionMapper::split(function, split.low, split.high));
    return multiplex_mx4(data, function.nets[static_cast<std::size_t>(split.low)], high_select, name);
  }

  /// data[2*s1 + s0]: a CC_MX4, or trees where these are not larger.
  NetId multiplex_mx4(const std::array<NetId, 4>& data, NetId s0, NetId s1, const NetName& name) {
    const std::array inputs{data[0], data[1], data[2], data[3], s0, s1};
    const Function whole = simplify(builder_, mux4_table(), inputs);
    if (whole.fan_in() <= kTreeInputs && lut_tree_cost(whole.table) <= kMx4Cost) return map(whole, name);
    builder_.begin_group(name.layer);
    const std::array pins{builder_.add_net(name), data[0], data[1], data[2], data[3], s0, s1};
    builder_.add_cell(tech::Cell::cc_mx4, 0, pins, name.layer);
    return pins[0];
  }

  Builder& builder_;
  NameSource& inner_;
  std::optional<TablePlanner> planner_;  // made for the first function that is wider than a LUT
};

}  // namespace

NetId map_function(Builder& builder, const TruthTable& table, std::span<const NetId> inputs,
                   const NetName& name, NameSource& inner) {
  return FunctionMapper(builder, inner).map({table, {inputs.begin(), inputs.end()}}, name);
}

}  // namespace lutgen::map
