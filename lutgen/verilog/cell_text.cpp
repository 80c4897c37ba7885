// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/cell_text.hpp"

#include <string_view>

#include <fmt/core.h>

namespace lutgen::verilog {
namespace {

std::string_view suffix(tech::CellRole role) {
  switch (role) {
    case tech::CellRole::lut: return "lut";
    case tech::CellRole::mux: return "mux";
    case tech::CellRole::carry: return "carry";
    case tech::CellRole::flop: return "ff";
  }
  return "";
}

CellText make_cell_text(const tech::CellType& type) {
  CellText text;
  text.open = fmt::format("  {}", type.name);
  std::string pending;  // closes what was opened before
  for (const tech::InitParameter& parameter : type.init) {
    const std::uint64_t mask = parameter.bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << parameter.bits) - 1;
    text.init.push_back({fmt::format("{}.{}({}'h", pending.empty() ? " #(" : pending + ", ", parameter.name, parameter.bits),
                         mask, parameter.shift, static_cast<std::uint8_t>((parameter.bits + 3) / 4)});
    pending = ")";
  }
  for (const tech::TextParameter& parameter : type.text) {
    text.before_name += fmt::format("{}.{}(\"{}\"", pending.empty() ? " #(" : pending + ", ", parameter.name, parameter.value);
    pending = ")";
  }
  text.before_name += pending.empty() ? " " : ")) ";
  std::string separator = fmt::format("_{} (", suffix(type.role));
  for (const tech::Pin& pin : type.pins) {
    text.pins.push_back({fmt::format("{}.{}(", separator, pin.name), pin.pin_bits});
    separator = "), ";
  }
  text.fixed_bytes = text.open.size() + text.before_name.size() + 3;
  for (const InitText& init : text.init) text.fixed_bytes += init.before.size() + init.digits;
  for (const PinText& pin : text.pins) text.fixed_bytes += pin.before.size() + 2;
  return text;
}

}  // namespace

CellTexts make_cell_texts() {
  CellTexts texts;
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = make_cell_text(tech::cell_type(static_cast<tech::Cell>(i)));
  return texts;
}

}  // namespace lutgen::verilog
