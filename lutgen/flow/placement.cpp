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

/// What one placed cell is. `position` names the LUT position that it holds; empty when it holds none.
struct Use {
  std::string position{};
  bool is_lut = false;
  bool is_flop = false;
  bool is_carry = false;
  bool is_route_through = false;
};

/// Whether a one-bit parameter of nextpnr's JSON, a text of binary digits, is 1.
bool is_one(const Json& cell, const char* parameter) {
  const auto parameters = cell.find("parameters");
  if (parameters == cell.end() || !parameters->is_object()) return false;
  const auto value = parameters->find(parameter);
  return value != parameters->end() && value->is_string() && value->get_ref<const std::string&>().ends_with('1');
}

Use use_xc7(const std::string& type, std::string bel) {
  if (type == "SLICE_FFX") return {.is_flop = true};
  if (type == "CARRY4") return {.is_carry = true};
  if (type != "SLICE_LUTX") return {};
  // X33Y16/SLICE_X0Y0.A6LUT: the letter is the position, 6 or 5 the half of it.
  bel = bel.size() > 4 && bel.ends_with("LUT") ? bel.substr(0, bel.size() - 4) : std::string();
  return {.position = std::move(bel), .is_lut = true};
}

Use use_ecp5(const std::string& name, const std::string& type, const Json& cell, std::string bel) {
  if (type == "TRELLIS_FF") return {.is_flop = true};
  if (type != "TRELLIS_COMB") return {};
  const auto parameters = cell.find("parameters");
  const bool is_carry = parameters != cell.end() && parameters->is_object() && parameters->contains("MODE") &&
                        (*parameters)["MODE"] == "CCU2";
  // A CCU2C is two positions and one carry cell.
  return {.position = std::move(bel), .is_lut = !is_carry, .is_carry = is_carry && name.ends_with("COMB0")};
}

Use use_ice40(const std::string& name, const std::string& type, const Json& cell, std::string bel) {
  if (type != "ICESTORM_LC") return {};
  const bool is_flop = is_one(cell, "DFF_ENABLE");
  // nextpnr-ice40 names a logic cell after its LUT, or after the flop that sits in it alone.
  if (name.ends_with("_DFFLC")) return {.is_flop = is_flop, .is_route_through = true};
  return {.position = std::move(bel), .is_lut = true, .is_flop = is_flop, .is_carry = is_one(cell, "CARRY_ENABLE")};
}

Use use_gowin(const std::string& name, const std::string& type, std::string bel) {
  if (type.starts_with("DFF")) return {.is_flop = true};
  // A flop takes its input from the LUT at its own place; nextpnr puts one there for every other input.
  if (name.find("_passthrough_lut$") != std::string::npos) return {.is_route_through = true};
  if (type == "ALU") return {.position = std::move(bel), .is_carry = true};
  if (type.starts_with("LUT")) return {.position = std::move(bel), .is_lut = true};
  return {};
}

Use use_gatemate(const std::string& name, const std::string& type, std::string bel) {
  if (type == "CPE_FF") return {.is_flop = true};
  if (bel.find("/CPE_LT_") == std::string::npos) return {};
  // A flop takes its input from the LUT tree at its own place; nextpnr puts one there, called after the flop.
  if (type == "CPE_L2T4" && name.ends_with("$lt")) return {.is_route_through = true};
  const bool is_carry = type.starts_with("CPE_ADDF");
  return {.position = std::move(bel), .is_lut = !is_carry, .is_carry = is_carry};
}

class Counter {
 public:
  Counter(board::Family family, std::string_view core, std::size_t layers)
      : family_(family), core_(core), layers_(layers) {
    placement_.by_layer.resize(layers + 1);
  }

  Result<void> add(const std::string& name, const Json& cell, const std::string& place) {
    LUTGEN_TRY(const std::string type, io::get_string(cell, "type", place));
    const auto attributes = cell.find("attributes");
    const std::string bel = attributes != cell.end() && attributes->is_object() && attributes->contains("NEXTPNR_BEL")
                                ? io::get_string(*attributes, "NEXTPNR_BEL", place).value_or(std::string())
                                : std::string();
    const Use use = use_of(name, type, cell, bel);
    const bool is_core = std::string_view(name).starts_with(core_);
    const std::size_t part = is_core ? layer_of(name, core_, layers_) : kRest;
    Occupancy& occupancy = part == kRest ? placement_.rest : placement_.by_layer[part];
    occupancy.lut_cells += use.is_lut ? 1 : 0;
    occupancy.flops += use.is_flop ? 1 : 0;
    occupancy.carries += use.is_carry ? 1 : 0;
    occupancy.route_throughs += use.is_route_through ? 1 : 0;
    constexpr std::string_view kWhole = "FULL";  // both halves of a CPE of GateMate
    if (use.position.ends_with(kWhole)) {
      for (const char* half : {"L", "U"}) hold(use.position.substr(0, use.position.size() - kWhole.size()) + half, part);
    } else if (!use.position.empty()) {
      hold(use.position, part);
    } else if (use.is_lut) {
      return fail(Code::placement_invalid, place,
                  fmt::format("expected a bel such as X33Y16/SLICE_X0Y0.A6LUT for '{}', found '{}'", name, bel),
                  "was the file written by nextpnr --write?");
    }
    return {};
  }

  Placement finish() {
    for (const auto& [bel, part] : positions_) (part == kRest ? placement_.rest : placement_.by_layer[part]).luts += 1;
    for (const Occupancy& part : placement_.by_layer) {
      placement_.core.luts += part.luts;
      placement_.core.lut_cells += part.lut_cells;
      placement_.core.flops += part.flops;
      placement_.core.carries += part.carries;
      placement_.core.route_throughs += part.route_throughs;
    }
    return std::move(placement_);
  }

 private:
  static constexpr std::size_t kRest = ~std::size_t{0};

  [[nodiscard]] Use use_of(const std::string& name, const std::string& type, const Json& cell, const std::string& bel) const {
    switch (family_) {
      case board::Family::xc7: return use_xc7(type, bel);
      case board::Family::ecp5: return use_ecp5(name, type, cell, bel);
      case board::Family::ice40: return use_ice40(name, type, cell, bel);
      case board::Family::gowin: return use_gowin(name, type, bel);
      case board::Family::gatemate: return use_gatemate(name, type, bel);
    }
    return {};
  }

  /// A cell of `part` holds a position; what the core and the rest share is the core's.
  void hold(const std::string& position, std::size_t part) {
    std::size_t& owner = positions_.try_emplace(position, part).first->second;
    if (owner == kRest) owner = part;
  }

  board::Family family_;
  std::string_view core_;
  std::size_t layers_;
  std::map<std::string, std::size_t> positions_;  // the part that each is counted for
  Placement placement_;
};

}  // namespace

Result<Placement> read_placement(board::Family family, const std::filesystem::path& path, std::string_view core,
                                 std::size_t layers) {
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
                "was the file written by nextpnr --write?");
  }
  Counter counter(family, core, layers);
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

Result<double> read_estimated_fmax_mhz(const std::filesystem::path& log) {
  LUTGEN_TRY(const std::string text, base::read_file(log));
  constexpr std::string_view kClock = "Max frequency for clock";
  double worst = 0;
  // The analysis before routing is one block of lines; after it something else follows.
  for (std::size_t at = text.find(kClock); at != std::string::npos;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::size_t quote = std::min(text.find("': ", at), end);
    double mhz = 0;
    if (quote + 3 < end && std::from_chars(text.data() + quote + 3, text.data() + end, mhz).ec == std::errc{}) {
      worst = worst == 0 ? mhz : std::min(worst, mhz);
    }
    const std::size_t next = text.find(kClock, end);
    if (next == std::string::npos || text.find('\n', end + 1) < next) break;
    at = next;
  }
  return worst;
}

}  // namespace lutgen::flow
