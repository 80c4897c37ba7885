// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/golden.hpp"

#include <algorithm>
#include <atomic>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/cosim/harness_files.hpp"
#include "lutgen/eval/accuracy.hpp"

namespace lutgen::cosim {
namespace {

using model::FeatureType;
using model::ValueKind;
using verilog::Manifest;
using verilog::Port;
using verilog::PortRole;

tl::unexpected<Diagnostic> misfit(const std::string& place, std::string message) {
  return fail(Code::cosim_design_mismatch, place, std::move(message),
              "the folder holds a design of another model or version; run `lutgen emit` again");
}

ValueKind kind_of_port(PortRole role) {
  if (role == PortRole::class_index) return ValueKind::class_index;
  return role == PortRole::scores ? ValueKind::scores : ValueKind::bits;
}

/// Last layer with that kind of output. The bits of a network are those of its last layer.
std::optional<std::size_t> find_layer(const model::Model& model, PortRole role) {
  for (std::size_t layer = model.layers.size(); layer-- > 0;) {
    if (model.layers[layer].output == kind_of_port(role)) return layer;
    if (role == PortRole::bits) return std::nullopt;
  }
  return std::nullopt;
}

std::size_t encoder_layer(const model::Model& model) {
  std::size_t layer = 0;
  while (layer < model.layers.size() &&
         !std::holds_alternative<model::Thermometer>(model.layers[layer].operation))
    ++layer;
  return layer;
}

Result<void> check_features(const Manifest& manifest, const model::Model& model,
                            const std::string& place) {
  const Port* port = manifest.find_port(PortRole::features);
  if (port == nullptr) return misfit(place, "expected a features port, found none");
  const FeatureType type = model.input.type;
  std::uint64_t elements = model.input.feature_count();
  std::uint32_t bits = model::bits_per_feature(type);
  bool is_signed = type == FeatureType::i8 || type == FeatureType::i16 || type == FeatureType::i32;
  if (manifest.input_is_bits) {
    const std::size_t encoder = encoder_layer(model);
    if (encoder < model.layers.size()) elements = model.layers[encoder].output_count;
    bits = 1;
    is_signed = false;
  } else if (type == FeatureType::f32) {
    return misfit(place, "expected encoder bits as input of a network of f32 features, found "
                         "features");
  }
  if (port->elements != elements || port->bits_per_element != bits || port->is_signed != is_signed)
    return misfit(place, fmt::format("expected a features port of {} {} elements of {} bits, found "
                                     "{} {} of {}",
                                     elements, is_signed ? "signed" : "unsigned", bits,
                                     port->elements, port->is_signed ? "signed" : "unsigned",
                                     port->bits_per_element));
  return {};
}

/// Bits that the largest value of a layer needs.
std::uint32_t needed_bits(const model::Model& model, std::size_t layer) {
  std::uint64_t largest = 1;
  const model::Layer& it = model.layers[layer];
  if (it.output == ValueKind::class_index) largest = model.class_count() - 1u;
  if (it.output == ValueKind::scores) largest = it.input_count / it.output_count;
  std::uint32_t bits = 1;
  while ((largest >>= 1) != 0) ++bits;
  return bits;
}

Result<void> check_output(const Port& port, const model::Model& model, const std::string& place) {
  const std::optional<std::size_t> layer = find_layer(model, port.role);
  if (!layer)
    return misfit(place, fmt::format("expected no port '{}', because the network has no layer of "
                                     "that kind",
                                     port.name));
  const std::uint32_t elements = model.layers[*layer].output_count;
  const std::uint32_t bits = needed_bits(model, *layer);
  if (port.elements != elements || port.bits_per_element < bits)
    return misfit(place, fmt::format("expected a port '{}' of {} elements of at least {} bits, "
                                     "found {} of {}",
                                     port.name, elements, bits, port.elements,
                                     port.bits_per_element));
  return {};
}

bool is_data(const Port& port) {
  return port.role == PortRole::features || port.role == PortRole::class_index ||
         port.role == PortRole::scores || port.role == PortRole::bits;
}

/// Puts the low `width` <= 64 bits of `value` at bit `offset`; those bits must be 0.
void put_bits(std::uint32_t* words, std::size_t offset, std::uint32_t width, std::uint64_t value) {
  if (width < 64) value &= (std::uint64_t{1} << width) - 1;
  for (std::size_t shift = offset % 32; value != 0; shift = 0) {
    words[offset / 32] |= static_cast<std::uint32_t>(value << shift);
    value >>= 32 - shift;
    offset += 32 - shift;
  }
}

/// One element after another, element 0 in the least significant bits, two's complement.
void pack_port(const Port& port, std::span<const std::int64_t> values, std::uint32_t* words) {
  for (std::size_t element = 0; element < port.elements; ++element)
    put_bits(words, element * port.bits_per_element, port.bits_per_element,
             static_cast<std::uint64_t>(values[element]));
}

std::vector<sim::Field> fields_of(const std::vector<const Port*>& ports) {
  std::vector<sim::Field> fields;
  for (const Port* port : ports)
    fields.push_back({port->name, port->elements * port->bits_per_element});
  return fields;
}

/// What goes into the features port: the features themselves, or the encoder's bits.
std::vector<std::int64_t> input_values(const Manifest& manifest, const model::Model& model,
                                       const eval::Trace& trace,
                                       const std::vector<double>& features) {
  const std::size_t encoder = encoder_layer(model);
  if (manifest.input_is_bits && encoder < model.layers.size()) return trace.values[encoder];
  std::vector<std::int64_t> values;
  for (const double feature : features) values.push_back(static_cast<std::int64_t>(feature));
  return values;
}

}  // namespace

Result<void> check_design(const Manifest& manifest, const model::Model& model,
                          const std::string& model_sha256, const std::string& place) {
  if (!model_sha256.empty() && !manifest.model_sha256.empty() &&
      manifest.model_sha256 != model_sha256)
    return misfit(place, fmt::format("expected a design of the model with sha256 {}..., found one "
                                     "of {}... ('{}')",
                                     model_sha256.substr(0, 16),
                                     manifest.model_sha256.substr(0, 16), manifest.model_name));
  const std::string cells = "cells/" + manifest.family + "/";
  const auto files = harness_files();
  if (std::none_of(files.begin(), files.end(),
                   [&](const HarnessFile& file) { return file.path.starts_with(cells); }))
    return misfit(place, fmt::format("expected a family with simulation models, found '{}'",
                                     manifest.family));
  if (manifest.files.empty()) return misfit(place, "expected at least one Verilog file, found none");
  if (manifest.latency_cycles > 0 && manifest.find_port(PortRole::clock) == nullptr)
    return misfit(place, fmt::format("expected a clock port for a latency of {} cycles, found none",
                                     manifest.latency_cycles));
  LUTGEN_TRY_VOID(check_features(manifest, model, place));
  if (data_ports(manifest, false).empty())
    return misfit(place, "expected an output port (class, scores or bits), found none");
  for (const Port* port : data_ports(manifest, false))
    LUTGEN_TRY_VOID(check_output(*port, model, place));
  return {};
}

std::size_t layer_of_port(const model::Model& model, PortRole role) {
  const std::optional<std::size_t> layer = find_layer(model, role);
  LUTGEN_CHECK(layer.has_value());
  return *layer;
}

std::vector<const Port*> data_ports(const Manifest& manifest, bool inputs) {
  std::vector<const Port*> ports;
  for (const Port& port : manifest.ports)
    if (is_data(port) && (port.role == PortRole::features) == inputs) ports.push_back(&port);
  return ports;
}

sim::Stimulus make_stimulus(const Manifest& manifest, const model::Model& model,
                            const data::Dataset& dataset, std::size_t first, std::size_t samples,
                            const CosimOptions& options) {
  const std::vector<const Port*> inputs = data_ports(manifest, true);
  const std::vector<const Port*> outputs = data_ports(manifest, false);
  sim::Stimulus stimulus;
  stimulus.latency_cycles = manifest.latency_cycles;
  stimulus.interval_cycles = manifest.interval_cycles;
  stimulus.reset_after = samples > 1 ? samples / 2 : sim::kNoReset;
  stimulus.seed = options.seed;
  stimulus.samples = samples;
  stimulus.inputs = fields_of(inputs);
  stimulus.outputs = fields_of(outputs);
  const std::size_t in = sim::sample_words(stimulus.inputs);
  const std::size_t out = sim::sample_words(stimulus.outputs);
  stimulus.input_words.resize(in * samples);
  stimulus.output_words.resize(out * samples);
  std::atomic<std::uint64_t> done{0};
  base::parallel_for(samples, options.threads, [&](std::size_t i) {
    const std::vector<double> features = eval::sample_features(dataset, first + i);
    const eval::Trace trace = eval::evaluate_reference(model, features);
    pack_port(*inputs.front(), input_values(manifest, model, trace, features),
              stimulus.input_words.data() + i * in);
    std::uint32_t* words = stimulus.output_words.data() + i * out;
    for (std::size_t port = 0; port < outputs.size(); ++port) {
      pack_port(*outputs[port], trace.values[layer_of_port(model, outputs[port]->role)], words);
      words += sim::words_for(stimulus.outputs[port].width_bits);
    }
    const std::uint64_t finished = ++done;
    if (options.progress != nullptr && finished % 64 == 0) options.progress->update("golden model", finished, samples);
  });
  if (options.progress != nullptr) options.progress->update("golden model", samples, samples);
  return stimulus;
}

}  // namespace lutgen::cosim
