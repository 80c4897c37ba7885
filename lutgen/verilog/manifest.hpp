// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::verilog {

/// Format of manifest.json and probes.json.
inline constexpr int kManifestFormat = 1;

/// What a port is for.
enum class PortRole : std::uint8_t { clock, reset, in_valid, features, out_valid, class_index, scores, bits };

/// One port of the top module. Element e occupies bits [(e+1)*bits_per_element-1 : e*bits_per_element];
/// width = elements * bits_per_element. Elements of `features` are two's complement when `is_signed`.
struct Port {
  std::string name;
  PortRole role = PortRole::clock;
  bool is_input = true;
  std::uint32_t elements = 1;
  std::uint32_t bits_per_element = 1;
  bool is_signed = false;
};

/// Where one value of a layer can be seen inside the top module.
///
/// index   neuron, threshold bit or group within its layer
/// nets    expressions inside the top module, least significant bit first (one for a bit): a wire, a bit
///         of the features port such as `features[17]`, or a constant, `1'b0` or `1'b1`
/// stages  for each net: clock cycles between the sample at the inputs and its value on that net
struct Probe {
  std::uint32_t index = 0;
  std::vector<std::string> nets;
  std::vector<std::uint32_t> stages;
};

/// The probes of one layer; values that hardware does not hold (read by nothing) are left out.
struct LayerProbes {
  std::uint32_t layer = 0;
  std::vector<Probe> probes;
};

/// Everything a test bench or a user's own design has to know of an emitted top module.
///
/// latency_cycles   clock edges from a sample at the inputs to its result at the outputs; 0 = combinational
/// interval_cycles  clock cycles from one sample to the next that can be taken; 1 = every cycle
/// input_is_bits    the features port takes the encoder's output bits (emit --input bits)
/// cells            cell type and count, sorted by type
/// sections         layer label, and cells by type in that layer
struct Manifest {
  std::string generator;
  std::string model_name;
  std::string model_sha256;
  std::string family;
  std::string top;
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<Port> ports;
  std::uint32_t latency_cycles = 0;
  std::uint32_t interval_cycles = 1;
  bool input_is_bits = false;
  std::vector<std::pair<std::string, std::uint64_t>> cells;
  std::vector<std::pair<std::string, std::vector<std::pair<std::string, std::uint64_t>>>> sections;

  /// The port of that role, or nullptr. O(ports).
  [[nodiscard]] const Port* find_port(PortRole role) const;
};

/// Reads `FOLDER/manifest.json`.
///
/// Errors   file_not_found, json_*, manifest_invalid
[[nodiscard]] Result<Manifest> read_manifest(const std::filesystem::path& folder);

/// Reads `FOLDER/probes.json`.
///
/// Errors   file_not_found, json_*, manifest_invalid
[[nodiscard]] Result<std::vector<LayerProbes>> read_probes(const std::filesystem::path& folder);

/// The same from the text of the file, which `place` names.
///
/// Errors   json_*, manifest_invalid
[[nodiscard]] Result<std::vector<LayerProbes>> parse_probes(std::string_view text, const std::string& place);

/// The text of manifest.json. Same manifest, same bytes.
[[nodiscard]] std::string manifest_json(const Manifest& manifest);

}  // namespace lutgen::verilog
