// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "lutgen/base/text_buffer.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::netlist {
namespace {

using base::put;
using base::put_number;
using base::put_short;
using base::ShortText;

constexpr std::array<ShortText, 9> kTags = {"_y", "_s", "_t", "_c", "_k", "_gt", "_v", "_i", "_unused"};  // by Tag

/// How a unit of a layer is called, and its part: `l2_g4_p1`.
struct UnitText {
  ShortText unit;
  ShortText part;
  bool always_has_part = false;
};

constexpr std::array<UnitText, 7> kUnits = {{{}, {"_f", "_t", true}, {"_n", "_b"}, {"_n", "_h", true}, {"_g", "_p"}, {"_m", "_p"}, {}}};  // by Unit

char* put_delay(char* out, const NetName& name) { return name.delay == 0 ? out : put_number(put(out, "_d"), name.delay); }

char* put_input(char* out, const NetName& name) {
  if (name.delay == 0 && !name.inverted) return put(put_number(put(out, "features["), name.index), "]");
  out = put_number(put(out, "features_"), name.index);
  if (name.inverted) out = put(out, "_inv");
  return put_delay(out, name);
}

char* put_valid(char* out, const NetName& name) {
  out = put_number(put(out, "valid_d"), name.delay);
  return name.tag == Tag::table ? put(out, "_next") : out;
}

}  // namespace

char* put_name(char* out, const NetName& name) {
  if (name.unit == Unit::input) return put_input(out, name);
  if (name.unit == Unit::valid) return put_valid(out, name);
  const UnitText& text = kUnits[static_cast<std::size_t>(name.unit)];
  *out = 'l';
  out = put_short(put_number(out + 1, name.layer), text.unit);
  out = put_number(out, name.index);
  if (name.sub != 0 || text.always_has_part) out = put_number(put_short(out, text.part), name.sub);
  out = put_short(out, kTags[static_cast<std::size_t>(name.tag)]);
  if (name.tag != Tag::value) out = put_number(out, name.number);
  if (name.inverted) out = put(out, "_inv");
  if (name.unread) out = put(out, "_unused");
  return put_delay(out, name);
}

std::string spell(const NetName& name) {
  std::array<char, kMostNameBytes> text;
  return {text.data(), put_name(text.data(), name)};
}

}  // namespace lutgen::netlist
