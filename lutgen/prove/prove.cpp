// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/prove.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>

#include "lutgen/prove/claim_check.hpp"
#include "lutgen/prove/counterexample.hpp"
#include "lutgen/prove/registers.hpp"

namespace lutgen::prove {
namespace {

using netlist::NetId;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Nodes of the output ports.
struct OutputNodes {
  std::vector<NodeId> class_index;
  std::vector<NodeId> scores;
  std::vector<NodeId> bits;

  [[nodiscard]] std::vector<NodeId> all() const {
    std::vector<NodeId> nodes = class_index;
    nodes.insert(nodes.end(), scores.begin(), scores.end());
    nodes.insert(nodes.end(), bits.begin(), bits.end());
    return nodes;
  }
};

OutputNodes output_nodes(const netlist::Netlist& net, const std::vector<NodeId>& nodes) {
  const auto of = [&](const std::vector<NetId>& nets) {
    std::vector<NodeId> result;
    for (const NetId id : nets) result.push_back(nodes[index_of(id)]);
    return result;
  };
  return {of(net.class_index), of(net.scores), of(net.bits)};
}

class Proof {
 public:
  Proof(const model::Model& model, const logic::Lowered& lowered, const map::Mapped& mapped, const ReadNetlist& read,
        const ProveOptions& options)
      : model_(model), lowered_(lowered), mapped_(mapped), read_(read), options_(options) {}

  ProveReport run() {
    const auto start = Clock::now();
    report_.family = tech::family_name(read_.netlist.family());
    report_.latency_cycles = mapped_.netlist.latency_cycles;
    report_.cells = read_.netlist.cell_count();
    check_ports();
    if (report_.fault_count != 0) {
      report_.reason = "the ports are not those of this model with these options";
      return std::move(report_);
    }
    for (std::uint32_t i = 0; i < lowered_.graph.input_count(); ++i) features_.push_back(gates_.add_input());
    collapse();
    const bool stages_right = report_.fault_count == 0;
    if (stages_right) prove_claims();
    report_.seconds_prove = seconds_since(start);
    if (report_.fault_count == 0) {
      report_.verdict = Verdict::proven;
      return std::move(report_);
    }
    const auto search_start = Clock::now();
    search(stages_right);
    report_.seconds_search = seconds_since(search_start);
    return std::move(report_);
  }

 private:
  void add(Fault fault) {
    ++report_.fault_count;
    if (report_.faults.size() < kMaxFaults) report_.faults.push_back(std::move(fault));
  }

  void check_ports() {
    const auto check = [&](const char* port, std::size_t expected, std::size_t found) {
      if (expected == found) return;
      add({FaultKind::port, fmt::format("port {}", port), port, fmt::format("{} bits", expected), fmt::format("{} bits", found)});
    };
    check("features", lowered_.graph.input_count(), read_.netlist.feature_bits.size());
    check("class_index", mapped_.netlist.class_index.size(), read_.netlist.class_index.size());
    check("scores", mapped_.netlist.scores.size(), read_.netlist.scores.size());
    check("bits", mapped_.netlist.bits.size(), read_.netlist.bits.size());
  }

  void collapse() {
    for (const NetId net : read_.undriven) {
      add({FaultKind::registers, "nets", read_.names[index_of(net)], "a driver", "none"});
    }
    Collapsed collapsed = collapse_registers(read_.netlist, read_.names, features_, mapped_.netlist.latency_cycles, gates_);
    nodes_ = std::move(collapsed.nodes);
    report_.registers = collapsed.registers;
    report_.valid_registers = collapsed.valid_registers;
    for (Fault& fault : collapsed.faults) add(std::move(fault));
  }

  /// The node of every net of the mapper's netlist, found in the file by its name.
  [[nodiscard]] std::vector<std::optional<NodeId>> nodes_by_name() const {
    std::vector<std::optional<NodeId>> nodes(mapped_.netlist.net_count());
    nodes[0] = NodeId::zero;
    nodes[1] = NodeId::one;
    for (std::uint32_t n = 2; n < nodes.size(); ++n) {
      const auto found = read_.by_name.find(netlist::spell(mapped_.netlist.name(NetId{n})));
      if (found != read_.by_name.end()) nodes[n] = nodes_[index_of(found->second)];
    }
    return nodes;
  }

  /// Names of the file for nodes; the first net of each.
  [[nodiscard]] std::vector<const std::string*> names_of_nodes() const {
    std::vector<const std::string*> names(gates_.node_count(), nullptr);
    for (std::uint32_t n = 0; n < nodes_.size(); ++n) {
      const std::string*& name = names[index_of(nodes_[n])];
      if (name == nullptr) name = &read_.names[n];
    }
    return names;
  }

  [[nodiscard]] ClaimResult check(std::span<const std::optional<NodeId>> nodes, const OutputNodes& outputs) {
    const std::vector<const std::string*> names = names_of_nodes();
    const auto describe = [&](NodeId id) -> std::string {
      if (gates_.is_constant(id)) return id == NodeId::one ? "1'b1" : "1'b0";
      const bool known = index_of(id) < names.size() && names[index_of(id)] != nullptr;
      return known ? *names[index_of(id)] : "an unnamed value";
    };
    return check_claims({.graph = lowered_.graph,
                         .model = model_,
                         .claims = mapped_.claims,
                         .claim_nets = mapped_.netlist,
                         .nodes = nodes,
                         .features = features_,
                         .class_index = outputs.class_index,
                         .scores = outputs.scores,
                         .bits = outputs.bits,
                         .describe = describe,
                         .limits = options_.limits,
                         .progress = options_.progress},
                        gates_);
  }

  void prove_claims() {
    ClaimResult result = check(nodes_by_name(), output_nodes(read_.netlist, nodes_));
    report_.values = result.values;
    report_.sums = result.sums;
    report_.comparisons = result.comparisons;
    report_.matches = result.matches;
    report_.numbers = result.numbers;
    report_.sat_conflicts = result.conflicts;
    report_.faults = std::move(result.faults);
    report_.fault_count = result.fault_count;
    patterns_ = std::move(result.patterns);
  }

  /// Simulation first: it finds what is not well hidden, and what registers do. Then SAT on the whole netlist.
  void search(bool stages_right) {
    const SearchJob job{.model = model_,
                        .form = options_.input,
                        .graph = lowered_.graph,
                        .netlist = read_.netlist,
                        .latency = mapped_.netlist.latency_cycles,
                        .streams = !stages_right,
                        .seed = options_.seed,
                        .progress = options_.progress};
    constexpr std::uint64_t kCellSteps = 200'000'000;  // cells simulated, 64 samples each: some 10 s
    const std::size_t affordable = kCellSteps / std::max<std::size_t>(1, read_.netlist.cell_count()) * 64;
    for (const InputPattern& pattern : patterns_) {
      if (accept(simulate_samples(job, std::min<std::size_t>(2048, affordable), pattern, report_.samples_tried),
                 "SAT, for what one cell does wrong, and drawn samples")) {
        return;
      }
    }
    if (accept(simulate_samples(job, std::min(options_.samples, affordable), {}, report_.samples_tried), "drawn samples")) return;
    if (stages_right) {
      compare_with_mapped(job);
    } else {
      report_.reason = fmt::format("registers are not as they should be, but {} samples came out right", report_.samples_tried);
    }
  }

  bool accept(std::optional<CounterExample> example, const char* how) {
    if (!example) return false;
    example->how = how;
    report_.counter_example = std::move(example);
    report_.verdict = Verdict::different;
    return true;
  }

  /// SAT on the outputs that differ from those of the mapper's own netlist, for which all claims are proven first.
  void compare_with_mapped(const SearchJob& job) {
    std::vector<std::string> names;
    for (std::uint32_t n = 0; n < mapped_.netlist.net_count(); ++n) names.push_back(netlist::spell(mapped_.netlist.name(NetId{n})));
    const Collapsed wanted = collapse_registers(mapped_.netlist, names, features_, mapped_.netlist.latency_cycles, gates_);
    const OutputNodes outputs = output_nodes(mapped_.netlist, wanted.nodes);
    const std::vector<std::optional<NodeId>> nodes(wanted.nodes.begin(), wanted.nodes.end());
    if (!wanted.faults.empty() || check(nodes, outputs).fault_count != 0) {
      report_.reason = "the mapper's own netlist could not be proven either";
      return;
    }
    const std::vector<NodeId> left = output_nodes(read_.netlist, nodes_).all();
    const std::vector<NodeId> right = outputs.all();
    Solver solver;
    Encoder encoder(gates_, solver);
    std::vector<Literal> differences;
    for (std::size_t i = 0; i < left.size(); ++i) {
      const NodeId difference = add_difference(gates_, left[i], right[i]);
      if (difference != NodeId::zero) differences.push_back(encoder.literal(difference));
    }
    solver.add_clause(differences);
    if (options_.progress != nullptr) options_.progress->update("prove: SAT on the whole netlist", 0, 1);
    const SatAnswer answer = solver.solve(options_.miter_conflicts);
    report_.sat_conflicts += solver.conflicts();
    if (answer == SatAnswer::unsatisfiable) {
      report_.verdict = Verdict::proven_sat;
    } else if (answer == SatAnswer::unknown) {
      report_.reason = fmt::format("SAT found no answer within {} conflicts, and {} samples came out right",
                                   options_.miter_conflicts, report_.samples_tried);
    } else {
      InputPattern pattern;
      for (const NodeId feature : features_) {
        pattern.push_back(static_cast<std::int8_t>(encoder.has(feature) ? solver.value(encoder.literal(feature)) : -1));
      }
      if (!accept(simulate_samples(job, 64, pattern, report_.samples_tried), "SAT on the whole netlist")) {
        report_.reason = "SAT found an input that differs, but its simulation does not";
      }
    }
  }

  const model::Model& model_;
  const logic::Lowered& lowered_;
  const map::Mapped& mapped_;
  const ReadNetlist& read_;
  const ProveOptions& options_;
  Gates gates_;
  std::vector<NodeId> features_;
  std::vector<NodeId> nodes_;
  std::vector<InputPattern> patterns_;
  ProveReport report_;
};

}  // namespace

ProveReport prove_netlist(const model::Model& model, const logic::Lowered& lowered, const map::Mapped& mapped,
                          const ReadNetlist& read, const ProveOptions& options) {
  return Proof(model, lowered, mapped, read, options).run();
}

Result<ProveReport> prove(const model::Model& model, const std::filesystem::path& verilog, const ProveOptions& options) {
  const auto start = Clock::now();
  if (options.progress != nullptr) options.progress->update("prove: reading the netlist", 0, 1);
  LUTGEN_TRY(const ReadNetlist read, read_back(verilog, options.map.family, options.read));
  const double seconds_read = seconds_since(start);
  LUTGEN_TRY(logic::Lowered plain, logic::lower(model, {.input = options.input, .place = {}}));
  // Each step of the optimiser is shown to be right as it is made, so that what it gives is the specification as well.
  const logic::Lowered lowered =
      optimize::optimize(std::move(plain), optimize::options_for(options.map.family, options.passes)).lowered;
  const map::Mapped mapped = map::map_to_netlist(lowered, options.map);
  ProveReport report = prove_netlist(model, lowered, mapped, read, options);
  report.seconds_read = seconds_read;
  return report;
}

}  // namespace lutgen::prove
