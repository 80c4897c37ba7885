// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/print.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/base/text_buffer.hpp"
#include "lutgen/verilog/cell_text.hpp"
#include "lutgen/verilog/names.hpp"

namespace lutgen::verilog {
namespace {

using base::put;
using base::TextBuffer;
using netlist::CellId;
using netlist::index_of;
using netlist::NetId;
using netlist::Netlist;

/// Cells of a piece of the text: some 2 MB.
constexpr std::uint32_t kCellsPerPiece = 8192;
/// How many cells ahead the names are fetched: nets lie anywhere in memory.
constexpr std::uint32_t kFetchAhead = 12;
constexpr std::size_t kNetsPerLine = 6;
/// Nets of a block of names.
constexpr std::uint32_t kBlock = 64;
/// No net takes more in a list of nets, what stands between two included.
constexpr std::size_t kMostNetBytes = netlist::kMostNameBytes + 16;

/// The names of all nets. Cells read nets from anywhere, and a million names are more than a cache holds; but the nets of a
/// layer are mostly called one after another, and a block of them that is needs only its first name.
class Names {
 public:
  explicit Names(const Netlist& net) : net_(net), blocks_((std::size_t{net.net_count()} + kBlock - 1) / kBlock) {
    for (std::uint32_t n = 0; n < net.net_count(); ++n) {
      Block& block = blocks_[n / kBlock];
      if (n % kBlock == 0) block = {net.name(NetId{n}), true};
      block.counts = block.counts && net.name(NetId{n}) == name_in(block, n);
    }
  }

  [[nodiscard]] netlist::NetName name(NetId id) const {
    const Block& block = blocks_[index_of(id) / kBlock];
    return block.counts ? name_in(block, index_of(id)) : net_.name(id);
  }

  void fetch(NetId id) const {
    if (blocks_[index_of(id) / kBlock].counts) return;
    // A name may lie across two lines of a cache.
    __builtin_prefetch(&net_.name(id).layer);
    __builtin_prefetch(&net_.name(id).unread);
  }

 private:
  struct Block {
    netlist::NetName first;
    bool counts = false;  // the others are first.index + 1, + 2, ...
  };

  static netlist::NetName name_in(const Block& block, std::uint32_t net) {
    netlist::NetName name = block.first;
    name.index += net % kBlock;
    return name;
  }

  const Netlist& net_;
  std::vector<Block> blocks_;
};

class Printer {
 public:
  Printer(const Netlist& net, const PrintOptions& options) : net_(net), options_(options), names_(net), texts_(make_cell_texts()) {
    std::size_t outputs = 0;
    for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
      if (c % kCellsPerPiece == 0) outputs_before_.push_back(outputs);
      outputs += tech::cell_type(net.cell(CellId{c}).type).output_bits;
    }
  }

  /// The head, the wires, the unused inputs, the cells, the end.
  [[nodiscard]] std::size_t piece_count() const { return 3 + 2 * outputs_before_.size(); }

  void print_piece(std::size_t piece, TextBuffer& text) const {
    const std::size_t parts = outputs_before_.size();
    if (piece == 0) return print_head(text);
    if (piece <= parts) return print_wires(piece - 1, text);
    if (piece == parts + 1) return print_unused(text);
    if (piece <= 2 * parts + 1) return print_cells(piece - parts - 2, text);
    print_end(text);
  }

 private:
  struct Range {
    std::uint32_t first;
    std::uint32_t end;
  };
  [[nodiscard]] Range cells_of(std::size_t part) const {
    const auto first = static_cast<std::uint32_t>(part) * kCellsPerPiece;
    return {first, std::min(first + kCellsPerPiece, net_.cell_count())};
  }

  /// How a pin's connection is written.
  [[nodiscard]] char* put_net(char* out, NetId id) const {
    if (id == NetId::zero) return put(out, "1'b0");
    if (id == NetId::one) return put(out, "1'b1");
    if (id == net_.clock) return put(out, kClockPort);
    if (id == net_.reset) return put(out, kResetPort);
    if (id == net_.in_valid) return put(out, kInValidPort);
    return netlist::put_name(out, names_.name(id));
  }

  void print_head(TextBuffer& text) const {
    for (const std::string& line : options_.header) text.append(fmt::format("// {}\n", line));
    text.append("`default_nettype none\n\n");
    text.append(fmt::format("module {} (\n    input  wire {},\n    input  wire {},\n    input  wire {},\n", options_.top, kClockPort,
                            kResetPort, kInValidPort));
    text.append(fmt::format("    input  wire [{}:0] {},\n", net_.feature_bits.size() - 1, kFeaturesPort));
    text.append(fmt::format("    output wire {}", kOutValidPort));
    const auto vector = [&](const std::vector<NetId>& nets, std::string_view name) {
      if (!nets.empty()) text.append(fmt::format(",\n    output wire [{}:0] {}", nets.size() - 1, name));
    };
    vector(net_.class_index, kClassPort);
    vector(net_.scores, kScoresPort);
    vector(net_.bits, kBitsPort);
    text.append("\n);\n\n");
  }

  /// Every net that a cell drives, in the order of the cells, a few a line.
  void print_wires(std::size_t part, TextBuffer& text) const {
    std::size_t count = outputs_before_[part];
    const Range cells = cells_of(part);
    for (std::uint32_t c = cells.first; c < cells.end; ++c) {
      const auto nets = net_.output_pins(CellId{c});
      char* out = text.make_room(nets.size() * kMostNetBytes);
      for (const NetId id : nets) {
        out = put(out, count == 0 ? "  wire " : count % kNetsPerLine == 0 ? ";\n  wire " : ", ");
        out = put_net(out, id);
        ++count;
      }
      text.end_at(out);
    }
    if (part + 1 == outputs_before_.size() && count != 0) text.append(";\n\n");
  }

  /// Input bits that nothing reads are gathered in one vector, so that the module is free of lint.
  void print_unused(TextBuffer& text) const {
    const std::vector<bool> read = netlist::compute_read_nets(net_);
    std::vector<NetId> unused;
    for (const NetId id : {net_.clock, net_.reset}) {
      if (!read[index_of(id)]) unused.push_back(id);
    }
    std::copy_if(net_.feature_bits.begin(), net_.feature_bits.end(), std::back_inserter(unused),
                 [&](NetId id) { return !read[index_of(id)]; });
    if (unused.empty()) return;
    text.append(fmt::format("  // inputs that no cell reads\n  wire [{}:0] unused_inputs = ", unused.size() - 1));
    print_vector(unused, text);
    text.append(";\n");
  }

  /// A concatenation, most significant bit first, a few bits a line.
  [[nodiscard]] char* put_vector(char* out, std::span<const NetId> nets) const {
    *out++ = '{';
    for (std::size_t i = nets.size(); i-- > 0;) {
      const std::size_t position = nets.size() - 1 - i;
      if (position != 0) out = put(out, position % 8 == 0 ? ",\n      " : ", ");
      out = put_net(out, nets[i]);
    }
    *out++ = '}';
    return out;
  }

  void print_vector(std::span<const NetId> nets, TextBuffer& text) const {
    text.end_at(put_vector(text.make_room(2 + nets.size() * kMostNetBytes), nets));
  }

  /// The valid chain's gates, where a family needs any, stand among its flops.
  [[nodiscard]] bool is_register(std::uint32_t c) const {
    return tech::cell_type(net_.cell(CellId{c}).type).role == tech::CellRole::flop ||
           net_.name(net_.output_pins(CellId{c})[0]).unit == netlist::Unit::valid;
  }

  void print_cells(std::size_t part, TextBuffer& text) const {
    const Range cells = cells_of(part);
    std::uint32_t section = cells.first == 0 ? ~std::uint32_t{0} : net_.cell(CellId{cells.first - 1}).layer;
    bool registers = cells.first != 0 && is_register(cells.first - 1);
    for (std::uint32_t c = cells.first; c < cells.end; ++c) {
      fetch_ahead(c, cells.end);
      const netlist::CellRecord& cell = net_.cell(CellId{c});
      const bool is_flop = is_register(c);
      if (is_flop && !registers) text.append("\n  // registers\n");
      if (!is_flop && cell.layer != section) {
        text.append(fmt::format("\n  // {}\n", cell.layer < options_.layer_labels.size() ? options_.layer_labels[cell.layer] : ""));
      }
      registers = is_flop;
      section = cell.layer;
      print_cell(CellId{c}, text);
    }
  }

  /// Asks the memory for what the cells after this one need.
  void fetch_ahead(std::uint32_t c, std::uint32_t end) const {
    if (c + 3 * kFetchAhead >= end) return;
    net_.fetch_cell(CellId{c + 3 * kFetchAhead});
    net_.fetch_pins(CellId{c + 2 * kFetchAhead});
    for (const NetId net : net_.pins(CellId{c + kFetchAhead})) names_.fetch(net);
  }

  void print_cell(CellId id, TextBuffer& text) const {
    const netlist::CellRecord& cell = net_.cell(id);
    const CellText& type = texts_[static_cast<std::size_t>(cell.type)];
    auto pins = net_.pins(id);
    char* out = text.make_room(type.fixed_bytes + (pins.size() + 1) * kMostNetBytes);
    out = put(out, type.open);
    for (const InitText& init : type.init) out = base::put_hex(put(out, init.before), (cell.init >> init.shift) & init.mask, init.digits);
    out = netlist::put_name(put(out, type.before_name), instance_base(id));
    for (const PinText& pin : type.pins) {
      out = put(out, pin.before);
      out = pin.pin_bits == 1 ? put_net(out, pins[0]) : put_vector(out, pins.first(pin.pin_bits));
      pins = pins.subspan(pin.pin_bits);
    }
    text.end_at(put(out, "));\n"));
  }

  /// Instances are called after a net that they drive: the first that is used, if any is.
  [[nodiscard]] const netlist::NetName& instance_base(CellId id) const {
    const auto outputs = net_.output_pins(id);
    const auto named = std::find_if(outputs.begin(), outputs.end(), [&](NetId net) {
      return net_.name(net).tag != netlist::Tag::unused && !net_.name(net).unread;
    });
    return net_.name(named == outputs.end() ? outputs[0] : *named);
  }

  void print_end(TextBuffer& text) const {
    const auto assign = [&](std::string_view port) { text.append(fmt::format("  assign {} = ", port)); };
    text.append("\n");
    assign(kOutValidPort);
    text.end_at(put_net(text.make_room(kMostNetBytes), net_.out_valid));
    text.append(";\n");
    const auto vector = [&](const std::vector<NetId>& nets, std::string_view name) {
      if (nets.empty()) return;
      assign(name);
      print_vector(nets, text);
      text.append(";\n");
    };
    vector(net_.class_index, kClassPort);
    vector(net_.scores, kScoresPort);
    vector(net_.bits, kBitsPort);
    text.append("endmodule\n\n`default_nettype wire\n");
  }

  const Netlist& net_;
  const PrintOptions& options_;
  Names names_;
  CellTexts texts_;
  std::vector<std::size_t> outputs_before_;  // [parts]: nets that cells of earlier parts drive
};

}  // namespace

Result<void> print_module(const Netlist& netlist, const PrintOptions& options, const base::WriteText& write) {
  const Printer printer(netlist, options);
  const std::size_t pieces = printer.piece_count();
  std::size_t done = 0;
  return base::write_pieces(
      pieces, options.threads, [&](std::size_t piece, TextBuffer& text) { printer.print_piece(piece, text); },
      [&](std::string_view text) {
        if (options.progress != nullptr) options.progress->update("write Verilog", ++done, pieces);
        return write(text);
      });
}

std::string print_module(const Netlist& netlist, const PrintOptions& options) {
  std::string module;
  const auto printed = print_module(netlist, options, [&](std::string_view text) -> Result<void> {
    module += text;
    return {};
  });
  LUTGEN_CHECK(printed.has_value());
  return module;
}

}  // namespace lutgen::verilog
