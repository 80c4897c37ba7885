// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_cell.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

constexpr std::size_t kMaxText = 300;

}  // namespace

std::optional<RoutedNet> RoutedCell::find(std::string_view pin) const {
  const auto nets = find_all(pin);
  return nets.size() == 1 ? std::optional(nets[0]) : std::nullopt;
}

std::span<const RoutedNet> RoutedCell::find_all(std::string_view pin) const {
  known_pins_.emplace(pin);
  const auto found = pins_.find(pin);
  return found == pins_.end() ? std::span<const RoutedNet>() : std::span<const RoutedNet>(found->second);
}

Result<RoutedNet> RoutedCell::get(std::string_view pin) const {
  if (const auto net = find(pin)) return *net;
  return invalid(fmt::format("expected pin {} to be connected to one wire, found {}", pin, find_all(pin).size()));
}

std::optional<std::string_view> RoutedCell::parameter(std::string_view name) const {
  known_parameters_.emplace(name);
  const auto found = parameters_.find(name);
  if (found == parameters_.end()) return std::nullopt;
  // nextpnr marks text that could be a number by a space behind it.
  const std::string_view text = found->second;
  return text.ends_with(' ') ? text.substr(0, text.size() - 1) : text;
}

Result<std::string_view> RoutedCell::choice(std::string_view name, std::initializer_list<std::string_view> values) const {
  const auto value = parameter(name);
  if (!value) return *values.begin();
  const auto found = std::find(values.begin(), values.end(), *value);
  if (found != values.end()) return *found;
  return unsupported(fmt::format("expected {} to be one of '{}', found '{}'", name, fmt::join(values, "', '"), *value));
}

Result<std::uint64_t> RoutedCell::number(std::string_view name, std::size_t bits) const {
  LUTGEN_CHECK(bits <= 64);
  const std::string_view text = parameter(name).value_or("");
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char digit = text[text.size() - 1 - i];
    const bool known = digit == '0' || digit == 'x' || (digit == '1' && i < bits);
    if (!known) return invalid(fmt::format("expected {} to be a number of {} binary digits, found '{}'", name, bits, text));
    if (digit == '1') value |= std::uint64_t{1} << i;
  }
  return value;
}

std::optional<std::string_view> RoutedCell::attribute(std::string_view name) const {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

Result<void> RoutedCell::check_all_known() const {
  for (const auto& [pin, nets] : pins_) {
    if (!nets.empty() && !known_pins_.contains(pin)) return unsupported(fmt::format("pin {} is connected", pin));
  }
  for (const auto& [name, value] : parameters_) {
    if (!known_parameters_.contains(name)) return unsupported(fmt::format("parameter {} = '{}'", name, value));
  }
  return {};
}

tl::unexpected<Diagnostic> RoutedCell::unsupported(std::string_view what) const {
  return fail(Code::routed_unsupported, place_,
              fmt::format("expected cells that lutgen can simulate, found {} of type {}: {}", io::quote(name_),
                          io::quote(type_), io::printable(what, kMaxText)),
              "the design cannot be read back; please report it, with the file");
}

tl::unexpected<Diagnostic> RoutedCell::invalid(std::string_view what) const {
  return fail(Code::routed_invalid, place_,
              fmt::format("cell {} of type {}: {}", io::quote(name_), io::quote(type_), io::printable(what, kMaxText)),
              "was the file written by nextpnr --write?");
}

}  // namespace lutgen::flow
