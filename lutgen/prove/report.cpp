// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/report.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lutgen::prove {
namespace {

const char* kind_text(FaultKind kind) {
  constexpr std::array kNames = {"port", "registers", "value", "sum", "comparison", "match", "output"};
  return kNames[static_cast<std::size_t>(kind)];
}

io::Json counts_json(const ClaimCounts& counts) {
  return {{"claims", counts.total()},
          {"by_structure", counts.structure},
          {"exhaustive", counts.exhaustive},
          {"sat", counts.sat},
          {"failed", counts.failed}};
}

std::string counts_text(const char* name, const ClaimCounts& counts) {
  if (counts.total() == 0) return "";
  return fmt::format("{:<11}{}: {} as specified gate by gate, {} by trying all values, {} by SAT, {} failed\n", name,
                     counts.total(), counts.structure, counts.exhaustive, counts.sat, counts.failed);
}

std::string example_text(const CounterExample& example) {
  std::string text = fmt::format("counter-example ({}): {}: expected {}, found {}\n", example.how, example.output,
                                 example.expected, example.found);
  if (example.features.empty()) {
    text += "  features port, highest bit first: ";
    for (std::size_t i = example.bits.size(); i-- > 0;) text += example.bits[i] != 0 ? '1' : '0';
    return text + "\n  no features give these bits: a difference for bits from elsewhere only\n";
  }
  if (example.features.size() > 1) {
    text += fmt::format("  seen with {} samples sent one a cycle, {} of them behind the one that is wrong\n",
                        example.features.size(), example.after);
  }
  constexpr std::size_t kShown = 64;
  const std::vector<double>& features = example.features[example.features.size() - 1 - example.after];
  text += "  features";
  for (std::size_t i = 0; i < std::min(features.size(), kShown); ++i) text += fmt::format(" {}", features[i]);
  if (features.size() > kShown) text += fmt::format(" ... ({} in all)", features.size());
  return text + "\n";
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  constexpr std::array kNames = {"proven", "proven_sat", "different", "not_proven"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string to_text(const ProveReport& report) {
  std::string text;
  switch (report.verdict) {
    case Verdict::proven: text = "equal      every output equals the model's, for every input, in every cycle\n"; break;
    case Verdict::proven_sat:
      text = "equal      every output equals the model's, for every input (SAT), although what is below does not hold\n";
      break;
    case Verdict::different: text = "DIFFERENT  the netlist does not compute the model\n"; break;
    case Verdict::not_proven: text = fmt::format("NOT PROVEN {}\n", report.reason); break;
  }
  text += fmt::format("netlist    {} cells ({}), latency {} cycles; {} registers and {} of the valid chain\n", report.cells,
                      report.family, report.latency_cycles, report.registers, report.valid_registers);
  text += counts_text("tables", report.values) + counts_text("counters", report.sums);
  if (report.numbers != 0) text += fmt::format("{:<11}{} composed of them\n", "sums", report.numbers);
  text += counts_text("compares", report.comparisons) + counts_text("matches", report.matches);
  text += fmt::format("time       {:.2f} s to read it, {:.2f} s to prove", report.seconds_read, report.seconds_prove);
  if (report.seconds_search > 0) {
    text += fmt::format(", {:.2f} s to search ({} samples simulated)", report.seconds_search, report.samples_tried);
  }
  text += fmt::format("; {} SAT conflicts\n", report.sat_conflicts);
  for (const Fault& fault : report.faults) {
    text += fmt::format("{}: net {}: expected {}, found {}\n", fault.place, fault.net, fault.expected, fault.found);
  }
  if (report.fault_count > report.faults.size()) text += fmt::format("and {} more\n", report.fault_count - report.faults.size());
  if (report.counter_example) text += example_text(*report.counter_example);
  return text;
}

io::Json to_json(const ProveReport& report) {
  io::Json json = {{"verdict", verdict_name(report.verdict)},
                   {"equal", report.passed()},
                   {"reason", report.reason},
                   {"family", report.family},
                   {"cells", report.cells},
                   {"latency_cycles", report.latency_cycles},
                   {"registers", report.registers},
                   {"valid_registers", report.valid_registers},
                   {"tables", counts_json(report.values)},
                   {"counters", counts_json(report.sums)},
                   {"sums_composed", report.numbers},
                   {"comparisons", counts_json(report.comparisons)},
                   {"matches", counts_json(report.matches)},
                   {"sat_conflicts", report.sat_conflicts},
                   {"samples_tried", report.samples_tried},
                   {"seconds", report.seconds_read + report.seconds_prove + report.seconds_search},
                   {"seconds_read", report.seconds_read},
                   {"seconds_prove", report.seconds_prove},
                   {"seconds_search", report.seconds_search},
                   {"fault_count", report.fault_count},
                   {"faults", io::Json::array()},
                   {"counter_example", nullptr}};
  for (const Fault& fault : report.faults) {
    json["faults"].push_back({{"kind", kind_text(fault.kind)},
                              {"place", fault.place},
                              {"net", fault.net},
                              {"expected", fault.expected},
                              {"found", fault.found}});
  }
  if (const auto& example = report.counter_example) {
    json["counter_example"] = {{"output", example->output}, {"expected", example->expected}, {"found", example->found},
                               {"how", example->how},       {"features", example->features}, {"after", example->after},
                               {"bits", example->bits}};
  }
  return json;
}

}  // namespace lutgen::prove
