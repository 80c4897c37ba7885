// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/flow/xray_database.hpp"

// The text files of the Project X-Ray database. They are small languages of one line each.
namespace lutgen::flow {

/// A feature name together with an address: `SLICEL_X0.ALUT.INIT` and 17.
struct FeatureKey {
  std::string_view name;
  std::uint32_t address = 0;

  friend bool operator==(const FeatureKey&, const FeatureKey&) = default;
};

/// Hash of a key; nothing is ever printed in its order.
struct FeatureKeyHash {
  /// O(name).
  [[nodiscard]] std::size_t operator()(const FeatureKey& key) const {
    return std::hash<std::string_view>{}(key.name) * 31 + key.address;
  }
};

/// Bits of a feature: a range of `SegbitsTable::bits`.
struct BitRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// One segbits file. The names are views into the text that was parsed, without the tile type.
struct SegbitsTable {
  std::vector<SegmentBit> bits;
  std::unordered_map<FeatureKey, BitRange, FeatureKeyHash> features;
};

/// Parses a segbits file: lines `TYPE.FEATURE 28_05 !29_130`, a bit being frame and bit offset; a feature
/// may end in an address (`INIT[07]`). Features without one have the address 0.
///
/// text     must outlive the result
/// place    names the text in diagnostics
/// Errors   xray_database_invalid, with the line
/// Cost     O(bytes)
[[nodiscard]] Result<SegbitsTable> parse_segbits(std::string_view text, const std::string& place);

/// Parses a ppips file: lines `TYPE.FEATURE always|default|hint`. Gives the features, without the tile
/// type, as views into `text`.
///
/// Errors   xray_database_invalid, with the line
[[nodiscard]] Result<std::vector<std::string_view>> parse_ppips(std::string_view text, const std::string& place);

/// Parses a file of the folder `mapping`: YAML of two levels, `key:` and under it `field: value`. Gives
/// `field` of every key that has one; quotes are dropped.
///
/// Errors   xray_database_invalid, with the line
[[nodiscard]] Result<std::map<std::string, std::string, std::less<>>> parse_mapping(std::string_view text,
                                                                                    std::string_view field,
                                                                                    const std::string& place);

}  // namespace lutgen::flow
