// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/placement.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::flow {
namespace {

using io::Json;

/// Layer in a cell's name, `core` + "l<layer>_..."; `layers` when it has none.
std::size_t layer_of(std::string_view name, std::string_view core, std::size_t layers) {
  if (!name.starts_with(core)) return layers;
  name.remove_prefix(core.size());
  if (name.empty() || name.front() != 'l') return layers;
  std::size_t layer = layers;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + 1, end, layer);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr != end && *parsed.ptr == '_';
  return whole && layer < layers ? layer : layers;
}

/// What sits at one LUT position.
struct Position {
  std::size_t layer = 0;
  bool is_logic = false;  // holds a cell of the netlist, not only what the placer added
};

class Counter {
 public:
  Counter(std::string_view core, std::size_t layers) : core_(core), layers_(layers) {
    placement_.by_layer.resize(layers + 1);
  }

  Result<void> add(const std::string& name, const Json& cell, const std::string& place) {
    LUTGEN_TRY(const std::string type, io::get_string(cell, "type", place));
    const bool in_core = std::string_view(name).starts_with(core_);
    Occupancy& part = placement_.by_layer[layer_of(name, core_, layers_)];
    if (type == "SLICE_FFX") {
      (in_core ? part.flops : placement_.harness_flops) += 1;
    } else if (type == "CARRY4") {
      part.carries += 1;
    } else if (type == "SLICE_LUTX") {
      LUTGEN_TRY(const Json* attributes, io::get_object(cell, "attributes", place));
      LUTGEN_TRY(const std::string bel, io::get_string(*attributes, "NEXTPNR_BEL", place));
      // X33Y16/SLICE_X0Y0.A6LUT: the letter is the position, 6 or 5 the half of it.
      if (bel.size() < 5 || !bel.ends_with("LUT")) {
        return fail(Code::placement_invalid, place,
                    fmt::format("expected a bel such as X33Y16/SLICE_X0Y0.A6LUT for '{}', found '{}'", name, bel),
                    "was the file written by nextpnr-himbaechel-xilinx --write?");
      }
      part.lut_cells += 1;
      Position& position = positions_.try_emplace(bel.substr(0, bel.size() - 4)).first->second;
      if (in_core && !position.is_logic) position = {layer_of(name, core_, layers_), true};
      if (!in_core && !position.is_logic) position.layer = layers_;
    }
    return {};
  }

  Placement finish() {
    for (const auto& [bel, position] : positions_) {
      placement_.by_layer[position.layer].luts += 1;
      if (!position.is_logic) placement_.feed_throughs += 1;
    }
    for (const Occupancy& part : placement_.by_layer) {
      placement_.core.luts += part.luts;
      placement_.core.lut_cells += part.lut_cells;
      placement_.core.flops += part.flops;
      placement_.core.carries += part.carries;
    }
    return std::move(placement_);
  }

 private:
  std::string_view core_;
  std::size_t layers_;
  std::map<std::string, Position> positions_;
  Placement placement_;
};

}  // namespace

Result<Placement> read_xc7_placement(const std::filesystem::path& path, std::string_view core, std::size_t layers) {
  const std::string place = path.string();
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const Json json, io::parse_json(text, place));
  LUTGEN_TRY(const Json* modules, io::get_object(json, "modules", place));
  // Black boxes of the library stand beside the design; the design is the one with most cells.
  const Json* cells = nullptr;
  for (const auto& [name, module] : modules->items()) {
    LUTGEN_TRY(const Json* inside, io::get_object(module, "cells", place));
    if (cells == nullptr || inside->size() > cells->size()) cells = inside;
  }
  if (cells == nullptr) {
    return fail(Code::placement_invalid, place, "expected a placed module, found none",
                "was the file written by nextpnr-himbaechel-xilinx --write?");
  }
  Counter counter(core, layers);
  for (const auto& [name, cell] : cells->items()) LUTGEN_TRY_VOID(counter.add(name, cell, place));
  return counter.finish();
}

std::uint64_t count_fasm_luts(std::string_view fasm) {
  std::uint64_t count = 0;
  for (std::size_t at = fasm.find("LUT.INIT"); at != std::string_view::npos; at = fasm.find("LUT.INIT", at + 1)) ++count;
  return count;
}

Result<double> read_fmax_mhz(const std::filesystem::path& report) {
  LUTGEN_TRY(const std::string text, base::read_file(report));
  LUTGEN_TRY(const Json json, io::parse_json(text, report.string()));
  LUTGEN_TRY(const Json* clocks, io::get_object(json, "fmax", report.string()));
  double worst = 0;
  for (const auto& [name, clock] : clocks->items()) {
    LUTGEN_TRY(const double achieved, io::get_number(clock, "achieved", report.string()));
    worst = worst == 0 ? achieved : std::min(worst, achieved);
  }
  return worst;
}

}  // namespace lutgen::flow
