// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::flow {

/// One bit of a netlist in Yosys' JSON: the number of a wire, from 2 on, or one of the three constants below.
enum class WireBit : std::int64_t { open = -1, zero = 0, one = 1 };

/// Whether a bit is a wire. O(1).
[[nodiscard]] constexpr bool is_wire(WireBit bit) { return static_cast<std::int64_t>(bit) > 1; }

/// A bit of a pin of a cell.
///
/// cell  index into `CellIndex`
/// port  as the file calls it; lives as long as the JSON
/// bit   within the port, 0 first
struct CellPin {
  std::uint32_t cell = 0;
  std::string_view port;
  std::uint32_t bit = 0;
};

/// Who drives and who reads each wire of the design in a netlist of Yosys' `write_json`.
class CellIndex {
 public:
  /// design  the module; must outlive the index and keep its cells. Bits that are neither numbers nor "0" or "1" are
  ///         open, pins without a direction are read
  /// Errors  json_missing_field, json_wrong_type
  /// Cost    O(pins)
  [[nodiscard]] static Result<CellIndex> build(io::Json& design, const std::string& place);

  [[nodiscard]] std::uint32_t cell_count() const { return static_cast<std::uint32_t>(cells_.size()); }
  [[nodiscard]] const std::string& name(std::uint32_t cell) const { return *cells_[cell].name; }
  [[nodiscard]] const std::string& type(std::uint32_t cell) const { return *cells_[cell].type; }
  [[nodiscard]] io::Json& json(std::uint32_t cell) const { return *cells_[cell].json; }

  /// A bit of a pin; open when there is none. O(pins of the cell).
  [[nodiscard]] WireBit bit(std::uint32_t cell, std::string_view port, std::uint32_t index = 0) const;
  /// All bits that a cell reads. O(pins of the cell).
  [[nodiscard]] std::vector<WireBit> inputs(std::uint32_t cell) const;

  /// The cell that drives a wire. O(1).
  [[nodiscard]] std::optional<std::uint32_t> driver(WireBit bit) const;
  /// The pins that read a wire, in the order of the file. O(1).
  [[nodiscard]] std::span<const CellPin> readers(WireBit bit) const;
  /// Whether a port of the design reads a wire. O(1).
  [[nodiscard]] bool is_port(WireBit bit) const { return ports_.contains(bit); }
  /// A wire that nothing has yet.
  [[nodiscard]] WireBit add_wire();

 private:
  struct Cell {
    const std::string* name;
    const std::string* type;
    io::Json* json;
  };

  [[nodiscard]] Result<void> add_cell(const std::string& name, io::Json& json, const std::string& place);

  std::vector<Cell> cells_;
  std::unordered_map<WireBit, std::uint32_t> drivers_;
  std::unordered_map<WireBit, std::vector<CellPin>> readers_;
  std::unordered_set<WireBit> ports_;
  std::int64_t highest_ = 1;
};

/// The design among the modules of a netlist: the one with most cells; black boxes of a library may stand beside it.
///
/// Errors  json_missing_field, json_wrong_type
[[nodiscard]] Result<io::Json*> find_design(io::Json& netlist, const std::string& place);

}  // namespace lutgen::flow
