// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/readback.hpp"

#include <fmt/core.h>

#include "lutgen/flow/readback_ice40.hpp"
#include "lutgen/flow/routed_reader.hpp"
#include "lutgen/flow/xray_database.hpp"

namespace lutgen::flow {
namespace {

/// nextpnr counts tiles as the tile grid of the database does: column grid_x, row grid_y. Its slices X0Y0 and X1Y0 are the
/// sites SLICEL_X0 or SLICEM_X0, and SLICEL_X1 (checked on all LUTs of a routed starter network).
Result<BelTables> bel_tables(const ReadbackSource& source) {
  LUTGEN_TRY(const XrayDatabase database, XrayDatabase::open(source.database, source.part));
  BelTables tables;
  for (const LutInit& lut : source.luts) {
    const XrayTile* tile = database.find_tile(lut.tile);
    if (tile == nullptr) {
      return fail(Code::readback_bitstream, source.netlist.string(),
                  fmt::format("expected tables in tiles of {}, found one in {}", source.part, lut.tile),
                  "the bitstream is not one of this part");
    }
    tables.emplace(fmt::format("X{}Y{}/SLICE_{}Y0.{}", tile->grid_x, tile->grid_y, lut.site.substr(lut.site.size() - 2),
                               lut.letter),
                   lut.init);
  }
  return tables;
}

}  // namespace

Result<RoutedNetlist> read_source(const ReadbackSource& source) {
  if (!source.bitstream.empty()) return read_ice40_bitstream(source.bitstream, source.netlist, source.work);
  if (source.luts.empty()) return read_routed_netlist(source.netlist, {.family = source.family, .tables = nullptr});
  LUTGEN_TRY(const BelTables tables, bel_tables(source));
  return read_routed_netlist(source.netlist, {.family = source.family, .tables = &tables});
}

std::string describe(const ReadbackSource& source) {
  if (!source.bitstream.empty()) return "icebox_vlog, tables and connections out of the bitstream";
  if (source.luts.empty()) return "nextpnr --write";
  return fmt::format("nextpnr --write, {} tables out of the bitstream", source.luts.size());
}

io::Json to_json(const ReadbackReport& report) {
  return {{"source", report.source},
          {"samples", report.samples},
          {"mismatches", report.mismatches},
          {"valid_errors", report.valid_errors},
          {"shifted", report.shifted},
          {"cycles", report.cycles},
          {"runs", report.runs},
          {"seconds", report.seconds},
          {"run_cycles_per_second", report.run_cycles_per_second()},
          {"mismatch", report.mismatch ? cosim::to_json(*report.mismatch) : io::Json()}};
}

}  // namespace lutgen::flow
