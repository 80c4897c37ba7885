// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "lutgen/base/text_buffer.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::netlist {
namespace {

using base::put;
using base::put_number;

constexpr std::array<std::string_view, 9> kTags = {"_y", "_s", "_t", "_c", "_k", "_gt", "_v", "_i", "_unused"};  // by Tag

char* put_delay(char* out, const NetName& name) { return name.delay == 0 ? out : put_number(put(out, "_d"), name.delay); }

char* put_input(char* out, const NetName& name) {
  if (name.delay == 0 && !name.inverted) return put(put_number(put(out, "features["), name.index), "]");
  out = put_number(put(out, "features_"), name.index);
  if (name.inverted) out = put(out, "_inv");
  return put_delay(out, name);
}

/// Layer, what of it, and the part of that where it has parts: `l2_g4_p1`.
char* put_unit(char* out, const NetName& name, std::string_view unit, std::string_view part) {
  out = put_number(put(out, "l"), name.layer);
  out = put_number(put(out, unit), name.index);
  return part.empty() ? out : put_number(put(out, part), name.sub);
}

}  // namespace

char* put_name(char* out, const NetName& name) {
  const bool whole = name.sub == 0;
  switch (name.unit) {
    case Unit::input: return put_input(out, name);
    case Unit::valid:
      out = put_number(put(out, "valid_d"), name.delay);
      return name.tag == Tag::table ? put(out, "_next") : out;
    case Unit::threshold: out = put_unit(out, name, "_f", "_t"); break;
    case Unit::neuron: out = put_unit(out, name, "_n", whole ? "" : "_b"); break;
    case Unit::branch: out = put_unit(out, name, "_n", "_h"); break;
    case Unit::group: out = put_unit(out, name, "_g", whole ? "" : "_p"); break;
    case Unit::match: out = put_unit(out, name, "_m", whole ? "" : "_p"); break;
  }
  out = put(out, kTags[static_cast<std::size_t>(name.tag)]);
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
