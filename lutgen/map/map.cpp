// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/map.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <memory>
#include <tuple>

#include "lutgen/base/result.hpp"
#include "lutgen/map/argmax.hpp"
#include "lutgen/map/compare.hpp"
#include "lutgen/map/counter.hpp"
#include "lutgen/map/share.hpp"
#include "lutgen/map/sum_exceeds.hpp"
#include "lutgen/map/table.hpp"
#include "lutgen/map/weighted_sum.hpp"

namespace lutgen::map {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::SumId;
using netlist::Tag;
using netlist::Unit;

constexpr std::array<std::string_view, 3> kGoalNames = {"area", "balanced", "delay"};  // by Goal

class Mapping {
 public:
  Mapping(const logic::Lowered& lowered, const MapOptions& options, const SharePlan& shares)
      : lowered_(lowered), graph_(lowered.graph), options_(options), shares_(shares), builder_(options.family, options.goal),
        live_(graph_.compute_live_bits()), nets_(graph_.bit_count(), NetId::zero), numbers_(graph_.sum_count()), compares_(graph_.sum_count(), 0),
        readers_(graph_.bit_count(), 0), complements_(graph_.bit_count(), false), parts_(shares.parts.size()) {
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      const BitId id{i};
      if (live_[i] && graph_.kind(id) == BitKind::compare) ++compares_[logic::index_of(graph_.compared_sum(id))];
    }
    count_readers();
    find_complements();
  }

  Mapped run() {
    reserve();
    add_ports();
    nets_[1] = NetId::one;
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (live_[i]) add_bit(BitId{i});
    }
    add_outputs();
    builder_.remove_dead_cells();
    std::vector<LayerValues> values = collect_values();
    PipelineResult pipeline = insert_registers(builder_, options_.pipeline);
    Mapped mapped{std::move(builder_.netlist()), std::move(pipeline.net_stage), std::move(values),
                  std::move(builder_.claims()), static_cast<std::uint32_t>(shares_.parts.size())};
    LUTGEN_CHECK(netlist::find_violation(mapped.netlist).empty());
    return mapped;
  }

 private:
  /// Room for a LUT a table, and for a register behind each that goes out: what large networks are made of.
  void reserve() {
    std::size_t cells = 0;
    std::size_t pins = 0;
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (!live_[i] || graph_.kind(BitId{i}) != BitKind::lut) continue;
      ++cells;
      pins += 1 + graph_.fanins(BitId{i}).size();
    }
    const std::size_t outputs = options_.pipeline.mode == PipelineMode::none ? 0 : graph_.outputs.bits.size();
    constexpr std::size_t kFlopPins = 5;
    builder_.netlist().reserve(cells + outputs, pins + outputs * kFlopPins);
    builder_.reserve(cells);
  }

  void add_ports() {
    netlist::Netlist& net = builder_.netlist();
    const NetName valid{.unit = Unit::valid};
    net.clock = net.add_net(valid);
    net.reset = net.add_net(valid);
    net.in_valid = net.add_net(valid);
    for (std::uint32_t i = 0; i < graph_.input_count(); ++i) {
      net.feature_bits.push_back(net.add_net({.unit = Unit::input, .index = i}));
    }
  }

  void add_bit(BitId id) {
    NetId& result = nets_[logic::index_of(id)];
    switch (graph_.kind(id)) {
      case BitKind::constant: break;
      case BitKind::input: result = builder_.netlist().feature_bits[graph_.input_index(id)]; break;
      case BitKind::lut: {
        std::vector<NetId> inputs;
        for (const BitId fanin : graph_.fanins(id)) inputs.push_back(net_of(fanin));
        if (is_own_inverter(id)) {
          result = builder_.inverse(inputs[0]);
          builder_.keep_inverter(result);
          builder_.claim(BitClaim{result, id});
          break;
        }
        const NetName name = bit_name(id);
        NameSource inner(name, Tag::table);
        if (can_be_counted_in(id, inputs)) {
          result = builder_.add_gate(graph_.table(id), inputs, name);
          builder_.claim(BitClaim{result, id});
          break;
        }
        result = map_function(builder_, graph_.table(id), inputs, name, inner);
        builder_.claim(BitClaim{result, id});
        break;
      }
      case BitKind::compare: result = add_compare(id); break;
    }
  }

  /// Whether a table is a gate of two nets that nothing reads but one term of one sum (map/chain_tree).
  [[nodiscard]] bool can_be_counted_in(BitId id, const std::vector<NetId>& inputs) const {
    if (builder_.family() != tech::Family::xc7 || builder_.goal() == Goal::delay || inputs.size() != 2) return false;
    if (inputs[0] == inputs[1] || std::min(netlist::index_of(inputs[0]), netlist::index_of(inputs[1])) < 2) return false;
    const truth::TruthTable table = graph_.table(id);
    return readers_[logic::index_of(id)] == 1 && table.depends_on(0) && table.depends_on(1);
  }

  /// Counts who reads each bit; a term that is more than one bit in a small sum, or in one that is built twice, counts
  /// as many.
  void count_readers() {
    const auto read = [&](BitId id, std::uint32_t times) { readers_[logic::index_of(id)] += times; };
    std::vector<std::uint32_t> builds(graph_.sum_count(), 0);
    for (std::size_t i = 0; i < builds.size(); ++i) builds[i] = compares_[i] > 0 ? 1 : 0;
    for (const SumId sum : graph_.outputs.scores) ++builds[logic::index_of(sum)];
    for (std::uint32_t i = 0; i < graph_.sum_count(); ++i) {
      const auto terms = graph_.terms(SumId{i});
      constexpr std::size_t kFewTerms = 8;
      for (const logic::Term& term : terms) {
        const auto weight = static_cast<std::uint64_t>(std::abs(term.weight));
        read(term.bit, builds[i] * (std::has_single_bit(weight) && terms.size() >= kFewTerms ? 1 : 2));
      }
    }
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (!live_[i]) continue;
      for (const BitId fanin : graph_.fanins(BitId{i})) read(fanin, 2);
    }
    for (const BitId bit : graph_.outputs.bits) read(bit, 2);
  }

  /// An inverter of a bit that stands for the same value: an output whose complement is what the optimiser holds.
  [[nodiscard]] bool is_own_inverter(BitId id) const {
    if (graph_.kind(id) != BitKind::lut || graph_.fanins(id).size() != 1 || graph_.table(id).word() != 0b01) return false;
    const BitId source = graph_.fanins(id)[0];
    if (graph_.kind(source) != BitKind::lut && graph_.kind(source) != BitKind::compare) return false;
    const logic::Origin& a = graph_.origin(source);
    const logic::Origin& b = graph_.origin(id);
    return std::tie(a.layer, a.index, a.part) == std::tie(b.layer, b.index, b.part);
  }

  void find_complements() {
    for (std::uint32_t i = 2; i < graph_.bit_count(); ++i) {
      if (live_[i] && is_own_inverter(BitId{i})) complements_[logic::index_of(graph_.fanins(BitId{i})[0])] = true;
    }
  }

  [[nodiscard]] NetId net_of(BitId id) const { return nets_[logic::index_of(id)]; }

  /// What a bit of the graph is called.
  [[nodiscard]] NetName bit_name(BitId id) const {
    const logic::Origin& origin = graph_.origin(id);
    const std::uint32_t levels = lowered_.layer_levels[origin.layer];
    NetName name{.layer = static_cast<std::uint16_t>(origin.layer), .unit = Unit::neuron,
                 .index = origin.index / levels, .sub = origin.index % levels};
    if (lowered_.encoders[origin.layer]) name.unit = Unit::threshold;
    if (origin.part != 0) {
      name.unit = Unit::branch;
      name.sub = origin.part;
    }
    name.inverted = complements_[logic::index_of(id)];
    return name;
  }

  [[nodiscard]] NetName sum_name(SumId id) const {
    const logic::Origin& origin = graph_.sum(id).origin;
    return {.layer = static_cast<std::uint16_t>(origin.layer), .unit = Unit::group, .tag = Tag::sum, .index = origin.index};
  }

  /// A comparison of a sum with a constant: of the number itself where the sum is one, or where several
  /// comparisons share it.
  NetId add_compare(BitId id) {
    const SumId sum = graph_.compared_sum(id);
    const NetName name = bit_name(id);
    Number& number = numbers_[logic::index_of(sum)];
    if (number.claim == kNoNumber && !find_plain_number(sum, number)) {
      WeightedColumns columns = to_columns_shared(sum);
      if (compares_[logic::index_of(sum)] == 1) {
        const std::int64_t excess = graph_.compared_constant(id) - columns.minimum;
        SumExceeds exceeds = map_sum_exceeds(builder_, std::move(columns.columns), excess, sum_name(sum), name);
        exceeds.number.sum = sum;
        exceeds.number.constant += columns.minimum;
        builder_.claim(BitClaim{exceeds.net, id, builder_.claim(std::move(exceeds.number))});
        return exceeds.net;
      }
      build_number(sum, std::move(columns), number);
    }
    const std::int64_t excess = graph_.compared_constant(id) - number.minimum;
    const NetId result = map_exceeds_constant(builder_, number.digits, excess, name);
    builder_.claim(BitClaim{result, id, number.claim});
    return result;
  }

  /// The digits of a sum that is compared: it is `minimum` more than their number; and its NumberClaim; kNoNumber: not there yet.
  struct Number {
    std::vector<Literal> digits;
    std::uint32_t claim = kNoNumber;
    std::int64_t minimum = 0;
  };

  /// The nets of a part that sums share: it is `minimum` more than their number. Empty: not there yet.
  struct Part {
    std::vector<NetId> nets;
    std::int64_t minimum = 0;
  };

  /// The columns of a sum, its shared parts as the bits of their numbers.
  WeightedColumns to_columns_shared(SumId sum) {
    const auto index = logic::index_of(sum);
    if (index >= shares_.sums.size() || shares_.sums[index].uses.empty()) return to_columns(builder_, graph_, sum, nets_);
    return to_columns_of(shares_.sums[index], graph_.sum(sum).constant, graph_.sum(sum).origin);
  }

  WeightedColumns to_columns_of(const SharedSum& sum, std::int64_t constant, const logic::Origin& origin) {
    WeightedColumns result{{}, constant};
    for (const logic::Term& term : sum.own) add_weighted(builder_, result, net_of(term.bit), term.weight);
    for (const PartUse& use : sum.uses) {
      const Part& part = build_part(use.part, origin);
      result.minimum += use.negated ? -part.minimum : part.minimum;
      for (std::size_t i = 0; i < part.nets.size(); ++i) {
        const std::int64_t weight = std::int64_t{1} << i;
        add_weighted(builder_, result, part.nets[i], use.negated ? -weight : weight);
      }
    }
    return result;
  }

  /// A part that sums share, named after the first of them.
  const Part& build_part(std::uint32_t number, const logic::Origin& origin) {
    if (!parts_[number].nets.empty()) return parts_[number];
    WeightedColumns columns = to_columns_of(shares_.parts[number], 0, origin);
    SumClaim claim{.constant = -columns.minimum, .is_composed = true};
    list_terms(number, 1, claim.inputs);
    std::int64_t maximum = 0;
    for (const WeightedNet& term : claim.inputs) maximum += std::max<std::int64_t>(term.weight, 0);
    NetName name{.layer = static_cast<std::uint16_t>(origin.layer), .unit = Unit::group, .tag = Tag::sum, .index = origin.index};
    name.sub = number + 1;
    // Bits of other parts that stand above the largest sum are always 0.
    const auto width = static_cast<std::uint32_t>(std::bit_width(static_cast<std::uint64_t>(maximum - columns.minimum)));
    parts_[number] = {synthesizer_->add_up(builder_, std::move(columns.columns), width, name), columns.minimum};
    for (const NetId net : parts_[number].nets) claim.outputs.push_back({net, std::int64_t{1} << claim.outputs.size()});
    builder_.claim(std::move(claim));
    return parts_[number];
  }

  /// All terms of a part, those of its parts, too.
  void list_terms(std::uint32_t part, std::int64_t sign, std::vector<WeightedNet>& terms) const {
    for (const logic::Term& term : shares_.parts[part].own) terms.push_back({net_of(term.bit), sign * term.weight});
    for (const PartUse& use : shares_.parts[part].uses) list_terms(use.part, use.negated ? -sign : sign, terms);
  }

  /// A sum that needs no adding.
  bool find_plain_number(SumId sum, Number& number) {
    number.digits = find_binary_number(graph_, sum, nets_);
    if (number.digits.empty()) return false;
    NumberClaim claim{.sum = sum, .constant = graph_.sum(sum).constant};
    for (const logic::Term& term : graph_.terms(sum)) claim.bits.push_back({net_of(term.bit), term.weight});
    number.claim = builder_.claim(std::move(claim));
    number.minimum = graph_.sum(sum).minimum;
    return true;
  }

  /// A sum that several comparisons share.
  void build_number(SumId sum, WeightedColumns columns, Number& number) {
    const auto range = static_cast<std::uint64_t>(graph_.sum(sum).maximum - columns.minimum);
    number.minimum = columns.minimum;
    const auto width = static_cast<std::uint32_t>(std::bit_width(range));
    NumberClaim claim{.sum = sum, .constant = columns.minimum};
    for (const NetId net : synthesizer_->add_up(builder_, std::move(columns.columns), width, sum_name(sum))) {
      claim.bits.push_back({net, std::int64_t{1} << number.digits.size()});
      number.digits.push_back({net, false});
    }
    number.claim = builder_.claim(std::move(claim));
  }

  /// The nets of a sum that goes out or to argmax, `width` bits.
  std::vector<NetId> add_sum(SumId id, std::uint32_t width) {
    const logic::Sum& sum = graph_.sum(id);
    LUTGEN_CHECK(sum.minimum >= 0);
    Columns columns = to_columns(builder_, graph_, id, nets_).columns;
    columns.resize(width);
    for (std::size_t w = 0; w < width; ++w) {
      if (((sum.minimum >> w) & 1) != 0) columns[w].push_back(NetId::one);
    }
    const std::vector<NetId> result = synthesizer_->add_up(builder_, std::move(columns), width, sum_name(id));
    NumberClaim claim{.sum = id};
    for (std::size_t i = 0; i < result.size(); ++i) {
      builder_.keep_inverter(result[i]);
      claim.bits.push_back({result[i], std::int64_t{1} << i});
    }
    builder_.claim(std::move(claim));
    return result;
  }

  void add_outputs() {
    netlist::Netlist& net = builder_.netlist();
    const logic::Outputs& outputs = graph_.outputs;
    for (const BitId bit : outputs.bits) net.bits.push_back(net_of(bit));
    if (outputs.scores.empty()) return;
    std::int64_t maximum = 1;
    for (const SumId id : outputs.scores) maximum = std::max(maximum, graph_.sum(id).maximum);
    const auto width = static_cast<std::uint32_t>(std::bit_width(static_cast<std::uint64_t>(maximum)));
    for (const SumId id : outputs.scores) scores_.push_back(add_sum(id, width));
    if (outputs.argmax) {
      net.class_index = map_argmax(builder_, scores_, static_cast<std::uint16_t>(outputs.argmax_layer));
    }
    if (!outputs.argmax || options_.scores_output) {
      net.score_bits = std::max(width, outputs.score_bits);
      for (const auto& score : scores_) {
        net.scores.insert(net.scores.end(), score.begin(), score.end());
        net.scores.insert(net.scores.end(), net.score_bits - width, NetId::zero);
      }
    }
  }

  /// The values that are still there after dead cells were taken out.
  [[nodiscard]] std::vector<LayerValues> collect_values() const {
    const std::vector<bool> driven = netlist::compute_driven_nets(builder_.netlist());
    const auto is_there = [&](std::span<const NetId> nets) {
      return std::all_of(nets.begin(), nets.end(), [&](NetId net) { return driven[netlist::index_of(net)]; });
    };
    std::vector<LayerValues> values(lowered_.layer_bits.size());
    for (std::size_t layer = 0; layer < values.size(); ++layer) {
      const auto& bits = lowered_.layer_bits[layer];
      for (std::uint32_t i = 0; i < bits.size(); ++i) {
        if (bits[i] == logic::kNoBit) continue;
        if (live_[logic::index_of(bits[i])] && driven[netlist::index_of(net_of(bits[i]))]) {
          values[layer].add(i, std::array{net_of(bits[i])});
        }
      }
      const auto& sums = lowered_.layer_sums[layer];
      for (std::uint32_t i = 0; i < sums.size(); ++i) {
        const auto& outputs = graph_.outputs.scores;
        const auto found = std::find(outputs.begin(), outputs.end(), sums[i]);
        if (found == outputs.end()) continue;
        const auto& nets = scores_[static_cast<std::size_t>(found - outputs.begin())];
        if (is_there(nets)) values[layer].add(i, nets);
      }
    }
    return values;
  }

  const logic::Lowered& lowered_;
  const logic::Graph& graph_;
  const MapOptions& options_;
  const SharePlan& shares_;
  Builder builder_;
  std::vector<bool> live_;
  std::vector<NetId> nets_;
  std::vector<Number> numbers_;          // [sums]
  std::vector<std::uint32_t> compares_;  // [sums]: live comparisons of it
  std::vector<std::uint32_t> readers_;   // [bits]
  std::vector<bool> complements_;        // [bits]: stands for the complement of its value
  std::vector<Part> parts_;              // [parts of the plan]
  std::vector<std::vector<NetId>> scores_;
  std::unique_ptr<SumSynthesizer> synthesizer_ = make_counter_tree();
};

/// The sums that may share: those that are compared.
std::vector<bool> find_open_sums(const logic::Graph& graph) {
  const std::vector<bool> live = graph.compute_live_bits();
  std::vector<bool> open(graph.sum_count(), false);
  for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
    if (live[i] && graph.kind(BitId{i}) == BitKind::compare) open[logic::index_of(graph.compared_sum(BitId{i}))] = true;
  }
  return open;
}

/// What a netlist takes: half LUT positions, of LUTs and of carry cells that keep LUTs from being used (a position of CARRY4 and
/// of SB_CARRY has its LUT among the cells); and flops.
struct Size {
  std::size_t halves = 0;
  std::size_t flops = 0;
};

Size compute_size(const netlist::Netlist& netlist) {
  const netlist::CellCounts total = compute_statistics(netlist, 0).total;
  Size size;
  for (std::size_t i = 0; i < total.size(); ++i) {
    const auto type = static_cast<tech::Cell>(i);
    if (tech::cell_type(type).role == tech::CellRole::lut) size.halves += 2 * total[i];
    if (tech::cell_type(type).role == tech::CellRole::flop) size.flops += total[i];
    if (type == tech::Cell::ccu2c) size.halves += 4 * total[i];
    if (type == tech::Cell::gowin_alu || type == tech::Cell::cc_addf) size.halves += 2 * total[i];
  }
  return size;
}

/// Fewer LUT positions, and not so many more flops that they outweigh them at half a position each.
bool is_smaller(const netlist::Netlist& netlist, const netlist::Netlist& other) {
  const Size a = compute_size(netlist);
  const Size b = compute_size(other);
  return a.halves < b.halves && a.halves + a.flops <= b.halves + b.flops;
}

}  // namespace

std::string_view goal_name(Goal goal) { return kGoalNames[static_cast<std::size_t>(goal)]; }

std::optional<Goal> find_goal(std::string_view name) {
  const auto found = std::find(kGoalNames.begin(), kGoalNames.end(), name);
  return found == kGoalNames.end() ? std::nullopt : std::optional(static_cast<Goal>(found - kGoalNames.begin()));
}

void LayerValues::add(std::uint32_t index, std::span<const NetId> nets) {
  indices_.push_back(index);
  nets_.insert(nets_.end(), nets.begin(), nets.end());
  ends_.push_back(static_cast<std::uint32_t>(nets_.size()));
}

LayerValues::Value LayerValues::at(std::size_t i) const {
  const std::size_t first = i == 0 ? 0 : ends_[i - 1];
  return {indices_[i], {nets_.data() + first, ends_[i] - first}};
}

Mapped map_to_netlist(const logic::Lowered& lowered, const MapOptions& options) {
  Mapped plain = Mapping(lowered, options, {}).run();
  if (!options.share || options.goal != Goal::area) return plain;
  const SharePlan plan = plan_shares(lowered.graph, find_open_sums(lowered.graph));
  if (plan.parts.empty()) return plain;
  Mapped shared = Mapping(lowered, options, plan).run();
  return is_smaller(shared.netlist, plain.netlist) ? std::move(shared) : std::move(plain);
}

}  // namespace lutgen::map
