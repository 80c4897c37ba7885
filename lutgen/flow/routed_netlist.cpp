// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_netlist.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

constexpr std::uint32_t kNoDriver = UINT32_MAX;
constexpr std::uint32_t kOutside = UINT32_MAX - 1;  // a constant or an input port
constexpr std::uint32_t kFlopBit = 0x8000'0000;     // a flop's index, else a table's

constexpr std::uint64_t kBuffer = 0b10;  // table of a cell that passes its one input on

tl::unexpected<Diagnostic> invalid(const std::string& place, std::string message) {
  return fail(Code::routed_invalid, place, std::move(message),
              "the tools wrote a netlist that lutgen does not understand; please report it, with the file");
}

}  // namespace

const RoutedPort* RoutedNetlist::find_port(std::string_view name) const {
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const auto& port) { return port.name == name; });
  return found == ports.end() ? nullptr : &*found;
}

const RoutedFlop* RoutedNetlist::find_flop(std::string_view cell) const {
  const auto found = std::find_if(flops.begin(), flops.end(), [&](const auto& flop) { return cells[flop.cell] == cell; });
  return found == flops.end() ? nullptr : &*found;
}

RoutedBuilder::RoutedBuilder(std::string place) : place_(std::move(place)) { netlist_.net_names = {"0", "1"}; }

RoutedNet RoutedBuilder::add_net(std::string name) {
  netlist_.net_names.push_back(std::move(name));
  return static_cast<RoutedNet>(netlist_.net_names.size() - 1);
}

void RoutedBuilder::name_net(RoutedNet net, std::string_view name) {
  std::string& known = netlist_.net_names[index_of(net)];
  if (known.empty()) known = name;
}

std::uint32_t RoutedBuilder::add_cell(std::string name) {
  netlist_.cells.push_back(std::move(name));
  return static_cast<std::uint32_t>(netlist_.cells.size() - 1);
}

Result<RoutedNetlist> RoutedBuilder::finish() {
  LUTGEN_TRY_VOID(find_drivers());
  LUTGEN_TRY_VOID(check_readers());
  LUTGEN_TRY_VOID(sort_tables());
  LUTGEN_TRY_VOID(find_clock());
  return std::move(netlist_);
}

std::string RoutedBuilder::describe(RoutedNet net) const {
  const std::string& name = netlist_.net_names[index_of(net)];
  return name.empty() ? fmt::format("net {}", index_of(net)) : "net " + io::quote(name);
}

Result<void> RoutedBuilder::drive(RoutedNet net, std::uint32_t driver, std::uint32_t cell) {
  std::uint32_t& known = drivers_[index_of(net)];
  if (known == kNoDriver) {
    known = driver;
    return {};
  }
  std::string first = "a port or constant";
  if (known != kOutside) {
    const std::uint32_t owner =
        (known & kFlopBit) != 0 ? netlist_.flops[known & ~kFlopBit].cell : netlist_.tables[known].cell;
    first = "cell " + io::quote(netlist_.cells[owner]);
  }
  return invalid(place_, fmt::format("expected one driver for {}, found {} and cell {}", describe(net), first,
                                     io::quote(netlist_.cells[cell])));
}

Result<void> RoutedBuilder::find_drivers() {
  drivers_.assign(netlist_.net_count(), kNoDriver);
  netlist_.flop_of_net.assign(netlist_.net_count(), RoutedNetlist::kNoFlop);
  drivers_[index_of(RoutedNet::zero)] = kOutside;
  drivers_[index_of(RoutedNet::one)] = kOutside;
  for (const RoutedPort& port : netlist_.ports) {
    if (!port.is_input) continue;
    for (const RoutedNet net : port.nets) drivers_[index_of(net)] = kOutside;
  }
  for (std::uint32_t i = 0; i < netlist_.flops.size(); ++i) {
    LUTGEN_TRY_VOID(drive(netlist_.flops[i].output, i | kFlopBit, netlist_.flops[i].cell));
    netlist_.flop_of_net[index_of(netlist_.flops[i].output)] = i;
  }
  for (std::uint32_t i = 0; i < netlist_.tables.size(); ++i) {
    LUTGEN_TRY_VOID(drive(netlist_.tables[i].output, i, netlist_.tables[i].cell));
  }
  return {};
}

Result<void> RoutedBuilder::check_driven(RoutedNet net, const std::string& reader) const {
  if (drivers_[index_of(net)] != kNoDriver) return {};
  return invalid(place_, fmt::format("expected a driver for {}, which {} reads, found none", describe(net), reader));
}

Result<void> RoutedBuilder::check_readers() const {
  for (const RoutedTable& table : netlist_.tables) {
    for (std::size_t i = 0; i < table.input_count; ++i) {
      LUTGEN_TRY_VOID(check_driven(table.inputs[i], "cell " + io::quote(netlist_.cells[table.cell])));
    }
  }
  for (const RoutedFlop& flop : netlist_.flops) {
    for (const RoutedNet net : {flop.clock, flop.data, flop.enable, flop.reset}) {
      LUTGEN_TRY_VOID(check_driven(net, "cell " + io::quote(netlist_.cells[flop.cell])));
    }
  }
  for (const RoutedPort& port : netlist_.ports) {
    if (port.is_input) continue;
    for (const RoutedNet net : port.nets) LUTGEN_TRY_VOID(check_driven(net, "port " + io::quote(port.name)));
  }
  return {};
}

/// Kahn's algorithm, a table's place in the file deciding among those that are ready.
Result<void> RoutedBuilder::sort_tables() {
  std::vector<RoutedTable>& tables = netlist_.tables;
  std::vector<std::uint32_t> waits(tables.size(), 0);
  std::vector<std::vector<std::uint32_t>> readers(tables.size());
  const auto driver_table = [&](RoutedNet net) -> std::optional<std::uint32_t> {
    const std::uint32_t driver = drivers_[index_of(net)];
    if (driver == kOutside || (driver & kFlopBit) != 0) return std::nullopt;
    return driver;
  };
  for (std::uint32_t i = 0; i < tables.size(); ++i) {
    for (std::size_t pin = 0; pin < tables[i].input_count; ++pin) {
      if (const auto driver = driver_table(tables[i].inputs[pin])) {
        readers[*driver].push_back(i);
        ++waits[i];
      }
    }
  }
  std::vector<std::uint32_t> order;
  order.reserve(tables.size());
  for (std::uint32_t i = 0; i < tables.size(); ++i) {
    if (waits[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const std::uint32_t reader : readers[order[next]]) {
      if (--waits[reader] == 0) order.push_back(reader);
    }
  }
  if (order.size() != tables.size()) {
    const auto stuck = std::find_if(waits.begin(), waits.end(), [](std::uint32_t count) { return count != 0; });
    const RoutedTable& table = tables[static_cast<std::size_t>(stuck - waits.begin())];
    return invalid(place_, fmt::format("expected no loop of tables, found one at or behind cell {}",
                                       io::quote(netlist_.cells[table.cell])));
  }
  std::vector<RoutedTable> sorted;
  sorted.reserve(tables.size());
  for (const std::uint32_t i : order) sorted.push_back(tables[i]);
  tables = std::move(sorted);
  return {};
}

Result<void> RoutedBuilder::find_clock() {
  std::vector<RoutedNet> source(netlist_.net_count());
  for (std::uint32_t i = 0; i < source.size(); ++i) source[i] = static_cast<RoutedNet>(i);
  for (const RoutedTable& table : netlist_.tables) {
    if (table.input_count == 1 && (table.init & 3) == kBuffer) {
      source[index_of(table.output)] = source[index_of(table.inputs[0])];
    }
  }
  for (const RoutedFlop& flop : netlist_.flops) {
    const RoutedNet clock = source[index_of(flop.clock)];
    if (netlist_.clock == RoutedNet::zero) netlist_.clock = clock;
    if (clock == RoutedNet::zero || clock == RoutedNet::one || clock != netlist_.clock) {
      return invalid(place_, fmt::format("expected one clock for all flops, {}, found {} at cell {}",
                                         describe(netlist_.clock), describe(clock), io::quote(netlist_.cells[flop.cell])));
    }
  }
  return {};
}

}  // namespace lutgen::flow
