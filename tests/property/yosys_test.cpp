// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"
#include "tests/property/random_design.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using netlist::CellId;
using netlist::NetId;

namespace {

/// A cell in a form that both sides can be brought to: type, parameters, and the nets on its pins as
/// Yosys numbers them ("0", "1" for constants).
struct PlainCell {
  std::string type;
  std::map<std::string, std::string> parameters;
  std::map<std::string, std::vector<std::string>> pins;

  friend auto operator<=>(const PlainCell&, const PlainCell&) = default;
};

std::string net_label(const netlist::Netlist& net, NetId id) {
  if (id == NetId::zero) return "0";
  if (id == NetId::one) return "1";
  if (id == net.clock) return "clk[0]";
  if (id == net.reset) return "rst[0]";
  if (id == net.in_valid) return "in_valid[0]";
  const std::string name = netlist::spell(net.name(id));
  return name.back() == ']' ? name : name + "[0]";
}

std::string binary(std::uint64_t value, unsigned bits) {
  std::string text;
  for (unsigned i = bits; i-- > 0;) text += ((value >> i) & 1) != 0 ? '1' : '0';
  return text;
}

using NetNumbers = std::map<std::string, std::string>;

std::string bit_text(const io::Json& bit) {
  return bit.is_string() ? bit.get<std::string>() : bit.dump();
}

/// Number of every net of a module, by name.
NetNumbers number_nets(const io::Json& module) {
  NetNumbers numbers;
  for (const auto& [name, net] : module["netnames"].items()) {
    for (std::size_t i = 0; i < net["bits"].size(); ++i) {
      numbers[fmt::format("{}[{}]", name, i)] = bit_text(net["bits"][i]);
    }
  }
  return numbers;
}

/// What the netlist holds.
std::vector<PlainCell> cells_of(const netlist::Netlist& net, const NetNumbers& numbers) {
  std::vector<PlainCell> cells;
  for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
    const auto& record = net.cell(CellId{c});
    const auto& type = tech::cell_type(record.type);
    PlainCell cell{std::string(type.name), {}, {}};
    for (const auto& parameter : type.init) {
      cell.parameters[std::string(parameter.name)] = binary(record.init >> parameter.shift, parameter.bits);
    }
    for (const auto& parameter : type.text) {
      // Yosys marks a text that could be taken for a number by a space behind it.
      const bool numeric = parameter.value.find_first_not_of("01xz") == std::string_view::npos;
      cell.parameters[std::string(parameter.name)] = std::string(parameter.value) + (numeric ? " " : "");
    }
    auto nets = net.pins(CellId{c});
    for (const auto& pin : type.pins) {
      for (std::uint8_t b = 0; b < pin.pin_bits; ++b) {
        const std::string label = net_label(net, nets[b]);
        const auto found = numbers.find(label);
        cell.pins[std::string(pin.name)].push_back(found == numbers.end() ? label : found->second);
      }
      nets = nets.subspan(pin.pin_bits);
    }
    cells.push_back(std::move(cell));
  }
  std::sort(cells.begin(), cells.end());
  return cells;
}

/// What Yosys read, from its JSON.
std::vector<PlainCell> cells_of(const io::Json& module) {
  std::vector<PlainCell> cells;
  for (const auto& [instance, cell] : module["cells"].items()) {
    PlainCell plain{cell["type"].get<std::string>(), {}, {}};
    for (const auto& [name, value] : cell["parameters"].items()) plain.parameters[name] = value.get<std::string>();
    for (const auto& [pin, bits] : cell["connections"].items()) {
      for (const auto& bit : bits) plain.pins[pin].push_back(bit_text(bit));
    }
    cells.push_back(std::move(plain));
  }
  std::sort(cells.begin(), cells.end());
  return cells;
}

/// Type, parameters and pins of one cell, for a message.
std::string text_of(const PlainCell& cell) {
  std::string text = cell.type;
  for (const auto& [name, value] : cell.parameters) text += fmt::format(" {}={}", name, value);
  for (const auto& [pin, nets] : cell.pins) {
    for (const auto& net : nets) text += fmt::format(" .{}({})", pin, net);
  }
  return text;
}

/// Emits random networks, lets Yosys check and read all of them at once, and compares every cell.
void check_family(tech::Family family) {
  if (!test::have_tool("yosys")) return;
  constexpr std::uint64_t kNetworks = 40;
  const test::TemporaryFolder folder;
  std::map<std::string, netlist::Netlist> expected;
  std::string script = fmt::format("read_verilog -lib {}/rtl/cells/{}/*.v\n", LUTGEN_SOURCE_DIR, tech::family_name(family));
  for (std::uint64_t seed = 1; seed <= kNetworks; ++seed) {
    const auto design = verilog::build_design(test::random_design_model(seed), test::random_emit_options(family, seed));
    REQUIRE(design);
    REQUIRE(verilog::write_design(*design, folder.path() / design->manifest.top));
    expected.emplace(design->manifest.top, design->mapped.netlist);
    script += fmt::format("read_verilog {0}/{0}.v\n", design->manifest.top);
  }
  script += "hierarchy -check\ncheck -assert\nwrite_json all.json\n";
  REQUIRE(base::write_file(folder.path() / "read.ys", script));
  const auto ran = base::run_process({.arguments = {"yosys", "-q", "read.ys"},
                                      .folder = folder.path(),
                                      .environment = {},
                                      .log = folder.path() / "yosys.log"});
  if (!ran) FAIL(to_text(ran.error()));
  const auto json = io::parse_json(base::read_file(folder.path() / "all.json").value(), "all.json");
  REQUIRE(json);
  for (const auto& [top, net] : expected) {
    const auto& module = (*json)["modules"][top];
    const auto wanted = cells_of(net, number_nets(module));
    const auto found = cells_of(module);
    REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      INFO(top << ", cell " << i << " in sorted order");
      REQUIRE(text_of(found[i]) == text_of(wanted[i]));
    }
  }
}

}  // namespace

TEST_CASE("Yosys reads back the cells of random xc7 networks", "[yosys][xc7]") { check_family(tech::Family::xc7); }
TEST_CASE("Yosys reads back the cells of random ecp5 networks", "[yosys][ecp5]") { check_family(tech::Family::ecp5); }
TEST_CASE("Yosys reads back the cells of random ice40 networks", "[yosys][ice40]") {
  check_family(tech::Family::ice40);
}
TEST_CASE("Yosys reads back the cells of random gowin networks", "[yosys][gowin]") {
  check_family(tech::Family::gowin);
}
TEST_CASE("Yosys reads back the cells of random gatemate networks", "[yosys][gatemate]") {
  check_family(tech::Family::gatemate);
}
