// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/pipeline.hpp"

#include <algorithm>
#include <map>

#include "lutgen/base/result.hpp"

namespace lutgen::map {
namespace {

using netlist::CellId;
using netlist::index_of;
using netlist::Netlist;
using netlist::Unit;

/// Calls `body(group, first cell, end cell)` for every group in evaluation order.
template <class Body>
void for_groups(const Builder& builder, Body&& body) {
  const auto& groups = builder.groups();
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::uint32_t end = g + 1 < groups.size() ? groups[g + 1].first_cell : builder.netlist().cell_count();
    body(groups[g], groups[g].first_cell, end);
  }
}

/// LUT levels from the start of each section; `section[layer]` says which section a layer is in. Nets of
/// earlier sections count as level 0. Gives the deepest level of each section. A group that ends its stage is as
/// deep as the stage, which is `limit` levels long.
class Levels {
 public:
  Levels(const Builder& builder, std::vector<std::uint32_t> section, std::uint32_t limit)
      : section_(std::move(section)), level_(builder.netlist().net_count(), 0),
        net_section_(builder.netlist().net_count(), 0),
        depth_(section_.empty() ? 1 : *std::max_element(section_.begin(), section_.end()) + 1, 0),
        has_fixed_stages_(depth_.size(), false) {
    for_groups(builder, [&](const CellGroup& group, std::uint32_t first, std::uint32_t end) {
      const std::uint32_t here = section_[group.layer];
      std::uint32_t level = 0;
      for (std::uint32_t c = first; c < end; ++c) {
        for (const NetId net : builder.netlist().input_pins(CellId{c})) {
          if (net_section_[index_of(net)] == here) level = std::max(level, level_[index_of(net)]);
        }
      }
      // A group that does not fit in what is left of its stage starts the next one.
      if (group.ends_stage && level % limit + group.levels > limit) level = (level / limit + 1) * limit;
      level += group.levels;
      if (group.ends_stage) {
        level = (level + limit - 1) / limit * limit;
        has_fixed_stages_[here] = true;
      }
      for (std::uint32_t c = first; c < end; ++c) {
        for (const NetId net : builder.netlist().output_pins(CellId{c})) {
          level_[index_of(net)] = level;
          net_section_[index_of(net)] = here;
        }
      }
      depth_[here] = std::max(depth_[here], level);
    });
  }

  [[nodiscard]] std::uint32_t level(NetId net) const { return level_[index_of(net)]; }
  [[nodiscard]] std::uint32_t section_of(std::uint16_t layer) const { return section_[layer]; }
  [[nodiscard]] const std::vector<std::uint32_t>& depth() const { return depth_; }
  /// Whether a section has groups that end a stage.
  [[nodiscard]] bool has_fixed_stages(std::size_t section) const { return has_fixed_stages_[section]; }

 private:
  std::vector<std::uint32_t> section_;
  std::vector<std::uint32_t> level_;
  std::vector<std::uint32_t> net_section_;
  std::vector<std::uint32_t> depth_;
  std::vector<bool> has_fixed_stages_;
};

std::uint16_t layer_count(const Builder& builder) {
  std::uint16_t count = 1;
  for (const CellGroup& group : builder.groups()) count = std::max<std::uint16_t>(count, static_cast<std::uint16_t>(group.layer + 1));
  return count;
}

/// Sections for the automatic mode: layers merged while their depths add up to at most `levels`.
std::vector<std::uint32_t> merge_layers(const Builder& builder, std::uint32_t levels) {
  std::vector<std::uint32_t> alone(layer_count(builder));
  for (std::uint32_t i = 0; i < alone.size(); ++i) alone[i] = i;
  const std::vector<std::uint32_t> depth = Levels(builder, alone, levels).depth();
  std::vector<std::uint32_t> section(depth.size(), 0);
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const bool joins = i == 0 || total + depth[i] <= levels;
    section[i] = i == 0 ? 0 : section[i - 1] + (joins ? 0 : 1);
    total = joins ? total + depth[i] : depth[i];
  }
  return section;
}

/// Flip-flops behind nets, made on demand: one chain a net.
class DelayChains {
 public:
  DelayChains(Builder& builder, std::vector<std::uint16_t>& net_stage)
      : builder_(builder), net_stage_(net_stage) {}

  /// The net that carries `net`'s value at `stage`.
  NetId at_stage(NetId net, std::uint32_t stage) {
    if (net == NetId::zero || net == NetId::one) return net;
    const std::uint32_t own = net_stage_[index_of(net)];
    LUTGEN_CHECK(stage >= own);
    if (stage == own) return net;
    for (std::uint32_t delay = 1; delay <= stage - own; ++delay) net = behind(net, delay);
    return net;
  }

  /// A flop with synchronous reset (NetId::zero: none).
  NetId add_flop(NetId data, NetId reset, const NetName& name) {
    Netlist& net = builder_.netlist();
    const NetId q = builder_.add_net(name);
    net_stage_.push_back(static_cast<std::uint16_t>(net_stage_[index_of(data)] + 1));
    switch (builder_.family()) {
      case tech::Family::xc7:
        net.add_cell(tech::Cell::fdre, 0, std::array{q, net.clock, NetId::one, data, reset}, name.layer);
        break;
      case tech::Family::ecp5:
        net.add_cell(tech::Cell::trellis_ff, 0, std::array{q, net.clock, data, reset}, name.layer);
        break;
      case tech::Family::ice40:
        if (reset == NetId::zero) {
          net.add_cell(tech::Cell::sb_dff, 0, std::array{q, net.clock, data}, name.layer);
        } else {
          net.add_cell(tech::Cell::sb_dffsr, 0, std::array{q, net.clock, data, reset}, name.layer);
        }
        break;
      case tech::Family::gowin:
        if (reset == NetId::zero) {
          net.add_cell(tech::Cell::gowin_dff, 0, std::array{q, net.clock, data}, name.layer);
        } else {
          net.add_cell(tech::Cell::gowin_dffr, 0, std::array{q, net.clock, data, reset}, name.layer);
        }
        break;
      case tech::Family::gatemate: {
        // SR of a CC_DFF is asynchronous; a synchronous reset is a gate before D, in the half CPE that the
        // flop takes anyway.
        const NetId next = reset == NetId::zero ? data : add_reset_gate(data, reset, name);
        net.add_cell(tech::Cell::cc_dff, 0, std::array{q, net.clock, NetId::one, next, NetId::zero}, name.layer);
        break;
      }
    }
    return q;
  }

 private:
  /// The output of the flop behind a net, which is that of a value `delay` ranks later; made at the first call.
  NetId behind(NetId net, std::uint32_t delay) {
    if (next_.size() <= index_of(net)) next_.resize(builder_.netlist().net_count(), NetId::zero);
    if (next_[index_of(net)] == NetId::zero) {
      NetName name = builder_.netlist().name(net);
      name.delay = static_cast<std::uint16_t>(delay);
      const NetId made = add_flop(net, NetId::zero, name);
      next_[index_of(net)] = made;
    }
    return next_[index_of(net)];
  }

  /// data & ~reset.
  NetId add_reset_gate(NetId data, NetId reset, NetName name) {
    name.tag = netlist::Tag::table;
    const NetId gated = builder_.add_net(name);
    net_stage_.push_back(net_stage_[index_of(data)]);
    builder_.netlist().add_cell(tech::Cell::cc_lut2, 0b0010, std::array{gated, data, reset}, name.layer);
    return gated;
  }

  Builder& builder_;
  std::vector<std::uint16_t>& net_stage_;
  std::vector<NetId> next_;  // [nets]: behind the flop of each; NetId::zero: there is none
};

/// The stage of every group: register ranks before it.
std::vector<std::uint32_t> assign_stages(const Builder& builder, const PipelineOptions& options) {
  std::vector<std::uint32_t> stages;
  if (options.mode == PipelineMode::none) return std::vector<std::uint32_t>(builder.groups().size(), 0);
  const std::uint32_t limit = std::max<std::uint32_t>(1, options.levels);
  const auto section = options.mode == PipelineMode::automatic
                           ? merge_layers(builder, limit)
                           : std::vector<std::uint32_t>(layer_count(builder), 0);
  const Levels levels(builder, section, limit);
  std::vector<std::uint32_t> base;
  std::vector<std::uint32_t> cut;
  std::uint32_t total = 0;
  for (std::size_t s = 0; s < levels.depth().size(); ++s) {
    const std::uint32_t depth = levels.depth()[s];
    const bool equal_parts = options.mode == PipelineMode::automatic && depth > 0 && !levels.has_fixed_stages(s);
    const std::uint32_t ranks = (depth + limit - 1) / limit;
    base.push_back(total);
    cut.push_back(equal_parts ? (depth + ranks - 1) / ranks : limit);
    total += ranks;
  }
  for_groups(builder, [&](const CellGroup& group, std::uint32_t first, std::uint32_t) {
    const NetId output = builder.netlist().output_pins(CellId{first})[0];
    const std::uint32_t here = levels.section_of(group.layer);
    stages.push_back(base[here] + (levels.level(output) - 1) / cut[here]);
  });
  return stages;
}

void add_valid_chain(Builder& builder, DelayChains& chains, std::uint32_t stages) {
  Netlist& net = builder.netlist();
  NetId valid = net.in_valid;
  for (std::uint32_t s = 1; s <= stages; ++s) {
    valid = chains.add_flop(valid, net.reset, {.layer = 0xFFFF, .unit = Unit::valid, .tag = netlist::Tag::value,
                                               .delay = static_cast<std::uint16_t>(s)});
  }
  net.out_valid = valid;
}

}  // namespace

PipelineResult insert_registers(Builder& builder, const PipelineOptions& options) {
  Netlist& net = builder.netlist();
  const std::vector<std::uint32_t> stage = assign_stages(builder, options);
  PipelineResult result;
  result.net_stage.resize(net.net_count(), 0);
  // The groups' cells end where the flops begin.
  const std::uint32_t gates = net.cell_count();
  std::size_t g = 0;
  std::vector<std::uint32_t> cell_stage(gates);
  for_groups(builder, [&](const CellGroup&, std::uint32_t first, std::uint32_t end) {
    for (std::uint32_t c = first; c < end; ++c) {
      cell_stage[c] = stage[g];
      for (const NetId out : net.output_pins(CellId{c})) {
        result.net_stage[index_of(out)] = static_cast<std::uint16_t>(stage[g]);
      }
    }
    ++g;
  });
  DelayChains chains(builder, result.net_stage);
  std::uint32_t last = 0;
  for (std::uint32_t c = 0; c < gates; ++c) {
    last = std::max(last, cell_stage[c]);
    const std::uint32_t pins = tech::cell_type(net.cell(CellId{c}).type).input_bits;
    for (std::uint32_t p = 0; p < pins; ++p) {
      const NetId before = net.input_pins(CellId{c})[p];
      net.set_input_pin(CellId{c}, p, chains.at_stage(before, cell_stage[c]));
    }
  }
  result.stages = options.mode == PipelineMode::none ? 0 : last + 1;
  for (auto* vector : {&net.class_index, &net.scores, &net.bits}) {
    for (NetId& output : *vector) output = chains.at_stage(output, result.stages);
  }
  add_valid_chain(builder, chains, result.stages);
  net.latency_cycles = result.stages;
  return result;
}

}  // namespace lutgen::map
