// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/placement.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// A LUT cell at a bel, as nextpnr writes it.
std::string lut(const std::string& name, const std::string& bel) {
  return "\"" + name + R"(": {"type": "SLICE_LUTX", "attributes": {"NEXTPNR_BEL": ")" + bel + "\"}}";
}

Result<flow::Placement> read(const std::string& cells) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "placed.json";
  REQUIRE(base::write_file(path, R"({"modules": {"BOX": {"cells": {}}, "top": {"cells": {)" + cells + "}}}}"));
  return flow::read_xc7_placement(path, "core.", 3);
}

}  // namespace

TEST_CASE("two LUTs at one letter of one slice are one position", "[flow][placement]") {
  const auto placement = read(lut("core.l1_n0_y_lut", "X1Y2/SLICE_X0Y0.A6LUT") + "," +
                              lut("core.l2_g0_c1_lut", "X1Y2/SLICE_X0Y0.A5LUT") + "," +
                              lut("core.l1_n1_y_lut", "X1Y2/SLICE_X0Y0.B6LUT"));
  REQUIRE(placement);
  CHECK(placement->core.luts == 2);
  CHECK(placement->core.lut_cells == 3);
  CHECK(placement->by_layer[1].lut_cells == 2);
  CHECK(placement->by_layer[2].lut_cells == 1);
  CHECK(placement->feed_throughs == 0);
}

TEST_CASE("a position with nothing but the placer's own LUT is a feed-through, and counts", "[flow][placement]") {
  const auto placement = read(lut("$PACKER_GND_NET$LUT1", "X1Y2/SLICE_X0Y0.C6LUT") + "," +
                              lut("core.l1_n0_y_lut", "X1Y2/SLICE_X0Y0.A6LUT") + "," +
                              lut("$PACKER_GND_NET$LUT2", "X1Y2/SLICE_X0Y0.A5LUT"));
  REQUIRE(placement);
  CHECK(placement->core.luts == 2);
  CHECK(placement->feed_throughs == 1);
  CHECK(placement->by_layer[3].luts == 1);
}

TEST_CASE("flops of the scan chain are told from those of the core", "[flow][placement]") {
  const auto placement = read(R"("chain_0_ff": {"type": "SLICE_FFX"}, "core.l1_n0_y_d1_ff": {"type": "SLICE_FFX"},
                                 "core.valid_d1_ff": {"type": "SLICE_FFX"}, "core.l2_g0_k1_carry": {"type": "CARRY4"})");
  REQUIRE(placement);
  CHECK(placement->harness_flops == 1);
  CHECK(placement->core.flops == 2);
  CHECK(placement->by_layer[1].flops == 1);
  CHECK(placement->by_layer[3].flops == 1);
  CHECK(placement->core.carries == 1);
}

TEST_CASE("every LUT position of a FASM text has one INIT", "[flow][placement]") {
  CHECK(flow::count_fasm_luts("CLBLL_L_X2Y1.SLICEL_X0.ALUT.INIT[63:0] = 64'b0\nCLBLL_L_X2Y1.SLICEL_X0.AFF.ZINI\n"
                              "CLBLL_L_X2Y1.SLICEL_X0.BLUT.INIT[63:0] = 64'b1\n") == 2);
}

TEST_CASE("the slowest clock is the one that counts", "[flow][placement]") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "report.json";
  REQUIRE(base::write_file(path, R"({"fmax": {"a": {"achieved": 210.5}, "b": {"achieved": 99.25}}})"));
  CHECK(flow::read_fmax_mhz(path).value() == 99.25);
}
