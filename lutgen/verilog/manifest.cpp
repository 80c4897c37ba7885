// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/manifest.hpp"

#include <array>
#include <optional>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::verilog {
namespace {

using io::Json;

constexpr std::array<std::string_view, 8> kRoles = {"clock",     "reset",       "in_valid", "features",
                                                    "out_valid", "class_index", "scores",   "bits"};

tl::unexpected<Diagnostic> invalid(const std::string& place, std::string message) {
  return fail(Code::manifest_invalid, place, std::move(message),
              "the file belongs to `lutgen emit`; run it again to make a new one");
}

Json counts_json(const std::vector<std::pair<std::string, std::uint64_t>>& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> read_counts(const Json& object,
                                                                       const std::string& place) {
  std::vector<std::pair<std::string, std::uint64_t>> counts;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_number_unsigned()) return invalid(place, fmt::format("expected a count for '{}'", name));
    counts.emplace_back(name, value.get<std::uint64_t>());
  }
  return counts;
}

Result<Port> read_port(const Json& object, const std::string& place) {
  Port port;
  LUTGEN_TRY(port.name, io::get_string(object, "name", place));
  LUTGEN_TRY(const std::string role, io::get_string(object, "role", place));
  const auto found = std::find(kRoles.begin(), kRoles.end(), role);
  if (found == kRoles.end()) return invalid(place, fmt::format("expected a port role, found '{}'", role));
  port.role = static_cast<PortRole>(found - kRoles.begin());
  LUTGEN_TRY(const std::string direction, io::get_string(object, "direction", place));
  port.is_input = direction == "input";
  LUTGEN_TRY(const auto elements, io::get_unsigned(object, "elements", place, 1u << 31));
  LUTGEN_TRY(const auto bits, io::get_unsigned(object, "bits_per_element", place, 64));
  LUTGEN_TRY(port.is_signed, io::get_boolean(object, "signed", place));
  LUTGEN_TRY(const auto width, io::get_unsigned(object, "width", place, std::uint64_t{1} << 37));
  port.elements = static_cast<std::uint32_t>(elements);
  port.bits_per_element = static_cast<std::uint32_t>(bits);
  if (elements == 0 || bits == 0 || width != elements * bits) {
    return invalid(place, fmt::format("expected width = elements * bits_per_element, found {} and {} * {}",
                                      width, elements, bits));
  }
  return port;
}

Result<Probe> read_probe(const Json& object, const std::string& place) {
  Probe probe;
  LUTGEN_TRY(const auto index, io::get_unsigned(object, "index", place, UINT32_MAX));
  probe.index = static_cast<std::uint32_t>(index);
  LUTGEN_TRY(const Json* nets, io::get_array(object, "nets", place));
  for (const Json& net : *nets) {
    if (!net.is_string()) return invalid(place, "expected a list of net names");
    probe.nets.push_back(net.get<std::string>());
  }
  LUTGEN_TRY(const Json* stages, io::get_array(object, "stages", place));
  LUTGEN_TRY(const auto numbers, io::unsigned_elements(*stages, place, UINT16_MAX));
  probe.stages.assign(numbers.begin(), numbers.end());
  if (probe.stages.size() != probe.nets.size()) return invalid(place, "expected a stage for every net");
  return probe;
}

Result<Json> parse_versioned(std::string_view text, const std::string& place) {
  LUTGEN_TRY(Json json, io::parse_json(text, place));
  LUTGEN_TRY(const auto format, io::get_unsigned(json, "format", place));
  if (format != kManifestFormat) {
    return invalid(place, fmt::format("expected format {}, found {}", kManifestFormat, format));
  }
  return json;
}

Result<void> read_lists(const Json& json, const std::string& place, Manifest& manifest) {
  LUTGEN_TRY(const Json* files, io::get_array(json, "files", place));
  for (const Json& file : *files) {
    if (!file.is_string()) return invalid(place, "expected a list of file names in 'files'");
    manifest.files.push_back(file.get<std::string>());
  }
  LUTGEN_TRY(const Json* options, io::get_object(json, "options", place));
  for (const auto& [name, value] : options->items()) {
    if (!value.is_string()) return invalid(place, fmt::format("expected text for option '{}'", name));
    manifest.options.emplace_back(name, value.get<std::string>());
  }
  LUTGEN_TRY(const Json* ports, io::get_array(json, "ports", place));
  for (const Json& port : *ports) {
    LUTGEN_TRY(Port read, read_port(port, place));
    manifest.ports.push_back(std::move(read));
  }
  LUTGEN_TRY(const Json* cells, io::get_object(json, "cells", place));
  LUTGEN_TRY(manifest.cells, read_counts(*cells, place));
  LUTGEN_TRY(const Json* sections, io::get_array(json, "sections", place));
  for (const Json& section : *sections) {
    LUTGEN_TRY(std::string label, io::get_string(section, "label", place));
    LUTGEN_TRY(const Json* inside, io::get_object(section, "cells", place));
    LUTGEN_TRY(auto counts, read_counts(*inside, place));
    manifest.sections.emplace_back(std::move(label), std::move(counts));
  }
  return {};
}

}  // namespace

const Port* Manifest::find_port(PortRole role) const {
  for (const Port& port : ports) {
    if (port.role == role) return &port;
  }
  return nullptr;
}

Result<Manifest> read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.json";
  const std::string place = path.string();
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const Json json, parse_versioned(text, path.string()));
  Manifest manifest;
  LUTGEN_TRY(manifest.generator, io::get_string(json, "generator", place));
  LUTGEN_TRY(const Json* model, io::get_object(json, "model", place));
  LUTGEN_TRY(manifest.model_name, io::get_string(*model, "name", place));
  LUTGEN_TRY(manifest.model_sha256, io::get_string(*model, "sha256", place));
  LUTGEN_TRY(manifest.family, io::get_string(json, "family", place));
  LUTGEN_TRY(manifest.top, io::get_string(json, "top", place));
  LUTGEN_TRY(const auto latency, io::get_unsigned(json, "latency_cycles", place, UINT16_MAX));
  LUTGEN_TRY(const auto interval, io::get_unsigned(json, "interval_cycles", place, UINT32_MAX));
  manifest.latency_cycles = static_cast<std::uint32_t>(latency);
  manifest.interval_cycles = static_cast<std::uint32_t>(interval);
  if (interval == 0) return invalid(place, "expected an interval of at least 1 cycle, found 0");
  LUTGEN_TRY(manifest.input_is_bits, io::get_boolean(json, "input_is_bits", place));
  LUTGEN_TRY_VOID(read_lists(json, place, manifest));
  return manifest;
}

Result<std::vector<LayerProbes>> read_probes(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "probes.json";
  LUTGEN_TRY(const std::string text, base::read_file(path));
  return parse_probes(text, path.string());
}

Result<std::vector<LayerProbes>> parse_probes(std::string_view text, const std::string& place) {
  LUTGEN_TRY(const Json json, parse_versioned(text, place));
  LUTGEN_TRY(const Json* layers, io::get_array(json, "layers", place));
  std::vector<LayerProbes> result;
  for (const Json& layer : *layers) {
    LayerProbes probes;
    LUTGEN_TRY(const auto number, io::get_unsigned(layer, "layer", place, UINT16_MAX));
    probes.layer = static_cast<std::uint32_t>(number);
    LUTGEN_TRY(const Json* list, io::get_array(layer, "probes", place));
    for (const Json& entry : *list) {
      LUTGEN_TRY(Probe probe, read_probe(entry, place));
      probes.probes.push_back(std::move(probe));
    }
    result.push_back(std::move(probes));
  }
  return result;
}

std::string manifest_json(const Manifest& manifest) {
  Json json;
  json["format"] = kManifestFormat;
  json["generator"] = manifest.generator;
  json["model"] = {{"name", manifest.model_name}, {"sha256", manifest.model_sha256}};
  json["family"] = manifest.family;
  json["top"] = manifest.top;
  json["files"] = manifest.files;
  json["options"] = Json::object();
  for (const auto& [name, value] : manifest.options) json["options"][name] = value;
  json["ports"] = Json::array();
  for (const Port& port : manifest.ports) {
    json["ports"].push_back({{"name", port.name},
                             {"role", kRoles[static_cast<std::size_t>(port.role)]},
                             {"direction", port.is_input ? "input" : "output"},
                             {"width", std::uint64_t{port.elements} * port.bits_per_element},
                             {"elements", port.elements},
                             {"bits_per_element", port.bits_per_element},
                             {"signed", port.is_signed}});
  }
  json["bit_order"] = "element e is bits [(e+1)*bits_per_element-1 : e*bits_per_element], least significant bit lowest";
  json["latency_cycles"] = manifest.latency_cycles;
  json["interval_cycles"] = manifest.interval_cycles;
  json["input_is_bits"] = manifest.input_is_bits;
  json["cells"] = counts_json(manifest.cells);
  json["sections"] = Json::array();
  for (const auto& [label, counts] : manifest.sections) {
    json["sections"].push_back({{"label", label}, {"cells", counts_json(counts)}});
  }
  return io::to_text(json);
}

}  // namespace lutgen::verilog
