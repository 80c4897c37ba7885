// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/io/json.hpp"

namespace lutgen::prove {

/// What a fault is about.
enum class FaultKind : std::uint8_t { port, registers, value, sum, comparison, match, output };

/// Something that does not hold in the netlist.
///
/// place     layer and neuron, group or match in the model's terms; or the port
/// net       the net of the Verilog file
/// expected, found  one phrase each
struct Fault {
  FaultKind kind = FaultKind::value;
  std::string place;
  std::string net;
  std::string expected;
  std::string found;
};

/// How the question was decided.
///
/// proven       every output equals the model's, for every input and in every cycle
/// proven_sat   the same, although faults were found: what is wrong is never seen at an output (a don't-care)
/// different    there is a counter-example
/// not_proven   neither was shown within the limits
enum class Verdict : std::uint8_t { proven, proven_sat, different, not_proven };

/// "proven", "proven_sat", "different", "not_proven". Static storage.
[[nodiscard]] const char* verdict_name(Verdict verdict);

/// How many claims of one kind there were and how they were shown.
///
/// structure   the cells are the specification, gate by gate
/// exhaustive  all values of the nets in front were tried
/// sat         by SAT, on these nets or on all inputs
/// failed      not shown
struct ClaimCounts {
  std::uint64_t structure = 0;
  std::uint64_t exhaustive = 0;
  std::uint64_t sat = 0;
  std::uint64_t failed = 0;

  [[nodiscard]] std::uint64_t total() const { return structure + exhaustive + sat + failed; }
};

/// An input on which the netlist differs from the model.
///
/// features   [samples][features]: sent one a cycle; the last but `after` is the one whose result is wrong. One
///            sample is enough where registers are right. Empty where no features give `bits`
/// bits       the input port for that sample, bit 0 first
/// after      samples behind it
/// output     port and element of the first wrong output, for example `scores[3]`
/// expected, found  its value by the model and in the simulated netlist
/// how        how it was found: drawn samples, or SAT
struct CounterExample {
  std::vector<std::vector<double>> features;
  std::vector<std::uint8_t> bits;
  std::size_t after = 0;
  std::string output;
  std::int64_t expected = 0;
  std::int64_t found = 0;
  std::string how;
};

/// What a proof came to.
///
/// faults        the first ones found, at most kMaxFaults; fault_count: all
/// values, sums, comparisons, matches  claims by kind
/// numbers       sums of the model found to be composed of counters, each proven
/// registers     flops whose stage was checked; valid_registers: those of the valid chain
/// latency_cycles, cells, nets  of the netlist read
/// sat_conflicts of all SAT calls
/// seconds_read, seconds_prove, seconds_search  Yosys and reading; the proof; the search for a counter-example
struct ProveReport {
  Verdict verdict = Verdict::not_proven;
  std::vector<Fault> faults;
  std::uint64_t fault_count = 0;
  std::optional<CounterExample> counter_example;
  std::string reason;  // one sentence where not_proven
  std::string family;
  ClaimCounts values;
  ClaimCounts sums;
  ClaimCounts comparisons;
  ClaimCounts matches;
  std::uint64_t numbers = 0;
  std::uint64_t registers = 0;
  std::uint64_t valid_registers = 0;
  std::uint32_t latency_cycles = 0;
  std::uint64_t cells = 0;
  std::uint64_t samples_tried = 0;
  std::uint64_t sat_conflicts = 0;
  double seconds_read = 0;
  double seconds_prove = 0;
  double seconds_search = 0;

  [[nodiscard]] bool passed() const { return verdict == Verdict::proven || verdict == Verdict::proven_sat; }
};

/// Faults kept in a report.
inline constexpr std::size_t kMaxFaults = 16;

/// Several lines for a person, each with a line feed.
[[nodiscard]] std::string to_text(const ProveReport& report);

/// The same as fields.
[[nodiscard]] io::Json to_json(const ProveReport& report);

}  // namespace lutgen::prove
