// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/read_back.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"
#include "lutgen/verilog/names.hpp"

namespace lutgen::prove {
namespace {

using io::Json;
using netlist::NetId;

constexpr std::uint32_t kNone = 0xFFFFFFFF;

/// A cell before the order of evaluation is known.
struct LooseCell {
  std::string name;
  tech::Cell type = tech::Cell::lut1;
  std::uint64_t init = 0;
  std::vector<NetId> pins;
};

class NetlistReader {
 public:
  NetlistReader(tech::Family family, const std::string& place) : place_(place), read_(family) {
    read_.names = {"1'b0", "1'b1"};
    for (std::size_t c = 0; c < tech::kCellCount; ++c) {
      const tech::CellType& type = tech::cell_type(static_cast<tech::Cell>(c));
      if (type.family == family) types_.emplace(type.name, type.id);
    }
  }

  Result<ReadNetlist> read(const Json& json) {
    LUTGEN_TRY(const Json* module, find_module(json));
    LUTGEN_TRY_VOID(read_names(*module));
    LUTGEN_TRY_VOID(read_ports(*module));
    LUTGEN_TRY(const Json* cells, io::get_object(*module, "cells", place_));
    for (const auto& [name, cell] : cells->items()) LUTGEN_TRY_VOID(read_cell(name, cell));
    LUTGEN_TRY_VOID(order_cells());
    find_undriven();
    return std::move(read_);
  }

 private:
  [[nodiscard]] tl::unexpected<Diagnostic> invalid(const std::string& where, std::string message) const {
    return fail(Code::prove_netlist_invalid, fmt::format("{}: {}", place_, where), std::move(message),
                "prove reads netlists of primitives as lutgen emit writes them; was the file made for this family?");
  }

  Result<const Json*> find_module(const Json& json) const {
    LUTGEN_TRY(const Json* modules, io::get_object(json, "modules", place_));
    const Json* best = nullptr;
    std::size_t most = 0;
    for (const auto& [name, module] : modules->items()) {
      LUTGEN_TRY(const Json* cells, io::get_object(module, "cells", place_));
      if (best != nullptr && cells->size() <= most) continue;
      best = &module;
      most = cells->size();
    }
    if (best == nullptr) return invalid("modules", "expected a module, found none");
    return best;
  }

  NetId add_net(std::string name) {
    read_.names.push_back(std::move(name));
    return read_.netlist.add_net({});
  }

  /// The net of one bit of the file: a number, or a constant as text.
  Result<NetId> read_bit(const Json& bit, const std::string& where) {
    if (bit.is_number_unsigned()) {
      const auto [found, is_new] = nets_.try_emplace(bit.get<std::uint64_t>(), NetId::zero);
      if (is_new) found->second = add_net(fmt::format("net {}", bit.get<std::uint64_t>()));
      return found->second;
    }
    if (bit == "0") return NetId::zero;
    if (bit == "1") return NetId::one;
    return invalid(where, fmt::format("expected a wire or a constant, found {}", io::describe(bit)));
  }

  Result<std::vector<NetId>> read_bits(const Json& object, std::string_view field, const std::string& where) {
    LUTGEN_TRY(const Json* bits, io::get_array(object, field, where));
    std::vector<NetId> nets;
    for (const Json& bit : *bits) {
      LUTGEN_TRY(const NetId net, read_bit(bit, where));
      nets.push_back(net);
    }
    return nets;
  }

  Result<void> read_names(const Json& module) {
    LUTGEN_TRY(const Json* names, io::get_object(module, "netnames", place_));
    for (const auto& [name, net] : names->items()) {
      LUTGEN_TRY(const Json* bits, io::get_array(net, "bits", fmt::format("{}: {}", place_, name)));
      for (std::size_t i = 0; i < bits->size(); ++i) {
        if (!(*bits)[i].is_number_unsigned()) continue;  // a constant, or nothing
        LUTGEN_TRY(const NetId id, read_bit((*bits)[i], name));
        const std::string label = bits->size() == 1 && name != verilog::kFeaturesPort ? name : fmt::format("{}[{}]", name, i);
        // A net with several names is called by the one that is not an output port's, where it has one.
        std::string& known = read_.names[index_of(id)];
        if (known.starts_with("net ") || known.ends_with(']')) known = label;
        read_.by_name.emplace(label, id);
      }
    }
    return {};
  }

  /// The nets of a port, or none where the module has no such port.
  Result<std::vector<NetId>> port(const Json& ports, std::string_view name, std::string_view direction) {
    const Json* found = io::find_field(ports, name);
    if (found == nullptr) return std::vector<NetId>{};
    LUTGEN_TRY(const std::string is, io::get_string(*found, "direction", fmt::format("{}: {}", place_, name)));
    if (is != direction) {
      return invalid(std::string(name), fmt::format("expected an {} port, found an {}", direction, is));
    }
    return read_bits(*found, "bits", std::string(name));
  }

  Result<NetId> bit_port(const Json& ports, std::string_view name, std::string_view direction) {
    LUTGEN_TRY(const std::vector<NetId> nets, port(ports, name, direction));
    if (nets.size() == 1) return nets[0];
    return invalid(std::string(name), fmt::format("expected an {} port of one bit, found {}", direction,
                                                  nets.empty() ? "none" : fmt::format("{} bits", nets.size())));
  }

  Result<void> read_ports(const Json& module) {
    LUTGEN_TRY(const Json* ports, io::get_object(module, "ports", place_));
    netlist::Netlist& net = read_.netlist;
    LUTGEN_TRY(net.clock, bit_port(*ports, verilog::kClockPort, "input"));
    LUTGEN_TRY(net.reset, bit_port(*ports, verilog::kResetPort, "input"));
    LUTGEN_TRY(net.in_valid, bit_port(*ports, verilog::kInValidPort, "input"));
    LUTGEN_TRY(net.out_valid, bit_port(*ports, verilog::kOutValidPort, "output"));
    LUTGEN_TRY(net.feature_bits, port(*ports, verilog::kFeaturesPort, "input"));
    LUTGEN_TRY(net.class_index, port(*ports, verilog::kClassPort, "output"));
    LUTGEN_TRY(net.scores, port(*ports, verilog::kScoresPort, "output"));
    LUTGEN_TRY(net.bits, port(*ports, verilog::kBitsPort, "output"));
    return {};
  }

  Result<void> read_cell(const std::string& name, const Json& cell) {
    const std::string where = fmt::format("cell {}", io::quote(name));
    LUTGEN_TRY(const std::string type_name, io::get_string(cell, "type", place_));
    const auto type = types_.find(type_name);
    if (type == types_.end()) {
      return invalid(where, fmt::format("expected a primitive of {}, found {}",
                                        tech::family_name(read_.netlist.family()), io::quote(type_name)));
    }
    LooseCell loose{name, type->second, 0, {}};
    LUTGEN_TRY_VOID(read_parameters(cell, where, loose));
    LUTGEN_TRY(const Json* connections, io::get_object(cell, "connections", place_));
    for (const tech::Pin& pin : tech::cell_type(loose.type).pins) {
      LUTGEN_TRY(const std::vector<NetId> nets, read_bits(*connections, pin.name, where));
      if (nets.size() != pin.pin_bits) {
        return invalid(where, fmt::format("expected {} bits on pin {}, found {}", pin.pin_bits, pin.name, nets.size()));
      }
      loose.pins.insert(loose.pins.end(), nets.begin(), nets.end());
    }
    cells_.push_back(std::move(loose));
    return {};
  }

  Result<void> read_parameters(const Json& cell, const std::string& where, LooseCell& loose) const {
    const tech::CellType& type = tech::cell_type(loose.type);
    LUTGEN_TRY(const Json* parameters, io::get_object(cell, "parameters", place_));
    if (parameters->size() != type.init.size() + type.text.size()) {
      return invalid(where, fmt::format("expected {} parameters, found {}", type.init.size() + type.text.size(),
                                        parameters->size()));
    }
    for (const tech::InitParameter& parameter : type.init) {
      LUTGEN_TRY(const std::string text, io::get_string(*parameters, parameter.name, where));
      if (text.size() != parameter.bits || text.find_first_not_of("01") != std::string::npos) {
        return invalid(where, fmt::format("expected {} binary digits in {}, found {}", parameter.bits, parameter.name,
                                          io::quote(text)));
      }
      std::uint64_t value = 0;
      for (const char digit : text) value = value << 1 | (digit == '1' ? 1u : 0u);
      loose.init |= value << parameter.shift;
    }
    for (const tech::TextParameter& parameter : type.text) {
      LUTGEN_TRY(std::string text, io::get_string(*parameters, parameter.name, where));
      // Yosys marks a text that could be taken for a number by a space behind it.
      if (text.ends_with(' ')) text.pop_back();
      if (text != parameter.value) {
        return invalid(where, fmt::format("expected {} {}, found {}", parameter.name, io::quote(parameter.value), io::quote(text)));
      }
    }
    const bool alu = loose.type == tech::Cell::gowin_alu;
    if (alu && loose.init != tech::kGowinAddSub) {
      return invalid(where, fmt::format("expected ALU_MODE {}, found {}", tech::kGowinAddSub, loose.init));
    }
    if (type.role == tech::CellRole::flop && loose.init != 0) {
      return invalid(where, "expected a flop that powers up at 0, found INIT 1");
    }
    return {};
  }

  [[nodiscard]] bool is_flop(std::uint32_t c) const { return tech::cell_type(cells_[c].type).role == tech::CellRole::flop; }

  [[nodiscard]] std::span<const NetId> outputs_of(std::uint32_t c) const {
    return std::span(cells_[c].pins).first(tech::cell_type(cells_[c].type).output_bits);
  }

  [[nodiscard]] std::span<const NetId> inputs_of(std::uint32_t c) const {
    return std::span(cells_[c].pins).subspan(tech::cell_type(cells_[c].type).output_bits);
  }

  /// The cell that drives each net, or kNone.
  Result<std::vector<std::uint32_t>> find_drivers() const {
    std::vector<std::uint32_t> driver(read_.netlist.net_count(), kNone);
    std::vector<bool> taken = compute_driven_nets(read_.netlist);  // by ports: no cell is there yet
    for (std::uint32_t c = 0; c < cells_.size(); ++c) {
      for (const NetId net : outputs_of(c)) {
        if (taken[index_of(net)]) {
          return invalid(fmt::format("cell {}", io::quote(cells_[c].name)),
                         fmt::format("expected to be the only driver of {}, found another", read_.names[index_of(net)]));
        }
        taken[index_of(net)] = true;
        driver[index_of(net)] = c;
      }
    }
    return driver;
  }

  /// Puts the cells into the netlist: combinational ones so that each reads only what stands before it, then flops.
  Result<void> order_cells() {
    LUTGEN_TRY(const std::vector<std::uint32_t> driver, find_drivers());
    // Cells are counted down by the inputs that still wait for a combinational driver.
    std::vector<std::vector<std::uint32_t>> readers(cells_.size());
    std::vector<std::uint32_t> waits(cells_.size(), 0);
    std::vector<std::uint32_t> ready;
    for (std::uint32_t c = 0; c < cells_.size(); ++c) {
      if (is_flop(c)) continue;
      for (const NetId net : inputs_of(c)) {
        const std::uint32_t from = driver[index_of(net)];
        if (from == kNone || is_flop(from)) continue;
        readers[from].push_back(c);
        ++waits[c];
      }
      if (waits[c] == 0) ready.push_back(c);
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
      const std::uint32_t cell = ready[next];
      read_.netlist.add_cell(cells_[cell].type, cells_[cell].init, cells_[cell].pins, 0);
      for (const std::uint32_t reader : readers[cell]) {
        if (--waits[reader] == 0) ready.push_back(reader);
      }
    }
    for (std::uint32_t c = 0; c < cells_.size(); ++c) {
      if (is_flop(c)) {
        read_.netlist.add_cell(cells_[c].type, cells_[c].init, cells_[c].pins, 0);
      } else if (waits[c] != 0) {
        return invalid(fmt::format("cell {}", io::quote(cells_[c].name)),
                       "expected no loop of combinational cells, found this one in or behind a loop");
      }
    }
    return {};
  }

  void find_undriven() {
    const netlist::Netlist& net = read_.netlist;
    const std::vector<bool> driven = compute_driven_nets(net);
    std::vector<bool> read(net.net_count(), false);
    for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
      for (const NetId id : net.input_pins(netlist::CellId{c})) read[index_of(id)] = true;
    }
    read[index_of(net.out_valid)] = true;
    for (const auto* nets : {&net.class_index, &net.scores, &net.bits}) {
      for (const NetId id : *nets) read[index_of(id)] = true;
    }
    for (std::uint32_t n = 0; n < net.net_count(); ++n) {
      if (read[n] && !driven[n]) read_.undriven.push_back(NetId{n});
    }
  }

  std::string place_;
  ReadNetlist read_;
  std::map<std::string, tech::Cell, std::less<>> types_;
  std::unordered_map<std::uint64_t, NetId> nets_;
  std::vector<LooseCell> cells_;
};

}  // namespace

Result<ReadNetlist> parse_netlist(std::string_view json, tech::Family family, const std::string& place) {
  LUTGEN_TRY(const Json parsed, io::parse_json(json, place));
  return NetlistReader(family, place).read(parsed);
}

Result<ReadNetlist> read_back(const std::filesystem::path& verilog, tech::Family family, const ReadBackOptions& options) {
  LUTGEN_TRY(const std::string text, base::read_file(verilog));
  base::FileSet files(options.work);
  files.add("netlist.v", text);
  files.add("read.ys", "read_verilog netlist.v\nwrite_json netlist.json\n");
  LUTGEN_TRY_VOID(files.commit());
  LUTGEN_TRY_VOID(base::run_process({.arguments = {options.yosys.string(), "-q", "read.ys"},
                                     .folder = options.work,
                                     .environment = {},
                                     .log = options.work / "yosys.log"}));
  LUTGEN_TRY(const std::string json, base::read_file(options.work / "netlist.json"));
  return parse_netlist(json, family, verilog.string());
}

}  // namespace lutgen::prove
