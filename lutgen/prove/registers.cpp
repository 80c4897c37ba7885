// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/registers.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"

namespace lutgen::prove {
namespace {

using netlist::CellId;
using netlist::NetId;
using tech::Cell;

/// Which input pin of a flop does what; -1: it has none.
struct FlopPins {
  int clock = 0;
  int enable = -1;
  int data = 1;
  int reset = -1;
};

/// In the order of the pin lists of tech/cells, without Q.
FlopPins flop_pins(Cell type) {
  switch (type) {
    case Cell::fdre:
    case Cell::cc_dff: return {0, 1, 2, 3};
    case Cell::trellis_ff:
    case Cell::sb_dffsr:
    case Cell::gowin_dffr: return {0, -1, 1, 2};
    case Cell::sb_dff:
    case Cell::gowin_dff: return {0, -1, 1, -1};
    default: break;
  }
  LUTGEN_CHECK(false);
}

/// Stage of a net that has none: constants, undriven nets.
constexpr std::int32_t kAnyStage = -1;
/// Clock, reset, in_valid and what comes from them.
constexpr std::int32_t kControl = -2;

class Collapse {
 public:
  Collapse(const netlist::Netlist& net, std::span<const std::string> names, std::uint32_t latency, Gates& gates)
      : net_(net), names_(names), latency_(latency), gates_(gates), driver_(net.net_count(), kNone),
        stage_(net.net_count(), kAnyStage) {}

  Collapsed run(std::span<const NodeId> features) {
    result_.nodes.assign(net_.net_count(), NodeId::zero);
    result_.nodes[1] = NodeId::one;
    for (std::size_t i = 0; i < features.size(); ++i) {
      result_.nodes[index_of(net_.feature_bits[i])] = features[i];
      stage_[index_of(net_.feature_bits[i])] = 0;
    }
    for (const NetId net : {net_.clock, net_.reset, net_.in_valid}) stage_[index_of(net)] = kControl;
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) {
      for (const NetId net : net_.output_pins(CellId{c})) driver_[index_of(net)] = c;
    }
    give_unknown_values();
    for (const std::uint32_t c : order()) {
      if (is_flop(c)) {
        pass_flop(CellId{c});
      } else {
        pass_gate(CellId{c});
      }
    }
    check_outputs();
    check_valid_chain();
    return std::move(result_);
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  [[nodiscard]] bool is_flop(std::uint32_t c) const {
    return tech::cell_type(net_.cell(CellId{c}).type).role == tech::CellRole::flop;
  }
  [[nodiscard]] const std::string& name(NetId net) const { return names_[index_of(net)]; }
  [[nodiscard]] std::int32_t& stage(NetId net) { return stage_[index_of(net)]; }
  [[nodiscard]] NetId input(CellId cell, int pin) const { return net_.input_pins(cell)[static_cast<std::size_t>(pin)]; }

  void fault(NetId net, std::string expected, std::string found) {
    result_.faults.push_back({FaultKind::registers, "registers", name(net), std::move(expected), std::move(found)});
  }

  /// A net that nothing drives may hold anything: it is an input of its own.
  void give_unknown_values() {
    const std::vector<bool> driven = compute_driven_nets(net_);
    for (std::uint32_t n = 2; n < net_.net_count(); ++n) {
      if (!driven[n]) result_.nodes[n] = gates_.add_input();
    }
  }

  /// All cells so that each stands behind what it reads, flops included; a fault where there is a loop.
  std::vector<std::uint32_t> order() {
    std::vector<std::vector<std::uint32_t>> readers(net_.cell_count());
    std::vector<std::uint32_t> waits(net_.cell_count(), 0);
    std::vector<std::uint32_t> ready;
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) {
      for (const NetId in : net_.input_pins(CellId{c})) {
        if (driver_[index_of(in)] == kNone) continue;
        readers[driver_[index_of(in)]].push_back(c);
        ++waits[c];
      }
      if (waits[c] == 0) ready.push_back(c);
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
      for (const std::uint32_t reader : readers[ready[next]]) {
        if (--waits[reader] == 0) ready.push_back(reader);
      }
    }
    if (ready.size() < net_.cell_count()) {
      const auto stuck = static_cast<std::uint32_t>(
          std::find_if(waits.begin(), waits.end(), [](std::uint32_t w) { return w != 0; }) - waits.begin());
      fault(net_.output_pins(CellId{stuck})[0], "no loop through registers", "a net in or behind a loop");
    }
    return ready;
  }

  void pass_flop(CellId cell) {
    const FlopPins pins = flop_pins(net_.cell(cell).type);
    const NetId q = net_.output_pins(cell)[0];
    const NetId data = input(cell, pins.data);
    if (input(cell, pins.clock) != net_.clock) {
      fault(q, "a register clocked by clk", fmt::format("one clocked by {}", name(input(cell, pins.clock))));
    }
    if (pins.enable >= 0 && input(cell, pins.enable) != NetId::one) {
      fault(q, "a register that is always enabled", fmt::format("one enabled by {}", name(input(cell, pins.enable))));
    }
    if (stage(data) == kControl) {
      stage(q) = kControl;
      ++result_.valid_registers;
      return;
    }
    if (pins.reset >= 0 && input(cell, pins.reset) != NetId::zero) {
      fault(q, "a register without reset", fmt::format("one reset by {}", name(input(cell, pins.reset))));
    }
    ++result_.registers;
    result_.nodes[index_of(q)] = result_.nodes[index_of(data)];
    stage(q) = stage(data) == kAnyStage ? kAnyStage : stage(data) + 1;
  }

  void pass_gate(CellId cell) {
    const auto inputs = net_.input_pins(cell);
    const auto outputs = net_.output_pins(cell);
    std::vector<NodeId> in;
    NetId deepest = NetId::zero;
    bool control = false;
    for (const NetId net : inputs) {
      in.push_back(result_.nodes[index_of(net)]);
      control = control || stage(net) == kControl;
      if (stage(net) > stage(deepest)) deepest = net;
    }
    for (const NetId net : inputs) {
      if (stage(net) >= 0 && stage(net) != stage(deepest)) {
        fault(outputs[0], fmt::format("inputs of one stage, {} as {} has", stage(deepest), name(deepest)),
              fmt::format("{} of stage {}", name(net), stage(net)));
      }
    }
    if (control && stage(deepest) >= 0) {
      fault(outputs[0], "a function of the features alone", "one that also reads clk, rst or in_valid");
    }
    std::vector<NodeId> out(outputs.size(), NodeId::zero);
    const netlist::CellRecord& record = net_.cell(cell);
    gates_.add_cell(record.type, record.init, in, out);
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      result_.nodes[index_of(outputs[o])] = out[o];
      stage(outputs[o]) = control ? kControl : stage(deepest);
    }
  }

  void check_outputs() {
    for (const auto* port : {&net_.class_index, &net_.scores, &net_.bits}) {
      for (const NetId net : *port) {
        if (stage(net) == kAnyStage || stage(net) == static_cast<std::int32_t>(latency_)) continue;
        fault(net, fmt::format("an output of stage {}", latency_),
              stage(net) == kControl ? "one that reads clk, rst or in_valid" : fmt::format("one of stage {}", stage(net)));
      }
    }
  }

  /// out_valid must be a chain of `latency` flops from in_valid, each cleared by the reset.
  void check_valid_chain() {
    NetId net = net_.out_valid;
    for (std::uint32_t s = latency_; s > 0; --s) {
      const std::uint32_t driver = driver_[index_of(net)];
      if (driver == kNone || !is_flop(driver)) {
        fault(net, fmt::format("out_valid to be in_valid {} cycles later", latency_),
              fmt::format("a chain of {} registers", latency_ - s));
        return;
      }
      const CellId cell{driver};
      const FlopPins pins = flop_pins(net_.cell(cell).type);
      const NetId reset = pins.reset >= 0 ? input(cell, pins.reset) : NetId::zero;
      // The reset of CC_DFF is asynchronous: it would clear out_valid a cycle too early.
      const bool cleared = reset == net_.reset && net_.cell(cell).type != Cell::cc_dff;
      if (!cleared && !(reset == NetId::zero && is_reset_gate(input(cell, pins.data)))) {
        fault(net, "a valid bit that the reset clears", fmt::format("a register reset by {}", name(reset)));
        return;
      }
      net = cleared ? input(cell, pins.data) : gated_;
    }
    if (net != net_.in_valid) {
      fault(net_.out_valid, fmt::format("out_valid to be in_valid {} cycles later", latency_),
            fmt::format("{} that much later", name(net)));
    }
  }

  /// Whether `net` is x & ~rst of some x, made by a cell; x is kept in gated_. (GateMate's reset is asynchronous.)
  bool is_reset_gate(NetId net) {
    const std::uint32_t driver = driver_[index_of(net)];
    if (driver == kNone || is_flop(driver)) return false;
    const auto inputs = net_.input_pins(CellId{driver});
    const auto data = std::find_if(inputs.begin(), inputs.end(), [&](NetId n) { return index_of(n) > 1 && n != net_.reset; });
    if (data == inputs.end() || inputs.size() > kGateInputs) return false;
    gated_ = *data;
    std::vector<std::uint64_t> in;
    for (const NetId n : inputs) {
      if (index_of(n) > 1 && n != net_.reset && n != gated_) return false;
      in.push_back(n == gated_ ? 0b1010 : n == net_.reset ? 0b1100 : n == NetId::one ? 0b1111 : 0);
    }
    std::vector<std::uint64_t> out(net_.output_pins(CellId{driver}).size(), 0);
    const netlist::CellRecord& record = net_.cell(CellId{driver});
    tech::evaluate_cell(record.type, record.init, in, out);
    return out.size() == 1 && (out[0] & 0b1111) == 0b0010;
  }

  const netlist::Netlist& net_;
  std::span<const std::string> names_;
  std::uint32_t latency_;
  Gates& gates_;
  std::vector<std::uint32_t> driver_;
  std::vector<std::int32_t> stage_;
  NetId gated_ = NetId::zero;
  Collapsed result_;
};

}  // namespace

Collapsed collapse_registers(const netlist::Netlist& netlist, std::span<const std::string> names,
                             std::span<const NodeId> features, std::uint32_t latency, Gates& gates) {
  return Collapse(netlist, names, latency, gates).run(features);
}

}  // namespace lutgen::prove
