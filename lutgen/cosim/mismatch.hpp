// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lutgen/io/json.hpp"

namespace lutgen::cosim {

/// The first output value that was wrong.
///
/// sample   index in the data set; label is its class
/// cycle    clock cycle of the run, counted from 0
/// port     name of the output port; element is the index within it (class number for scores)
struct OutputFault {
  std::uint64_t sample = 0;
  std::uint32_t label = 0;
  std::uint64_t cycle = 0;
  std::string port;
  std::uint32_t element = 0;
  std::uint64_t expected = 0;
  std::uint64_t found = 0;
};

/// The first cycle in which out_valid was wrong.
///
/// expected  what out_valid had to be; it was the opposite
/// sample    the sample that was due in that cycle, if one was
/// cycles    number of cycles with a wrong out_valid
struct ValidFault {
  std::uint64_t cycle = 0;
  bool expected = false;
  std::optional<std::uint64_t> sample;
  std::uint64_t cycles = 0;
};

/// How far the search for the origin of a wrong output came.
enum class Origin : std::uint8_t {
  valid_path,        ///< all values were right; only out_valid was wrong
  layer,             ///< `LayerFault` says where values differ first
  after_last_probe,  ///< every probed value was right, the outputs were wrong
  not_repeated,      ///< sent again back to back, the samples came out right
  not_searched       ///< the layers could not be compared; `reason` says why
};

/// The first layer, in evaluation order, that holds a wrong value, and its first wrong neuron.
///
/// sample          the sample in which it was seen
/// layer, index    layer of the model; neuron, threshold bit or group within it
/// layer_label     model::layer_label
/// expected, found a bit, or a count
/// nets, stages    where it was read: wires of the top module and their pipeline stages
/// probed          values of this layer that could be read
/// differing       those that were wrong
/// inputs          of a lut neuron: its input indices, input 0 first
/// input_bits      their values
/// address         of the table entry that was to be read
/// comparison      of a threshold bit or a bit of a threshold layer: what is compared, as text; else empty
/// value_kind      what an index of this layer counts: "neuron", "neuron bit", "threshold bit", "group", "class"
struct LayerFault {
  std::uint64_t sample = 0;
  std::size_t layer = 0;
  std::string layer_label;
  std::string value_kind;
  std::uint32_t index = 0;
  std::int64_t expected = 0;
  std::int64_t found = 0;
  std::vector<std::string> nets;
  std::vector<std::uint32_t> stages;
  std::uint32_t probed = 0;
  std::uint32_t differing = 0;
  std::vector<std::uint32_t> inputs;
  std::vector<std::uint8_t> input_bits;
  std::uint32_t address = 0;
  std::string comparison;
};

/// A difference between design and model, in the model's terms.
///
/// latency_stated, latency_found  cycles; found is nothing when no out_valid came at all
/// reason                         with Origin::not_searched: why, one sentence
struct Mismatch {
  std::optional<OutputFault> output;
  std::optional<ValidFault> valid;
  std::uint32_t latency_stated = 0;
  std::optional<std::uint64_t> latency_found;
  Origin origin = Origin::not_searched;
  std::string reason;
  std::optional<LayerFault> layer;
};

/// Several lines for a person: what was seen, and where it comes from; each line ends with a
/// line feed.
[[nodiscard]] std::string to_text(const Mismatch& mismatch);

/// The same as fields; parts that are not there are null.
[[nodiscard]] io::Json to_json(const Mismatch& mismatch);

}  // namespace lutgen::cosim
