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

Result<flow::Placement> read(const std::string& cells, board::Family family = board::Family::xc7) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "placed.json";
  REQUIRE(base::write_file(path, R"({"modules": {"BOX": {"cells": {}}, "top": {"cells": {)" + cells + "}}}}"));
  return flow::read_placement(family, path, "core.", 3);
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
  CHECK(placement->rest.luts == 0);
}

TEST_CASE("a position with nothing but the placer's own LUT is counted apart from the core", "[flow][placement]") {
  const auto placement = read(lut("$PACKER_GND_NET$LUT1", "X1Y2/SLICE_X0Y0.C6LUT") + "," +
                              lut("core.l1_n0_y_lut", "X1Y2/SLICE_X0Y0.A6LUT") + "," +
                              lut("$PACKER_GND_NET$LUT2", "X1Y2/SLICE_X0Y0.A5LUT"));
  REQUIRE(placement);
  CHECK(placement->core.luts == 1);
  CHECK(placement->rest.luts == 1);
  CHECK(placement->rest.lut_cells == 2);
}

TEST_CASE("flops of the scan chain are told from those of the core", "[flow][placement]") {
  const auto placement = read(R"("chain_0_ff": {"type": "SLICE_FFX"}, "core.l1_n0_y_d1_ff": {"type": "SLICE_FFX"},
                                 "core.valid_d1_ff": {"type": "SLICE_FFX"}, "core.l2_g0_k1_carry": {"type": "CARRY4"})");
  REQUIRE(placement);
  CHECK(placement->rest.flops == 1);
  CHECK(placement->core.flops == 2);
  CHECK(placement->by_layer[1].flops == 1);
  CHECK(placement->by_layer[3].flops == 1);
  CHECK(placement->core.carries == 1);
}

TEST_CASE("an iCE40 logic cell is a LUT with its flop and carry, or a flop alone", "[flow][placement]") {
  const auto lc = [](const std::string& name, const std::string& bel, const std::string& flop, const std::string& carry) {
    return "\"" + name + R"(": {"type": "ICESTORM_LC", "attributes": {"NEXTPNR_BEL": ")" + bel +
           R"("}, "parameters": {"DFF_ENABLE": ")" + flop + R"(", "CARRY_ENABLE": ")" + carry + "\"}}";
  };
  const auto placement = read(lc("core.l2_g0_s0_lut_LC", "X1/Y1/lc0", "1", "1") + "," +
                                  lc("core.l1_n0_y_lut_LC", "X1/Y1/lc1", "0", "0") + "," +
                                  lc("core.l1_n1_y_d1_ff_DFFLC", "X1/Y1/lc2", "1", "0") + "," +
                                  lc("chain_0_ff_DFFLC", "X1/Y1/lc3", "1", "0") + "," +
                                  lc("$nextpnr_ICESTORM_LC_0", "X1/Y1/lc4", "0", "1"),
                              board::Family::ice40);
  REQUIRE(placement);
  CHECK(placement->core.luts == 2);
  CHECK(placement->core.lut_cells == 2);
  CHECK(placement->core.flops == 2);
  CHECK(placement->core.carries == 1);
  CHECK(placement->core.route_throughs == 1);
  CHECK(placement->rest.luts == 1);
  CHECK(placement->rest.flops == 1);
}

TEST_CASE("an ECP5 carry cell is two positions and no LUT", "[flow][placement]") {
  const auto comb = [](const std::string& name, const std::string& bel, const std::string& mode) {
    return "\"" + name + R"(": {"type": "TRELLIS_COMB", "attributes": {"NEXTPNR_BEL": ")" + bel +
           R"("}, "parameters": {"MODE": ")" + mode + "\"}}";
  };
  const auto placement =
      read(comb("core.l2_g0_s0_carry$CCU2_COMB0", "X1/Y1/SLICEA.K0", "CCU2") + "," +
               comb("core.l2_g0_s0_carry$CCU2_COMB1", "X1/Y1/SLICEA.K1", "CCU2") + "," +
               comb("core.l1_n0_y_lut", "X1/Y1/SLICEB.K0", "LOGIC") +
               R"(, "core.l1_n0_y_d1_ff": {"type": "TRELLIS_FF", "attributes": {"NEXTPNR_BEL": "X1/Y1/SLICEB.FF0"}})",
           board::Family::ecp5);
  REQUIRE(placement);
  CHECK(placement->core.luts == 3);
  CHECK(placement->core.lut_cells == 1);
  CHECK(placement->core.carries == 1);
  CHECK(placement->core.flops == 1);
}

TEST_CASE("a whole CPE of GateMate is two positions, a tree before a flop alone is a route-through", "[flow][placement]") {
  const auto cell = [](const std::string& name, const std::string& type, const std::string& bel) {
    return "\"" + name + R"(": {"type": ")" + type + R"(", "attributes": {"NEXTPNR_BEL": ")" + bel + "\"}}";
  };
  const auto placement = read(cell("core.l2_g0_s0_carry", "CPE_ADDF2", "X4Y27/CPE_LT_FULL") + "," +
                                  cell("core.l1_n0_y_lut", "CPE_L2T4", "X4Y28/CPE_LT_L") + "," +
                                  cell("core.l1_n0_y_d1_ff", "CPE_FF", "X4Y28/CPE_FF_U") + "," +
                                  cell("core.l1_n0_y_d1_ff$lt", "CPE_L2T4", "X4Y28/CPE_LT_U") + "," +
                                  cell("core.a$ci_cplines", "CPE_CPLINES", "X4Y28/CPE_CPLINES"),
                              board::Family::gatemate);
  REQUIRE(placement);
  CHECK(placement->core.luts == 3);
  CHECK(placement->core.lut_cells == 1);
  CHECK(placement->core.carries == 1);
  CHECK(placement->core.flops == 1);
  CHECK(placement->core.route_throughs == 1);
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
