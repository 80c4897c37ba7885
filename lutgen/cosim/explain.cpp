// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/explain.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "lutgen/cosim/golden.hpp"
#include "lutgen/cosim/layer_fault.hpp"
#include "lutgen/cosim/replay.hpp"
#include "lutgen/cosim/simulator.hpp"
#include "lutgen/eval/accuracy.hpp"

namespace lutgen::cosim {
namespace {

using verilog::LayerProbes;
using verilog::Manifest;
using verilog::Probe;

/// Samples sent before and after the one in question, so that a value that comes a cycle early or
/// late is one of another sample.
constexpr std::size_t kNeighbours = 2;

/// A replay and what it is compared with.
struct Replay {
  const CosimJob& job;
  const Manifest& manifest;
  const std::vector<LayerProbes>& layers;
  ProbePlan plan;
  std::size_t first = 0;
  std::size_t samples = 0;
  sim::Stimulus stimulus;
  ProbeRows rows;

  /// The row of a sample's cycle plus `stage`.
  [[nodiscard]] std::size_t row(std::size_t sample, std::uint32_t stage) const {
    return (sample - first) * manifest.interval_cycles + stage;
  }
};

Result<void> check_probes(const Manifest& manifest, const std::vector<LayerProbes>& layers,
                          const model::Model& model, const std::string& place) {
  for (const LayerProbes& layer : layers)
    for (const Probe& probe : layer.probes) {
      const bool fits = layer.layer < model.layers.size() &&
                        probe.index < model.layers[layer.layer].output_count &&
                        probe.nets.size() <= 62 &&
                        std::all_of(probe.stages.begin(), probe.stages.end(), [&](auto stage) {
                          return stage <= manifest.latency_cycles;
                        });
      if (!fits)
        return fail(Code::cosim_design_mismatch, place,
                    fmt::format("expected a probe of a value of this network, found layer {}, "
                                "index {}",
                                layer.layer, probe.index),
                    "the folder holds a design of another model or version; run `lutgen emit` "
                    "again");
    }
  return {};
}

Result<Replay> record(const CosimJob& job, const Manifest& manifest,
                      const std::vector<LayerProbes>& layers, const std::filesystem::path& work,
                      std::size_t sample, std::size_t sample_count) {
  Replay replay{.job = job, .manifest = manifest, .layers = layers,
                .plan = ProbePlan(manifest, layers), .stimulus = {}, .rows = {}};
  replay.first = sample - std::min(sample, kNeighbours);
  replay.samples = std::min(sample_count, sample + kNeighbours + 1) - replay.first;
  CosimOptions options = job.options;
  options.progress = nullptr;
  replay.stimulus =
      make_stimulus(manifest, job.model, job.dataset, replay.first, replay.samples, options);
  LUTGEN_TRY(const Simulator simulator,
             build_simulator({.design = job.design, .manifest = manifest, .work = work,
                              .probes = replay.plan.expressions(), .trace = TraceFormat::none,
                              .threads = job.options.threads,
                              .large_design_cells = job.options.large_design_cells,
                              .progress = job.options.progress}));
  LUTGEN_TRY(const std::string bytes,
             run_simulator(simulator, replay.stimulus, {"--replay"}, job.options.progress));
  LUTGEN_TRY(replay.rows, parse_probe_rows(bytes, simulator.folder.string()));
  return replay;
}

std::int64_t read_probe(const Replay& replay, std::size_t layer, std::size_t index,
                        std::size_t sample) {
  const Probe& probe = replay.layers[layer].probes[index];
  const std::size_t bit = replay.plan.first_bit(layer, index);
  std::int64_t value = 0;
  for (std::size_t i = 0; i < probe.nets.size(); ++i)
    if (replay.rows.at(replay.row(sample, probe.stages[i]), bit + i))
      value |= std::int64_t{1} << i;
  return value;
}

/// Whether all output ports were right for a sample of the replay.
bool outputs_agree(const Replay& replay, std::size_t sample) {
  const std::size_t words = sim::sample_words(replay.stimulus.outputs);
  const std::uint32_t* expected =
      replay.stimulus.output_words.data() + (sample - replay.first) * words;
  const std::size_t row = replay.row(sample, replay.manifest.latency_cycles);
  std::size_t bit = replay.plan.output_bit();
  for (const sim::Field& field : replay.stimulus.outputs) {
    for (std::uint32_t i = 0; i < field.width_bits; ++i)
      if (replay.rows.at(row, bit++) != sim::bit_at(expected, i)) return false;
    expected += sim::words_for(field.width_bits);
  }
  return true;
}

/// The first wrong layer of one sample of the replay.
std::optional<LayerFault> find_layer_fault(const Replay& replay, std::size_t sample) {
  return cosim::find_layer_fault(replay.job.model, eval::sample_features(replay.job.dataset, sample), replay.layers,
                                 [&](std::size_t layer, std::size_t probe) -> std::optional<std::int64_t> {
                                   return read_probe(replay, layer, probe, sample);
                                 });
}

/// Looks at the sample itself first, then at its neighbours.
void search(const Replay& replay, std::size_t sample, Mismatch& mismatch) {
  std::vector<std::size_t> order = {sample};
  for (std::size_t s = replay.first; s < replay.first + replay.samples; ++s)
    if (s != sample) order.push_back(s);
  for (const std::size_t s : order) {
    mismatch.layer = find_layer_fault(replay, s);
    if (mismatch.layer) {
      mismatch.layer->sample = s;
      mismatch.origin = Origin::layer;
      return;
    }
  }
  const bool right = std::all_of(order.begin(), order.end(),
                                 [&](std::size_t s) { return outputs_agree(replay, s); });
  mismatch.origin = right ? Origin::not_repeated : Origin::after_last_probe;
}

Result<void> try_explain(const CosimJob& job, const Manifest& manifest,
                         const std::filesystem::path& work, Mismatch& mismatch) {
  LUTGEN_TRY(std::vector<LayerProbes> layers, verilog::read_probes(job.design));
  LUTGEN_TRY_VOID(check_probes(manifest, layers, job.model, job.design.string()));
  std::stable_sort(layers.begin(), layers.end(), [](const auto& a, const auto& b) {
    return a.layer < b.layer;
  });
  const std::size_t limit = job.options.limit;
  const std::size_t all = job.dataset.sample_count();
  LUTGEN_TRY(const Replay replay,
             record(job, manifest, layers, work, mismatch.output->sample,
                    limit == 0 ? all : std::min(all, limit)));
  search(replay, mismatch.output->sample, mismatch);
  return {};
}

}  // namespace

void explain(const CosimJob& job, const Manifest& manifest, const std::filesystem::path& work,
             Mismatch& mismatch) {
  LUTGEN_CHECK(mismatch.output.has_value());
  if (const auto done = try_explain(job, manifest, work, mismatch); !done) {
    mismatch.origin = Origin::not_searched;
    mismatch.reason = fmt::format("{} ({})", done.error().message, done.error().place);
  }
}

}  // namespace lutgen::cosim
