// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/bit_file.hpp"
#include "lutgen/flow/fasm.hpp"
#include "lutgen/flow/frames.hpp"
#include "lutgen/flow/routed_reader.hpp"
#include "lutgen/flow/routed_simulator.hpp"
#include "lutgen/flow/xray_files.hpp"
#include "lutgen/io/csv.hpp"
#include "lutgen/io/idx.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/npy.hpp"
#include "lutgen/model/model_file.hpp"

// What each fuzzer does with one input. A reader may refuse it, with a diagnostic that is text; what it
// accepts must hold together. The unit tests run the same functions over the kept corpus.
namespace lutgen::fuzz {

/// Every diagnostic is one printable text, whatever was in the file.
inline void check_diagnostic(const Diagnostic& diagnostic) {
  for (const char c : to_text(diagnostic)) LUTGEN_CHECK(c == '\n' || (c >= 0x20 && c < 0x7f));
}

/// What parses prints as text that parses to the same value.
inline void run_json(std::string_view text) {
  const auto value = io::parse_json(text, "input");
  if (!value) return check_diagnostic(value.error());
  const auto again = io::parse_json(io::to_text(*value), "again");
  LUTGEN_CHECK(again && *again == *value);
}

/// A table is full, and its lines are in order.
inline void run_csv(std::string_view text) {
  const auto named = io::parse_csv(text, "input", "a");
  if (named) {
    LUTGEN_CHECK(named->texts.size() == named->rows() && named->values.size() == named->rows() * named->columns);
  } else {
    check_diagnostic(named.error());
  }
  const auto table = io::parse_csv(text, "input");
  if (!table) return check_diagnostic(table.error());
  LUTGEN_CHECK(table->columns > 0 && table->values.size() == table->rows() * table->columns);
  for (std::size_t i = 1; i < table->rows(); ++i) LUTGEN_CHECK(table->lines[i - 1] < table->lines[i]);
}

/// An array has as many values as its shape asks for, and stays under the limit.
inline void run_idx(std::string_view bytes) {
  constexpr std::uint64_t kLimit = 1 << 20;
  const auto array = io::parse_idx(bytes, "input", kLimit);
  if (!array) return check_diagnostic(array.error());
  std::uint64_t count = 1;
  for (const auto length : array->shape) count = length == 0 ? 0 : count * length;
  LUTGEN_CHECK(count == array->values.size() && count <= kLimit);
}

/// An array has the values that its shape asks for, and all of them can be read; an archive's arrays, too, and they stay under the limit.
inline void run_npy(std::string_view bytes) {
  constexpr std::uint64_t kLimit = 1 << 20;
  const auto check = [](const io::NpyArray& array) {
    std::uint64_t count = 1;
    for (const auto length : array.shape) count = length == 0 ? 0 : count * length;
    LUTGEN_CHECK(count == array.count() && count * array.width == array.bytes.size());
    for (std::size_t i = 0; i < array.count(); ++i) static_cast<void>(array.value(i));
  };
  if (const auto array = io::parse_npy(bytes, "input")) {
    check(*array);
  } else {
    check_diagnostic(array.error());
  }
  const auto archive = io::parse_npz(bytes, "input", kLimit);
  if (!archive) return check_diagnostic(archive.error());
  std::uint64_t all = 0;
  for (const auto& [name, array] : *archive) {
    check(array);
    all += array.bytes.size();
  }
  LUTGEN_CHECK(all <= kLimit);
}

/// Features that parse are printed in one canonical form that parses to the same features.
inline void run_fasm(std::string_view text) {
  const auto fasm = flow::parse_fasm(text, "input");
  if (!fasm) return check_diagnostic(fasm.error());
  std::string printed;
  for (const flow::FasmFeature& feature : fasm->features) {
    printed += std::string(feature.name) + "[" + std::to_string(feature.low + feature.width - 1) + ":" +
               std::to_string(feature.low) + "] = 'b";
    for (std::uint32_t i = feature.width; i > 0; --i) printed += fasm->bit(feature, i - 1) ? '1' : '0';
    printed += '\n';
  }
  const auto again = flow::parse_fasm(printed, "again");
  LUTGEN_CHECK(again && again->words == fasm->words && again->features.size() == fasm->features.size());
  for (std::size_t i = 0; i < fasm->features.size(); ++i) {
    LUTGEN_CHECK(again->features[i].name == fasm->features[i].name && again->features[i].low == fasm->features[i].low);
  }
  LUTGEN_CHECK(flow::collect_lut_inits(*fasm).size() <= fasm->features.size());
}

/// The small files round a bitstream: each is read as each kind, and what is accepted holds together.
inline void run_xray(std::string_view text) {
  if (const auto table = flow::parse_segbits(text, "input"); !table) {
    check_diagnostic(table.error());
  } else {
    for (const auto& [key, range] : table->features) {
      LUTGEN_CHECK(!key.name.empty() && range.count > 0 && range.first + range.count <= table->bits.size());
    }
  }
  if (const auto ppips = flow::parse_ppips(text, "input"); !ppips) check_diagnostic(ppips.error());
  if (const auto map = flow::parse_mapping(text, "device", "input"); !map) check_diagnostic(map.error());
  if (const auto frames = flow::parse_bit_list(text, "input"); !frames) check_diagnostic(frames.error());
  const auto file = flow::parse_bit_file(text, "input");
  if (!file) return check_diagnostic(file.error());
  LUTGEN_CHECK(flow::bit_file_bytes(*file) == text);
}

/// A routed netlist that reads can be simulated: tables stand in order, so that a second `settle` changes nothing.
inline void run_routed(std::string_view text) {
  const auto netlist = flow::parse_routed_netlist(text, "input", {.family = board::Family::xc7, .tables = nullptr});
  if (!netlist) return check_diagnostic(netlist.error());
  flow::RoutedSimulator simulator(*netlist, 1);
  simulator.clock_edge();
  const std::uint64_t evaluations = simulator.evaluations();
  simulator.settle();
  LUTGEN_CHECK(simulator.evaluations() == evaluations);
  for (std::uint32_t net = 0; net < netlist->net_count(); ++net) {
    const auto word = simulator.values(static_cast<flow::RoutedNet>(net))[0];
    LUTGEN_CHECK(word == 0 || word == ~std::uint64_t{0});  // nothing was driven: all runs are alike
  }
}

/// A model that reads is written, and what was written reads back and writes the same bytes.
inline void run_model(std::string_view bytes) {
  const auto model = model::parse_model(bytes, "input");
  if (!model) return check_diagnostic(model.error());
  const std::string written = model::serialize_model(*model);
  const auto again = model::parse_model(written, "again");
  LUTGEN_CHECK(again && model::serialize_model(*again) == written);
}

}  // namespace lutgen::fuzz
