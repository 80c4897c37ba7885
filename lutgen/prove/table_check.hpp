// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "lutgen/base/progress.hpp"
#include "lutgen/logic/graph.hpp"
#include "lutgen/map/map.hpp"

namespace lutgen::prove {

/// What the comparison of tables came to.
///
/// proven  tables that the cells are shown to be, for all values of what the tables read
/// inside  of these: tables without a net, since a counter computes them inside; its claims are another proof's
/// gone    tables that hardware does not hold, since nothing reads them
/// failed  tables that are not shown; `first` says of the first, in the order of the claims, which net, and why
struct TableReport {
  std::uint64_t proven = 0;
  std::uint64_t inside = 0;
  std::uint64_t gone = 0;
  std::uint64_t failed = 0;
  std::string first;
};

/// Options of `check_tables`.
///
/// threads   at least 1; the report does not depend on them
/// progress  may be null
struct TableCheckOptions {
  std::size_t threads = 1;
  base::ProgressSink* progress = nullptr;
};

/// The part of the proof that grows with the number of tables: for every table of the logic that the mapper says a net holds, the
/// cells between that net and the nets of the table's inputs are evaluated for all values of those, and compared with the table.
/// Registers count as wires (that they are right is another part of the proof). Nothing of the mapper is believed but which net
/// stands for which bit, and a wrong one fails. Sums, comparisons and argmax are `prove`'s affair.
///
/// graph    what was mapped
/// Cost     O(pins), some 0.1 us a table of 6 inputs; 8 bytes a net and 4 a bit beside graph and netlist
[[nodiscard]] TableReport check_tables(const logic::Graph& graph, const map::Mapped& mapped, const TableCheckOptions& options = {});

}  // namespace lutgen::prove
