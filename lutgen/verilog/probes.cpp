// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/probes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/base/text_buffer.hpp"
#include "lutgen/netlist/netlist.hpp"

namespace lutgen::verilog {
namespace {

// Written by hand: one probe a line keeps the file readable and its writer fast; net names need no escapes.

using base::put;
using base::put_number;
using base::TextBuffer;
using netlist::NetId;

constexpr std::size_t kProbesPerPiece = 32768;
/// No probe takes more, its nets left out, and no net with its stage.
constexpr std::size_t kMostProbeBytes = 64;
constexpr std::size_t kMostNetBytes = netlist::kMostNameBytes + 32;

std::string file_head() { return fmt::format("{{\n  \"format\": {},\n  \"layers\": [", kManifestFormat); }
constexpr std::string_view kFileTail = "\n  ]\n}\n";

std::string layer_head(std::size_t layer, bool is_first) {
  return fmt::format("{}\n    {{\"layer\": {}, \"probes\": [", is_first ? "" : ",", layer);
}
constexpr std::string_view kLayerTail = "]}";

/// One probe into a place with room for it: `put_net(out, i)` puts net i, `stage(i)` is its stage.
template <class PutNet, class Stage>
char* put_probe(char* out, bool is_first, std::uint32_t index, std::size_t nets, PutNet&& put_net, Stage&& stage) {
  out = put_number(put(out, is_first ? "\n      {\"index\": " : ",\n      {\"index\": "), index);
  out = put(out, ", \"nets\": [");
  for (std::size_t i = 0; i < nets; ++i) out = put(put_net(put(out, i == 0 ? "\"" : ", \""), i), "\"");
  out = put(out, "], \"stages\": [");
  for (std::size_t i = 0; i < nets; ++i) out = put_number(put(out, i == 0 ? "" : ", "), stage(i));
  return put(out, "]}");
}

/// Some probes of a layer.
struct Piece {
  std::size_t layer;
  std::size_t first;
  std::size_t end;
};

std::vector<Piece> list_pieces(const map::Mapped& mapped) {
  std::vector<Piece> pieces;
  for (std::size_t l = 0; l < mapped.layer_values.size(); ++l) {
    const std::size_t count = mapped.layer_values[l].value_count();
    for (std::size_t first = 0; first < count; first += kProbesPerPiece) {
      pieces.push_back({l, first, std::min(first + kProbesPerPiece, count)});
    }
  }
  return pieces;
}

/// How a net is named inside the module; constants as Verilog writes them.
char* put_net(char* out, const netlist::Netlist& net, NetId id) {
  return id == NetId::zero ? put(out, "1'b0") : id == NetId::one ? put(out, "1'b1") : netlist::put_name(out, net.name(id));
}

void print_piece(const map::Mapped& mapped, const Piece& piece, bool is_first, TextBuffer& text) {
  const netlist::Netlist& net = mapped.netlist;
  const map::LayerValues& values = mapped.layer_values[piece.layer];
  if (piece.first == 0) text.append(layer_head(piece.layer, is_first));
  for (std::size_t v = piece.first; v < piece.end; ++v) {
    const map::LayerValues::Value value = values.at(v);
    char* out = text.make_room(kMostProbeBytes + value.nets.size() * kMostNetBytes);
    const auto put_value_net = [&](char* at, std::size_t i) { return put_net(at, net, value.nets[i]); };
    const auto stage = [&](std::size_t i) { return mapped.net_stage[netlist::index_of(value.nets[i])]; };
    text.end_at(put_probe(out, v == 0, value.index, value.nets.size(), put_value_net, stage));
  }
  if (piece.end == values.value_count()) text.append(kLayerTail);
}

}  // namespace

std::vector<LayerProbes> list_probes(const map::Mapped& mapped) {
  std::vector<LayerProbes> layers;
  std::array<char, kMostNetBytes> text;
  for (std::size_t l = 0; l < mapped.layer_values.size(); ++l) {
    const map::LayerValues& values = mapped.layer_values[l];
    LayerProbes layer{static_cast<std::uint32_t>(l), {}};
    for (std::size_t v = 0; v < values.value_count(); ++v) {
      Probe probe{values.at(v).index, {}, {}};
      for (const NetId id : values.at(v).nets) {
        probe.nets.emplace_back(text.data(), put_net(text.data(), mapped.netlist, id));
        probe.stages.push_back(mapped.net_stage[netlist::index_of(id)]);
      }
      layer.probes.push_back(std::move(probe));
    }
    if (!layer.probes.empty()) layers.push_back(std::move(layer));
  }
  return layers;
}

Result<void> print_probes(const map::Mapped& mapped, std::size_t threads, const base::WriteText& write) {
  const std::vector<Piece> pieces = list_pieces(mapped);
  LUTGEN_TRY_VOID(write(file_head()));
  LUTGEN_TRY_VOID(base::write_pieces(
      pieces.size(), threads, [&](std::size_t i, TextBuffer& text) { print_piece(mapped, pieces[i], i == 0, text); }, write));
  return write(kFileTail);
}

std::string probes_json(const std::vector<LayerProbes>& layers) {
  std::string text = file_head();
  TextBuffer line;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    text += layer_head(layers[l].layer, l == 0);
    for (std::size_t p = 0; p < layers[l].probes.size(); ++p) {
      const Probe& probe = layers[l].probes[p];
      std::size_t room = kMostProbeBytes;
      for (const std::string& net : probe.nets) room += net.size() + kMostNetBytes;
      line.clear();
      line.end_at(put_probe(
          line.make_room(room), p == 0, probe.index, probe.nets.size(), [&](char* at, std::size_t i) { return put(at, probe.nets[i]); },
          [&](std::size_t i) { return probe.stages[i]; }));
      text += line.text();
    }
    text += kLayerTail;
  }
  return text + std::string(kFileTail);
}

}  // namespace lutgen::verilog
