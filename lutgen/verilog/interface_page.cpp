// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/interface_page.hpp"

#include <fmt/core.h>

#include "lutgen/verilog/names.hpp"

namespace lutgen::verilog {
namespace {

std::string range_text(const Port& port) {
  const std::uint64_t width = std::uint64_t{port.elements} * port.bits_per_element;
  const bool scalar = port.role == PortRole::clock || port.role == PortRole::reset ||
                      port.role == PortRole::in_valid || port.role == PortRole::out_valid;
  return scalar ? "" : fmt::format("[{}:0]", width - 1);
}

std::string meaning(const model::Model& model, const Manifest& manifest, const Port& port) {
  switch (port.role) {
    case PortRole::clock: return manifest.latency_cycles == 0 ? "not used: the design is combinational" : "rising edge";
    case PortRole::reset:
      return manifest.latency_cycles == 0 ? "not used: the design is combinational"
                                          : "synchronous, active high; clears the valid chain, not the data";
    case PortRole::in_valid: return "1 while `features` holds a sample";
    case PortRole::features:
      return manifest.input_is_bits
                 ? fmt::format("{} encoded bits; bit j is output j of the thermometer layer", port.elements)
                 : fmt::format("{} features of {} bit{}, {}", port.elements, port.bits_per_element,
                               port.bits_per_element == 1 ? "" : "s", port.is_signed ? "two's complement" : "unsigned");
    case PortRole::out_valid: return "1 while the outputs hold the result of a sample";
    case PortRole::class_index: return fmt::format("index of the largest score, 0 to {}", model.class_count() - 1);
    case PortRole::scores: return fmt::format("{} scores of {} bits, unsigned", port.elements, port.bits_per_element);
    case PortRole::bits: return fmt::format("{} output bits of the last layer", port.elements);
  }
  return "";
}

std::string packing(const model::Model& model, const Manifest& manifest) {
  const Port& features = *manifest.find_port(PortRole::features);
  const std::uint32_t width = features.bits_per_element;
  std::string text = "## Inputs\n\n";
  if (manifest.input_is_bits) {
    return text +
           "The encoder is not part of this design: the host (or logic in front) compares the features with their "
           "thresholds. Bit `features[f*T + t]` is 1 when feature `f` is greater than its threshold `t`, "
           "with `T` thresholds a feature.\n\n";
  }
  text += fmt::format(
      "Feature `f` is `features[{0}*f + {1} : {0}*f]`, least significant bit lowest. A sample has the shape [", width,
      width - 1);
  for (std::size_t i = 0; i < model.input.shape.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", model.input.shape[i]);
  }
  text += "] in C order (the last index runs fastest)";
  if (model.input.shape.size() == 2) {
    text += fmt::format(": row `r`, column `c` is feature `{}*r + c`", model.input.shape[1]);
  }
  return text + ".\n\n";
}

std::string outputs(const model::Model& model, const Manifest& manifest) {
  std::string text = "## Outputs\n\n";
  if (manifest.find_port(PortRole::class_index) != nullptr) {
    text += fmt::format(
        "`{}` is the number of the class with the largest score. When several classes share the largest score, the "
        "lowest number wins. (The port is not called `class`: that is a reserved word of SystemVerilog.)\n\n",
        kClassPort);
  }
  if (const Port* scores = manifest.find_port(PortRole::scores)) {
    text += fmt::format("The score of class `c`, 0 to {2}, is `{0}[{1}*c + {3} : {1}*c]`.\n\n", kScoresPort,
                        scores->bits_per_element, model.class_count() - 1, scores->bits_per_element - 1);
  }
  if (manifest.find_port(PortRole::bits) != nullptr) {
    text += fmt::format("`{}[n]` is output `n` of the last layer.\n\n", kBitsPort);
  }
  return text;
}

std::string timing(const Manifest& manifest) {
  if (manifest.latency_cycles == 0) {
    return "## Timing\n\nThere are no registers: the outputs follow the inputs, `out_valid` follows `in_valid`. Put "
           "registers around the block, or emit with `--pipeline auto`.\n\n";
  }
  return fmt::format(
      "## Timing\n\nA new sample can be taken every {1}; nothing ever stalls, so there is no ready signal. "
      "A sample that is present with `in_valid` = 1 at one rising edge has its result, with `out_valid` = 1, after {0} "
      "rising edge{2} counting that one: latency {0} cycle{2}. The inputs are not registered inside: the first "
      "logic levels stand before the first register, so drive them from flip-flops. `rst` empties the pipeline: "
      "samples on their way are dropped. The data registers have no reset; ignore the outputs while `out_valid` "
      "is 0.\n\n",
      manifest.latency_cycles,
      manifest.interval_cycles == 1 ? "clock cycle" : fmt::format("{} clock cycles", manifest.interval_cycles),
      manifest.latency_cycles == 1 ? "" : "s");
}

std::string instantiation(const Manifest& manifest) {
  std::string text = "## To copy\n\n```verilog\n";
  text += fmt::format("{} {}_inst (\n", manifest.top, manifest.top);
  for (std::size_t i = 0; i < manifest.ports.size(); ++i) {
    text += fmt::format("    .{0}({0}){1}\n", manifest.ports[i].name, i + 1 < manifest.ports.size() ? "," : "");
  }
  return text + ");\n```\n\n";
}

std::string cells(const Manifest& manifest) {
  std::string text = "## Cells\n\n| part | cells |\n|---|---|\n";
  const auto row = [&](const std::string& label, const auto& counts) {
    text += fmt::format("| {} |", label);
    for (const auto& [name, count] : counts) text += fmt::format(" {} {}", count, name);
    text += " |\n";
  };
  for (const auto& [label, counts] : manifest.sections) row(label, counts);
  row("all", manifest.cells);
  return text + "\nWires are called `l<layer>_n<neuron>_y` (tables), `l<layer>_f<feature>_t<threshold>_y` (encoder), "
                "`l<layer>_g<group>_s<bit>` (scores); `_d<k>` is the same value `k` registers later. `probes.json` "
                "lists them with their pipeline stage.\n";
}

}  // namespace

std::string interface_page(const model::Model& model, const Manifest& manifest) {
  std::string text = fmt::format("# {}\n\nThe network `{}` for family {}, made by {} from the model with SHA-256 `{}`.\n\n",
                                 manifest.top, manifest.model_name, manifest.family, manifest.generator,
                                 manifest.model_sha256);
  text += "## Ports\n\n| port | direction | bits | meaning |\n|---|---|---|---|\n";
  for (const Port& port : manifest.ports) {
    text += fmt::format("| `{}` | {} | `{}` | {} |\n", port.name, port.is_input ? "input" : "output",
                        range_text(port).empty() ? "1" : range_text(port), meaning(model, manifest, port));
  }
  text += "\n" + packing(model, manifest) + outputs(model, manifest) + timing(manifest) + instantiation(manifest) +
          cells(manifest);
  return text;
}

}  // namespace lutgen::verilog
