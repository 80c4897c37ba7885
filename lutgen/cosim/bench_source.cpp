// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/bench_source.hpp"

#include <vector>

#include <fmt/core.h>

namespace lutgen::cosim {
namespace {

using verilog::Manifest;
using verilog::Port;
using verilog::PortRole;

/// A port of the design under the bench's name.
struct BenchPort {
  const Port* port;
  std::string name;
};

std::uint64_t width_of(const Port& port) {
  return std::uint64_t{port.elements} * port.bits_per_element;
}

std::vector<BenchPort> bench_ports(const Manifest& manifest) {
  std::vector<BenchPort> ports;
  std::size_t outputs = 0;
  for (const Port& port : manifest.ports) {
    switch (port.role) {
      case PortRole::clock: ports.push_back({&port, "clk"}); break;
      case PortRole::reset: ports.push_back({&port, "rst"}); break;
      case PortRole::in_valid: ports.push_back({&port, "in_valid"}); break;
      case PortRole::features: ports.push_back({&port, "in0"}); break;
      case PortRole::out_valid: ports.push_back({&port, "out_valid"}); break;
      default: ports.push_back({&port, fmt::format("out{}", outputs++)}); break;
    }
  }
  return ports;
}

std::string range_of(std::uint64_t width) {
  return width == 1 ? std::string() : fmt::format(" [{}:0]", width - 1);
}

std::string cpp_port(const BenchPort& port) {
  return fmt::format("Port(\"{}\", top.{}, {})", port.port->name, port.name, width_of(*port.port));
}

std::string field_of(PortRole role) {
  switch (role) {
    case PortRole::clock: return "clock";
    case PortRole::reset: return "reset";
    case PortRole::in_valid: return "in_valid";
    case PortRole::out_valid: return "out_valid";
    default: return {};
  }
}

}  // namespace

std::string bench_verilog(const Manifest& manifest, std::span<const std::string> probes) {
  std::string header;
  std::string connections;
  for (const BenchPort& it : bench_ports(manifest)) {
    header += fmt::format("{}    {} wire{} {}", header.empty() ? "" : ",\n",
                          it.port->is_input ? "input " : "output", range_of(width_of(*it.port)),
                          it.name);
    connections += fmt::format("{}        .{}({})", connections.empty() ? "" : ",\n",
                               it.port->name, it.name);
  }
  if (!probes.empty())
    header += fmt::format(",\n    output wire{} probes", range_of(probes.size()));
  std::string text = fmt::format(
      "`resetall\n`default_nettype none\n"
      "/*\n * The design under fixed port names, for the co-simulation harness.\n */\n"
      "module {} (\n{}\n);\n    {} dut (\n{}\n    );\n",
      kBenchModule, header, manifest.top, connections);
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const bool is_constant = probes[i].find('\'') != std::string::npos;
    const std::string target = probes.size() == 1 ? "probes" : fmt::format("probes[{}]", i);
    text += fmt::format("    assign {} = {}{};\n", target, is_constant ? "" : "dut.", probes[i]);
  }
  return text + "endmodule\n`default_nettype wire\n";
}

std::string bench_main(const Manifest& manifest, std::size_t probes) {
  std::string single;
  std::string inputs;
  std::string outputs;
  for (const BenchPort& it : bench_ports(manifest)) {
    if (const std::string field = field_of(it.port->role); !field.empty()) {
      single += fmt::format("    design.{} = {};\n", field, cpp_port(it));
      continue;
    }
    std::string& list = it.port->is_input ? inputs : outputs;
    list += fmt::format("{}{}", list.empty() ? "" : ", ", cpp_port(it));
  }
  if (probes > 0)
    single += fmt::format("    design.probes = Port(\"probes\", top.probes, {});\n", probes);
  return fmt::format(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// The design in the harness; see lutgen_sim/main.hpp.\n"
      "#include \"V{0}.h\"\n#include \"lutgen_sim/main.hpp\"\n\n"
      "int main(int argc, char** argv) {{\n"
      "  return lutgen::sim::run_main<V{0}>(argc, argv, [](V{0}& top) {{\n"
      "    using lutgen::sim::Port;\n"
      "    lutgen::sim::Design design;\n"
      "{1}"
      "    design.inputs = {{{2}}};\n"
      "    design.outputs = {{{3}}};\n"
      "    return design;\n  }});\n}}\n",
      kBenchModule, single, inputs, outputs);
}

}  // namespace lutgen::cosim
