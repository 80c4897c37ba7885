// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/print.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "lutgen/verilog/names.hpp"

namespace lutgen::verilog {
namespace {

using netlist::CellId;
using netlist::index_of;
using netlist::NetId;
using netlist::Netlist;

class Printer {
 public:
  Printer(const Netlist& net, const PrintOptions& options) : net_(net), options_(options) {}

  std::string print() {
    for (const std::string& line : options_.header) write("// {}\n", line);
    write("`default_nettype none\n\n");
    print_ports();
    print_wires();
    print_unused();
    print_cells();
    print_outputs();
    write("endmodule\n\n`default_nettype wire\n");
    return std::move(text_);
  }

 private:
  template <class... Arguments>
  void write(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
  }

  /// How a pin's connection is written.
  [[nodiscard]] std::string net_text(NetId id) const {
    if (id == NetId::zero) return "1'b0";
    if (id == NetId::one) return "1'b1";
    if (id == net_.clock) return std::string(kClockPort);
    if (id == net_.reset) return std::string(kResetPort);
    if (id == net_.in_valid) return std::string(kInValidPort);
    return netlist::spell(net_.name(id));
  }

  void print_ports() {
    write("module {} (\n", options_.top);
    write("    input  wire {},\n    input  wire {},\n    input  wire {},\n", kClockPort, kResetPort, kInValidPort);
    write("    input  wire [{}:0] {},\n", net_.feature_bits.size() - 1, kFeaturesPort);
    write("    output wire {}", kOutValidPort);
    const auto vector = [&](const std::vector<NetId>& nets, std::string_view name) {
      if (!nets.empty()) write(",\n    output wire [{}:0] {}", nets.size() - 1, name);
    };
    vector(net_.class_index, kClassPort);
    vector(net_.scores, kScoresPort);
    vector(net_.bits, kBitsPort);
    write("\n);\n\n");
  }

  /// Every net that a cell drives, in the order of the cells, a few a line.
  void print_wires() {
    constexpr std::size_t kNetsPerLine = 6;
    std::size_t count = 0;
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) {
      for (const NetId id : net_.output_pins(CellId{c})) {
        write("{}{}", count == 0 ? "  wire " : count % kNetsPerLine == 0 ? ";\n  wire " : ", ", net_text(id));
        ++count;
      }
    }
    write("{}", count == 0 ? "" : ";\n\n");
  }

  /// Input bits that nothing reads are gathered in one vector, so that the module is free of lint.
  void print_unused() {
    std::vector<bool> read(net_.net_count(), false);
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) {
      for (const NetId id : net_.input_pins(CellId{c})) read[index_of(id)] = true;
    }
    for (const auto* nets : {&net_.class_index, &net_.scores, &net_.bits}) {
      for (const NetId id : *nets) read[index_of(id)] = true;
    }
    read[index_of(net_.out_valid)] = true;
    std::vector<NetId> unused;
    for (const NetId id : {net_.clock, net_.reset}) {
      if (!read[index_of(id)]) unused.push_back(id);
    }
    std::copy_if(net_.feature_bits.begin(), net_.feature_bits.end(), std::back_inserter(unused),
                 [&](NetId id) { return !read[index_of(id)]; });
    if (unused.empty()) return;
    write("  // inputs that no cell reads\n  wire [{}:0] unused_inputs = ", unused.size() - 1);
    print_vector(unused);
    write(";\n");
  }

  /// A concatenation, most significant bit first, a few bits a line.
  void print_vector(const std::vector<NetId>& nets) {
    write("{{");
    for (std::size_t i = nets.size(); i-- > 0;) {
      const std::size_t position = nets.size() - 1 - i;
      if (position != 0) write("{}", position % 8 == 0 ? ",\n      " : ", ");
      write("{}", net_text(nets[i]));
    }
    write("}}");
  }

  void print_cells() {
    std::uint32_t section = ~std::uint32_t{0};
    bool registers = false;
    for (std::uint32_t c = 0; c < net_.cell_count(); ++c) {
      const netlist::CellRecord& cell = net_.cell(CellId{c});
      // The valid chain's gates, where a family needs any, stand among its flops.
      const bool is_flop = tech::cell_type(cell.type).role == tech::CellRole::flop ||
                           net_.name(net_.output_pins(CellId{c})[0]).unit == netlist::Unit::valid;
      if (is_flop && !registers) write("\n  // registers\n");
      if (!is_flop && cell.layer != section) {
        write("\n  // {}\n", cell.layer < options_.layer_labels.size() ? options_.layer_labels[cell.layer] : "");
      }
      registers = is_flop;
      section = cell.layer;
      print_cell(CellId{c});
    }
  }

  void print_cell(CellId id) {
    const netlist::CellRecord& cell = net_.cell(id);
    const tech::CellType& type = tech::cell_type(cell.type);
    write("  {}", type.name);
    std::string_view separator = " #(";
    for (const tech::InitParameter& parameter : type.init) {
      const std::uint64_t mask = parameter.bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << parameter.bits) - 1;
      write("{}.{}({}'h{:0{}X})", separator, parameter.name, parameter.bits,
            (cell.init >> parameter.shift) & mask, (parameter.bits + 3) / 4);
      separator = ", ";
    }
    for (const tech::TextParameter& parameter : type.text) {
      write("{}.{}(\"{}\")", separator, parameter.name, parameter.value);
      separator = ", ";
    }
    if (separator == ", ") write(")");
    write(" {}_{} (", instance_base(id), suffix(type.role));
    print_pins(id, type);
    write(");\n");
  }

  void print_pins(CellId id, const tech::CellType& type) {
    auto pins = net_.pins(id);
    std::string_view separator;
    for (const tech::Pin& pin : type.pins) {
      write("{}.{}(", separator, pin.name);
      if (pin.pin_bits == 1) {
        write("{}", net_text(pins[0]));
      } else {
        print_vector({pins.begin(), pins.begin() + pin.pin_bits});
      }
      write(")");
      separator = ", ";
      pins = pins.subspan(pin.pin_bits);
    }
  }

  /// Instances are called after a net that they drive: the first that is used, if any is.
  [[nodiscard]] std::string instance_base(CellId id) const {
    const auto outputs = net_.output_pins(id);
    const auto named = std::find_if(outputs.begin(), outputs.end(), [&](NetId net) {
      return net_.name(net).tag != netlist::Tag::unused && !net_.name(net).unread;
    });
    return netlist::spell(net_.name(named == outputs.end() ? outputs[0] : *named));
  }

  static std::string_view suffix(tech::CellRole role) {
    switch (role) {
      case tech::CellRole::lut: return "lut";
      case tech::CellRole::mux: return "mux";
      case tech::CellRole::carry: return "carry";
      case tech::CellRole::flop: return "ff";
    }
    return "";
  }

  void print_outputs() {
    write("\n  assign {} = {};\n", kOutValidPort, net_text(net_.out_valid));
    const auto vector = [&](const std::vector<NetId>& nets, std::string_view name) {
      if (nets.empty()) return;
      write("  assign {} = ", name);
      print_vector(nets);
      write(";\n");
    };
    vector(net_.class_index, kClassPort);
    vector(net_.scores, kScoresPort);
    vector(net_.bits, kBitsPort);
  }

  const Netlist& net_;
  const PrintOptions& options_;
  std::string text_;
};

}  // namespace

std::string print_module(const Netlist& netlist, const PrintOptions& options) {
  return Printer(netlist, options).print();
}

}  // namespace lutgen::verilog
