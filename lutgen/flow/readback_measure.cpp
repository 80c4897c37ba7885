// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <chrono>
#include <tuple>
#include <unordered_map>

#include <fmt/core.h>

#include "lutgen/cosim/golden.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/flow/readback.hpp"
#include "lutgen/flow/readback_probes.hpp"
#include "lutgen/flow/routed_simulator.hpp"

namespace lutgen::flow {
namespace {

using verilog::Manifest;
using verilog::Port;
using verilog::PortRole;

/// Independent runs at most: more cost more than they share.
constexpr std::size_t kMaxWords = 16;

/// What nextpnr-ice40 adds to the name of a flop without a LUT.
constexpr std::string_view kIce40Flop = "_DFFLC";

/// After this many samples in consecutive cycles comes a cycle without one.
constexpr std::size_t kBurst = 3;

std::uint64_t width_of(const Port& port) { return std::uint64_t{port.elements} * port.bits_per_element; }

/// The parts of the harness in the routed netlist, as `print_scan_harness` names them.
struct Harness {
  RoutedNet pin = RoutedNet::zero;
  std::vector<RoutedNet> chain;    // flop i; the last two are in_valid and rst
  std::vector<RoutedNet> results;  // output bit i, in the order of the manifest's ports
};

Result<Harness> find_harness(const RoutedNetlist& netlist, const Manifest& manifest, const std::string& place) {
  // nextpnr-ice40 adds _DFFLC to the name of a flop, or gives it that of the LUT before it; then its net tells.
  std::unordered_map<std::string_view, RoutedNet> flops;
  for (const RoutedFlop& flop : netlist.flops) {
    std::string_view name = netlist.cells[flop.cell];
    if (name.ends_with(kIce40Flop)) name.remove_suffix(kIce40Flop.size());
    flops.emplace(name, flop.output);
    flops.emplace(netlist.net_names[index_of(flop.output)], flop.output);
  }
  std::uint64_t outputs = 0;
  for (const Port& port : manifest.ports) outputs += port.is_input ? 0 : width_of(port);
  const std::uint64_t inputs = width_of(*manifest.find_port(PortRole::features)) + 2;
  Harness harness;
  const auto missing = [&](std::string_view kind, const std::string& name) {
    return fail(Code::readback_harness, place,
                fmt::format("expected the {} {} of a measuring build of {}, found none of that name", kind, name, manifest.top),
                "was the file routed from this model, with the same --pipeline and --input?");
  };
  const RoutedPort* pin = netlist.find_port("scan_pin");
  if (pin == nullptr || pin->nets.size() != 1) return missing("pin", "scan_pin");
  harness.pin = pin->nets[0];
  for (const auto& [kind, wires, count] :
       {std::tuple("chain", "chain", inputs), std::tuple("result", "unused_result", outputs)}) {
    std::vector<RoutedNet>& nets = kind == std::string_view("chain") ? harness.chain : harness.results;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string name = fmt::format("{}_{}_ff", kind, i);
      auto found = flops.find(name);
      if (found == flops.end()) found = flops.find(fmt::format("{}[{}]", wires, i));
      if (found == flops.end()) return missing("flop", name);
      nets.push_back(found->second);
    }
  }
  return harness;
}

/// Everything that both simulations share.
struct Job {
  const RoutedNetlist& netlist;
  const Harness& harness;
  const Manifest& manifest;
  const data::Dataset& dataset;
  const sim::Stimulus& stimulus;
  std::size_t words = 1;

  [[nodiscard]] std::size_t runs() const { return 64 * words; }
  [[nodiscard]] bool input(std::size_t sample, std::size_t bit) const {
    return sim::bit_at(stimulus.input_words.data() + sample * sim::sample_words(stimulus.inputs), bit);
  }
};

/// What was found so far.
struct Findings {
  std::vector<std::uint8_t> is_bad;  // [samples]
  std::uint64_t valid_errors = 0;
  std::uint64_t cycles = 0;
  std::optional<cosim::OutputFault> output;
  std::optional<cosim::ValidFault> valid;
  std::string broken_chain;
};

/// One bit of 64 * words samples from `first` on, run r being sample first + r; 0 beyond the last sample.
class Lanes {
 public:
  explicit Lanes(const Job& job) : job_(job), words_(job.words) {}

  std::span<const std::uint64_t> features(std::size_t first, std::size_t bit) {
    return fill(first, [&](std::size_t sample) { return job_.input(sample, bit); });
  }
  std::span<const std::uint64_t> present(std::size_t first) {
    return fill(first, [](std::size_t) { return true; });
  }
  template <class Bit>
  std::span<const std::uint64_t> fill(std::size_t first, Bit&& bit) {
    std::fill(words_.begin(), words_.end(), 0);
    const std::size_t last = std::min<std::size_t>(first + job_.runs(), job_.stimulus.samples);
    for (std::size_t s = first; s < last; ++s) {
      if (bit(s)) words_[(s - first) / 64] |= std::uint64_t{1} << ((s - first) % 64);
    }
    return words_;
  }

 private:
  const Job& job_;
  std::vector<std::uint64_t> words_;
};

/// Compares the flops behind the outputs with what is expected for the samples from `first` on.
void compare_outputs(const Job& job, const RoutedSimulator& simulator, std::size_t first, Findings& findings) {
  Lanes lanes(job);
  std::size_t result = 0;
  std::size_t field = 0;  // word of the expected values
  const std::size_t stride = sim::sample_words(job.stimulus.outputs);
  for (const Port& port : job.manifest.ports) {
    if (port.is_input) continue;
    const std::size_t width = width_of(port);
    const std::size_t base = result;
    result += width;
    if (port.role == PortRole::out_valid) continue;
    const auto expected_words = [&](std::size_t sample) { return job.stimulus.output_words.data() + sample * stride + field; };
    for (std::size_t bit = 0; bit < width; ++bit) {
      const auto found = simulator.values(job.harness.results[base + bit]);
      const auto wanted = lanes.fill(first, [&](std::size_t s) { return sim::bit_at(expected_words(s), bit); });
      for (std::size_t w = 0; w < job.words; ++w) {
        for (std::uint64_t rest = found[w] ^ wanted[w]; rest != 0; rest &= rest - 1) {
          const std::size_t run = 64 * w + static_cast<std::size_t>(std::countr_zero(rest));
          const std::size_t sample = first + run;
          if (sample >= job.stimulus.samples) break;
          findings.is_bad[sample] = 1;
          if (findings.output && findings.output->sample <= sample) continue;
          cosim::OutputFault fault{sample, job.dataset.labels[sample], findings.cycles, port.name,
                                   static_cast<std::uint32_t>(bit / port.bits_per_element), 0, 0};
          for (std::size_t i = 0; i < port.bits_per_element; ++i) {
            const std::size_t at = fault.element * port.bits_per_element + i;
            fault.expected |= std::uint64_t{sim::bit_at(expected_words(sample), at)} << i;
            fault.found |= std::uint64_t{simulator.value(job.harness.results[base + at], run)} << i;
          }
          findings.output = std::move(fault);
        }
      }
    }
    field += sim::words_for(width);
  }
}

/// Shifts the first samples through the whole chain, one a run, and compares what comes out.
void shift_through(const Job& job, Findings& findings) {
  RoutedSimulator simulator(job.netlist, job.words);
  Lanes lanes(job);
  const std::size_t features = job.harness.chain.size() - 2;
  const auto wanted = [&](std::size_t flop) {
    if (flop < features) return lanes.features(0, flop);
    return lanes.fill(0, [&](std::size_t) { return flop == features; });  // in_valid, not rst
  };
  for (std::size_t flop = job.harness.chain.size(); flop-- > 0;) {
    simulator.set(job.harness.pin, wanted(flop));
    simulator.clock_edge();
  }
  for (std::size_t flop = 0; flop < job.harness.chain.size(); ++flop) {
    const auto found = simulator.values(job.harness.chain[flop]);
    const auto bits = wanted(flop);
    if (std::ranges::equal(found, bits)) continue;
    if (findings.broken_chain.empty()) {
      findings.broken_chain = fmt::format("flop chain_{}_ff does not hold what was shifted into the chain", flop);
    }
    for (std::size_t s = 0; s < std::min<std::size_t>(job.runs(), job.stimulus.samples); ++s) {
      findings.is_bad[s] |= static_cast<std::uint8_t>(((found[s / 64] ^ bits[s / 64]) >> (s % 64)) & 1);
    }
  }
  simulator.set(job.harness.pin, false);
  for (std::uint32_t i = 0; i <= job.manifest.latency_cycles; ++i) simulator.clock_edge();
  findings.cycles += simulator.edges();
  compare_outputs(job, simulator, 0, findings);
}

/// A cycle of the second simulation: reset, a group of samples, or neither.
struct Slot {
  bool is_reset = false;
  std::optional<std::size_t> first;  // sample of run 0
};

/// Sends all samples through the core in consecutive cycles, with gaps, by setting the chain.
class Stream {
 public:
  Stream(const Job& job, Findings& findings) : job_(job), findings_(findings), simulator_(job.netlist, job.words) {
    std::size_t result = 0;
    for (const Port& port : job.manifest.ports) {
      if (port.role == PortRole::out_valid) valid_ = job.harness.results[result];
      result += port.is_input ? 0 : width_of(port);
    }
  }

  void run() {
    const std::uint32_t latency = job_.manifest.latency_cycles;
    std::vector<Slot> slots(latency + 1, Slot{.is_reset = true, .first = {}});
    for (std::size_t first = 0; first < job_.stimulus.samples; first += job_.runs()) {
      slots.push_back({.is_reset = false, .first = first});
      if (slots.size() % (kBurst + 1) == 0) slots.push_back({});
    }
    slots.resize(slots.size() + latency + 1);
    for (std::size_t t = 0; t < slots.size(); ++t) {
      drive(slots[t]);
      simulator_.clock_edge();
      ++findings_.cycles;
      // The flops behind the outputs took what the core showed before this edge: the slot `latency` cycles ago.
      if (t >= 2 * std::size_t{latency} + 1) check(slots[t - latency]);
    }
  }

 private:
  void drive(const Slot& slot) {
    const std::size_t features = job_.harness.chain.size() - 2;
    // Without a sample the features are those of the last one, inverted: nothing of them may come out.
    for (std::size_t i = 0; i < features; ++i) {
      if (slot.first) {
        simulator_.set(job_.harness.chain[i], lanes_.features(*slot.first, i));
      } else {
        simulator_.set(job_.harness.chain[i], i % 2 == 0);
      }
    }
    if (slot.first) {
      simulator_.set(job_.harness.chain[features], lanes_.present(*slot.first));
    } else {
      simulator_.set(job_.harness.chain[features], slot.is_reset);
    }
    simulator_.set(job_.harness.chain[features + 1], slot.is_reset);
  }

  void check(const Slot& slot) {
    if (valid_) {
      const auto expected = lanes_.fill(slot.first.value_or(0), [&](std::size_t) { return slot.first.has_value(); });
      const auto found = simulator_.values(*valid_);
      if (!std::ranges::equal(found, expected)) {
        ++findings_.valid_errors;
        if (!findings_.valid) {
          findings_.valid = cosim::ValidFault{findings_.cycles, slot.first.has_value(), slot.first, 0};
        }
        findings_.valid->cycles = findings_.valid_errors;
      }
    }
    if (slot.first) compare_outputs(job_, simulator_, *slot.first, findings_);
  }

  const Job& job_;
  Findings& findings_;
  RoutedSimulator simulator_;
  Lanes lanes_{job_};
  std::optional<RoutedNet> valid_;
};

/// Holds one sample in the chain until every register has its value, then reads the nets of the probes.
void find_origin(const Job& job, const model::Model& model, const verilog::Design& design, cosim::Mismatch& mismatch) {
  RoutedSimulator simulator(job.netlist, 1);
  const std::size_t sample = mismatch.output->sample;
  const std::size_t features = job.harness.chain.size() - 2;
  const auto hold = [&] {
    for (std::size_t i = 0; i < features; ++i) simulator.set(job.harness.chain[i], job.input(sample, i));
    simulator.set(job.harness.chain[features], true);
    simulator.set(job.harness.chain[features + 1], false);
    simulator.settle();
  };
  hold();
  for (std::uint32_t i = 0; i <= job.manifest.latency_cycles; ++i) {
    simulator.clock_edge();
    hold();
  }
  explain_by_layers(model, design, eval::sample_features(job.dataset, sample), CoreNets(job.netlist, job.manifest, {"chain"}),
                    [&](RoutedNet net) { return simulator.value(net, 0); }, mismatch);
}

cosim::Mismatch explain(const Job& job, const model::Model& model, const verilog::Design& design,
                        const Findings& findings) {
  cosim::Mismatch mismatch;
  mismatch.output = findings.output;
  mismatch.valid = findings.valid;
  mismatch.latency_stated = job.manifest.latency_cycles;
  mismatch.latency_found = job.manifest.latency_cycles;
  mismatch.origin = cosim::Origin::valid_path;
  if (!findings.broken_chain.empty()) {
    mismatch.origin = cosim::Origin::not_searched;
    mismatch.reason = findings.broken_chain;
    return mismatch;
  }
  if (!findings.output) return mismatch;
  find_origin(job, model, design, mismatch);
  return mismatch;
}

}  // namespace

Result<ReadbackReport> read_back_measure(const ReadbackSource& source, const model::Model& model,
                                         const verilog::Design& design, const data::Dataset& dataset,
                                         const ReadbackOptions& options) {
  const Manifest& manifest = design.manifest;
  LUTGEN_CHECK(manifest.interval_cycles == 1);
  LUTGEN_TRY_VOID(eval::check_fit(model, dataset));
  LUTGEN_TRY_VOID(cosim::check_design(manifest, model, {}, manifest.top));
  LUTGEN_TRY(const RoutedNetlist netlist, read_source(source));
  LUTGEN_TRY(const Harness harness, find_harness(netlist, manifest, source.netlist.string()));
  const std::size_t all = dataset.sample_count();
  const std::size_t samples = options.limit == 0 ? all : std::min(all, options.limit);
  cosim::CosimOptions golden;
  golden.threads = options.threads;
  golden.progress = options.progress;
  const sim::Stimulus stimulus = cosim::make_stimulus(manifest, model, dataset, 0, samples, golden);
  const Job job{netlist, harness, manifest, dataset, stimulus, std::clamp<std::size_t>((samples + 63) / 64, 1, kMaxWords)};
  if (options.progress != nullptr) options.progress->update("read-back", 0, 1);
  Findings findings;
  findings.is_bad.resize(samples);
  const auto start = std::chrono::steady_clock::now();
  shift_through(job, findings);
  Stream(job, findings).run();
  ReadbackReport report;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.source = describe(source);
  report.samples = samples;
  report.mismatches = static_cast<std::uint64_t>(std::count(findings.is_bad.begin(), findings.is_bad.end(), 1));
  report.valid_errors = findings.valid_errors;
  report.shifted = std::min<std::uint64_t>(samples, job.runs());
  report.cycles = findings.cycles;
  report.runs = job.runs();
  if (!report.passed()) report.mismatch = explain(job, model, design, findings);
  if (options.progress != nullptr) options.progress->update("read-back", 1, 1);
  return report;
}

}  // namespace lutgen::flow
