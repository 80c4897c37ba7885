// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lutgen/netlist/netlist.hpp"

namespace lutgen::netlist {

/// Simulates a netlist cycle by cycle, 64 independent runs at once, from the cells' own functions: a
/// witness between logic and Verilog that needs no external tool.
///
/// Every flop powers up at 0, as the devices' do.
class Simulator {
 public:
  /// `netlist` must outlive the simulator and obey find_violation.
  explicit Simulator(const Netlist& netlist);

  /// Sets input bit `index` of the features port for all 64 runs.
  void set_feature_bit(std::size_t index, std::uint64_t values);
  void set_in_valid(std::uint64_t values);
  void set_reset(std::uint64_t values);

  /// Lets the inputs settle through the combinational cells. O(cells).
  void settle();
  /// One rising clock edge: every flop takes its input, then everything settles again. O(cells).
  void clock_edge();

  /// The value of a net after `settle` or `clock_edge`, one bit a run.
  [[nodiscard]] std::uint64_t value(NetId net) const { return values_[index_of(net)]; }

 private:
  const Netlist& netlist_;
  std::vector<std::uint64_t> values_;
  std::vector<CellId> flops_;
  std::vector<CellId> gates_;
};

}  // namespace lutgen::netlist
