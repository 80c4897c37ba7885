// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/cell_index.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

using io::Json;

WireBit read_bit(const Json& bit) {
  if (bit.is_number_unsigned()) return static_cast<WireBit>(bit.get<std::int64_t>());
  if (bit == "0") return WireBit::zero;
  return bit == "1" ? WireBit::one : WireBit::open;
}

/// A field that `get_object` found good, to be changed.
Result<Json*> change_object(Json& object, const char* field, const std::string& place) {
  LUTGEN_TRY_VOID(io::get_object(object, field, place));
  return &object[field];
}

}  // namespace

Result<CellIndex> CellIndex::build(Json& design, const std::string& place) {
  CellIndex index;
  LUTGEN_TRY(const Json* ports, io::get_object(design, "ports", place));
  for (const auto& [name, port] : ports->items()) {
    LUTGEN_TRY(const Json* bits, io::get_array(port, "bits", fmt::format("{}: port {}", place, io::quote(name))));
    for (const Json& bit : *bits) index.ports_.insert(read_bit(bit));
  }
  LUTGEN_TRY(Json * cells, change_object(design, "cells", place));
  // The names are taken where they stand: those of items() are gone with the loop.
  for (auto& [name, cell] : cells->get_ref<Json::object_t&>()) LUTGEN_TRY_VOID(index.add_cell(name, cell, place));
  for (const auto& [bit, pins] : index.readers_) index.highest_ = std::max(index.highest_, static_cast<std::int64_t>(bit));
  for (const auto& [bit, cell] : index.drivers_) index.highest_ = std::max(index.highest_, static_cast<std::int64_t>(bit));
  for (const WireBit bit : index.ports_) index.highest_ = std::max(index.highest_, static_cast<std::int64_t>(bit));
  return index;
}

Result<void> CellIndex::add_cell(const std::string& name, Json& json, const std::string& place) {
  const std::string here = fmt::format("{}: cell {}", place, io::quote(name));
  LUTGEN_TRY_VOID(io::get_string(json, "type", here));
  LUTGEN_TRY(const Json* directions, io::get_object(json, "port_directions", here));
  LUTGEN_TRY(const Json* connections, io::get_object(json, "connections", here));
  const std::uint32_t cell = cell_count();
  cells_.push_back({&name, &json["type"].get_ref<const std::string&>(), &json});
  for (const auto& [port, bits] : connections->get_ref<const Json::object_t&>()) {
    if (!bits.is_array()) continue;
    const Json* direction = io::find_field(*directions, port);
    const bool is_output = direction != nullptr && *direction == "output";
    for (std::uint32_t i = 0; i < bits.size(); ++i) {
      const WireBit bit = read_bit(bits[i]);
      if (!is_wire(bit)) continue;
      if (is_output) {
        drivers_[bit] = cell;
      } else {
        readers_[bit].push_back({cell, port, i});
      }
    }
  }
  return {};
}

WireBit CellIndex::bit(std::uint32_t cell, std::string_view port, std::uint32_t index) const {
  const Json* bits = io::find_field(json(cell)["connections"], port);
  return bits != nullptr && bits->is_array() && index < bits->size() ? read_bit((*bits)[index]) : WireBit::open;
}

std::vector<WireBit> CellIndex::inputs(std::uint32_t cell) const {
  std::vector<WireBit> result;
  const Json& directions = json(cell)["port_directions"];
  for (const auto& [port, bits] : json(cell)["connections"].get_ref<const Json::object_t&>()) {
    const Json* direction = io::find_field(directions, port);
    if ((direction != nullptr && *direction == "output") || !bits.is_array()) continue;
    for (const Json& bit : bits) result.push_back(read_bit(bit));
  }
  return result;
}

std::optional<std::uint32_t> CellIndex::driver(WireBit bit) const {
  const auto found = drivers_.find(bit);
  return found == drivers_.end() ? std::nullopt : std::optional(found->second);
}

std::span<const CellPin> CellIndex::readers(WireBit bit) const {
  const auto found = readers_.find(bit);
  return found == readers_.end() ? std::span<const CellPin>() : std::span<const CellPin>(found->second);
}

WireBit CellIndex::add_wire() { return static_cast<WireBit>(++highest_); }

Result<Json*> find_design(Json& netlist, const std::string& place) {
  LUTGEN_TRY(Json * modules, change_object(netlist, "modules", place));
  Json* design = nullptr;
  std::size_t most = 0;
  for (auto& [name, module] : modules->get_ref<Json::object_t&>()) {
    LUTGEN_TRY(const Json* cells, io::get_object(module, "cells", fmt::format("{}: module {}", place, io::quote(name))));
    if (design != nullptr && cells->size() <= most) continue;
    design = &module;
    most = cells->size();
  }
  if (design == nullptr) return fail(Code::json_missing_field, place, "expected a module, found none", "was the file written by Yosys?");
  return design;
}

}  // namespace lutgen::flow
