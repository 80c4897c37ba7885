// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/emit.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/verilog/interface_page.hpp"
#include "lutgen/verilog/names.hpp"
#include "lutgen/verilog/print.hpp"

namespace lutgen::verilog {
namespace {

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

Counts named_counts(const netlist::CellCounts& counts) {
  Counts result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) {
      result.emplace_back(tech::cell_type(static_cast<tech::Cell>(i)).name, counts[i]);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string pipeline_text(const map::PipelineOptions& pipeline) {
  switch (pipeline.mode) {
    case map::PipelineMode::none: return "none";
    case map::PipelineMode::every_levels: return fmt::format("{}", pipeline.levels);
    case map::PipelineMode::automatic: return "auto";
  }
  return "";
}

std::string passes_text(const std::vector<optimize::Pass>& passes, bool share) {
  if (passes.empty() && !share) return "off";
  if (passes.size() == optimize::kPasses.size() && share) return "on";
  std::string text;
  for (const optimize::Pass pass : passes) text += fmt::format("{}{}", text.empty() ? "" : ",", optimize::pass_name(pass));
  return share ? fmt::format("{}{}share", text, text.empty() ? "" : ",") : text;
}

std::vector<Port> list_ports(const model::Model& model, const netlist::Netlist& net, bool input_is_bits) {
  using model::FeatureType;
  std::vector<Port> ports = {{std::string(kClockPort), PortRole::clock, true},
                             {std::string(kResetPort), PortRole::reset, true},
                             {std::string(kInValidPort), PortRole::in_valid, true}};
  const FeatureType type = model.input.type;
  const std::uint32_t width = input_is_bits ? 1 : model::bits_per_feature(type);
  const auto features = static_cast<std::uint32_t>(net.feature_bits.size() / width);
  const bool is_signed = !input_is_bits && (type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32);
  ports.push_back({std::string(kFeaturesPort), PortRole::features, true, features, width, is_signed});
  ports.push_back({std::string(kOutValidPort), PortRole::out_valid, false});
  const auto size_of = [](const auto& nets) { return static_cast<std::uint32_t>(nets.size()); };
  if (!net.class_index.empty()) {
    ports.push_back({std::string(kClassPort), PortRole::class_index, false, 1, size_of(net.class_index)});
  }
  if (!net.scores.empty()) {
    ports.push_back({std::string(kScoresPort), PortRole::scores, false, size_of(net.scores) / net.score_bits, net.score_bits});
  }
  if (!net.bits.empty()) ports.push_back({std::string(kBitsPort), PortRole::bits, false, size_of(net.bits), 1});
  return ports;
}

Manifest make_manifest(const model::Model& model, const EmitOptions& options, const netlist::Netlist& net,
                       const std::string& top) {
  Manifest manifest;
  manifest.generator = "lutgen " LUTGEN_VERSION;
  manifest.model_name = model.name;
  manifest.model_sha256 = options.model_sha256;
  manifest.family = tech::family_name(net.family());
  manifest.top = top;
  manifest.files = {top + ".v"};
  manifest.input_is_bits = options.input == logic::InputForm::bits;
  manifest.options = {{"pipeline", pipeline_text(options.map.pipeline)},
                      {"goal", std::string(map::goal_name(options.map.goal))},
                      {"input", manifest.input_is_bits ? "bits" : "features"},
                      {"scores", options.map.scores_output ? "yes" : "no"},
                      {"optimize", passes_text(options.passes, options.map.share)}};
  manifest.ports = list_ports(model, net, manifest.input_is_bits);
  manifest.latency_cycles = net.latency_cycles;
  const netlist::Statistics statistics = netlist::compute_statistics(net, model.layers.size());
  manifest.cells = named_counts(statistics.total);
  for (std::size_t l = 0; l < statistics.layers.size(); ++l) {
    manifest.sections.emplace_back(l < model.layers.size() ? model::layer_label(model, l) : "valid chain",
                                   named_counts(statistics.layers[l]));
  }
  return manifest;
}

/// How a net is named inside the module; constants as Verilog writes them.
std::string probe_text(const netlist::Netlist& net, netlist::NetId id) {
  if (id == netlist::NetId::zero) return "1'b0";
  if (id == netlist::NetId::one) return "1'b1";
  return netlist::spell(net.name(id));
}

std::vector<LayerProbes> list_probes(const map::Mapped& mapped) {
  std::vector<LayerProbes> layers;
  for (std::size_t l = 0; l < mapped.layer_values.size(); ++l) {
    LayerProbes layer{static_cast<std::uint32_t>(l), {}};
    for (const map::ValueNets& value : mapped.layer_values[l]) {
      Probe probe{value.index, {}, {}};
      for (const netlist::NetId id : value.nets) {
        probe.nets.push_back(probe_text(mapped.netlist, id));
        probe.stages.push_back(mapped.net_stage[netlist::index_of(id)]);
      }
      layer.probes.push_back(std::move(probe));
    }
    if (!layer.probes.empty()) layers.push_back(std::move(layer));
  }
  return layers;
}

std::vector<std::string> header_lines(const Manifest& manifest) {
  std::vector<std::string> lines = {
      fmt::format("Generated by {}; what it generates belongs to its user.", manifest.generator),
      fmt::format("model    {} (sha256 {})", manifest.model_name, manifest.model_sha256),
      fmt::format("family   {}", manifest.family),
      fmt::format("latency  {} cycles, a sample every {}", manifest.latency_cycles,
                  manifest.interval_cycles == 1 ? "cycle" : fmt::format("{} cycles", manifest.interval_cycles))};
  std::string options = "options ";
  for (const auto& [name, value] : manifest.options) options += fmt::format(" {}={}", name, value);
  lines.push_back(options);
  lines.emplace_back("INIT bit a is the output at address a; the first LUT input is the least significant address bit.");
  return lines;
}

}  // namespace

Result<Design> build_design(const model::Model& model, const EmitOptions& options) {
  const std::string top = options.top.empty() ? legalize_module_name(model.name) : options.top;
  LUTGEN_TRY_VOID(check_module_name(top));
  LUTGEN_TRY(logic::Lowered lowered, logic::lower(model, {.input = options.input, .place = options.place}));
  optimize::Optimized optimized =
      optimize::optimize(std::move(lowered), optimize::options_for(options.map.family, options.passes));
  map::Mapped mapped = map::map_to_netlist(optimized.lowered, options.map);
  Manifest manifest = make_manifest(model, options, mapped.netlist, top);
  PrintOptions print{.top = top, .header = header_lines(manifest), .layer_labels = {}};
  for (std::size_t l = 0; l < model.layers.size(); ++l) print.layer_labels.push_back(model::layer_label(model, l));
  std::string verilog = print_module(mapped.netlist, print);
  std::string probes = probes_json(list_probes(mapped));
  std::string page = interface_page(model, manifest);
  return Design{std::move(optimized), std::move(mapped), std::move(manifest), std::move(verilog), std::move(probes), std::move(page)};
}

Result<void> write_design(const Design& design, const std::filesystem::path& folder) {
  base::FileSet files(folder);
  files.add(design.manifest.top + ".v", design.verilog);
  files.add("probes.json", design.probes);
  files.add("INTERFACE.md", design.interface_page);
  files.add("manifest.json", manifest_json(design.manifest));
  return files.commit();
}

}  // namespace lutgen::verilog
