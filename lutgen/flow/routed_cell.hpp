// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/flow/routed_netlist.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::flow {

/// One cell of a routed netlist on its way into the plain form. Every pin that is connected and every parameter has
/// to be asked for: `check_all_known` refuses what the translation did not look at.
class RoutedCell {
 public:
  /// name, type  as the file has them; pins and parameters are added one by one
  RoutedCell(std::string name, std::string type, std::string place)
      : name_(std::move(name)), type_(std::move(type)), place_(std::move(place)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& type() const { return type_; }

  void add_pin(std::string pin, std::vector<RoutedNet> nets) { pins_[std::move(pin)] = std::move(nets); }
  void add_parameter(std::string parameter, std::string value) { parameters_[std::move(parameter)] = std::move(value); }
  void add_attribute(std::string attribute, std::string value) { attributes_[std::move(attribute)] = std::move(value); }

  /// The net at a pin of one bit; nothing when the pin is not connected.
  [[nodiscard]] std::optional<RoutedNet> find(std::string_view pin) const;
  /// The nets at a pin, bit 0 first; empty when it is not connected.
  [[nodiscard]] std::span<const RoutedNet> find_all(std::string_view pin) const;
  /// The net at a pin that has to be connected.
  ///
  /// Errors  routed_invalid
  [[nodiscard]] Result<RoutedNet> get(std::string_view pin) const;
  /// A parameter's text, or nothing.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  /// A parameter that is one of `values`; `values` begins with the default, taken when there is none.
  ///
  /// Errors  routed_unsupported
  [[nodiscard]] Result<std::string_view> choice(std::string_view name, std::initializer_list<std::string_view> values) const;
  /// A parameter of `bits` <= 64 binary digits, most significant first, as nextpnr and Yosys write numbers; further
  /// digits have to be 0, `x` counts as 0. 0 when there is none.
  ///
  /// Errors  routed_invalid
  [[nodiscard]] Result<std::uint64_t> number(std::string_view name, std::size_t bits) const;
  /// An attribute's text, or nothing.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view name) const;
  /// A pin that the translation knows not to matter.
  void ignore(std::string_view pin) const { known_pins_.emplace(pin); }

  /// Refuses a pin that is connected, or a parameter, that nobody asked for.
  ///
  /// Errors  routed_unsupported
  [[nodiscard]] Result<void> check_all_known() const;

  /// A diagnostic that names this cell.
  [[nodiscard]] tl::unexpected<Diagnostic> unsupported(std::string_view what) const;
  /// The same for what contradicts itself.
  [[nodiscard]] tl::unexpected<Diagnostic> invalid(std::string_view what) const;

 private:
  std::string name_;
  std::string type_;
  std::string place_;
  std::map<std::string, std::vector<RoutedNet>, std::less<>> pins_;
  std::map<std::string, std::string, std::less<>> parameters_;
  std::map<std::string, std::string, std::less<>> attributes_;
  mutable std::set<std::string, std::less<>> known_pins_;
  mutable std::set<std::string, std::less<>> known_parameters_;
};

}  // namespace lutgen::flow
