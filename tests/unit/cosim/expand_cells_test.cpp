// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/expand_cells.hpp"

#include <vector>

#include "lutgen/cosim/harness_files.hpp"
#include "tests/support/catch.hpp"

using lutgen::cosim::expand_cells;
using lutgen::cosim::ExpandedCells;

namespace {

/// The models that lutgen has for a family.
std::vector<std::string_view> models_of(const std::string& family) {
  std::vector<std::string_view> models;
  for (const auto& file : lutgen::cosim::harness_files())
    if (file.path.starts_with("cells/" + family + "/")) models.push_back(file.content);
  return models;
}

ExpandedCells expand(const std::string& text, const std::string& family = "xc7") { return expand_cells(text, models_of(family)); }

void check_kept(const std::string& text) {
  CAPTURE(text);
  const ExpandedCells result = expand(text);
  CHECK(result.cells == 0);
  CHECK(result.text == text);
}

}  // namespace

TEST_CASE("a LUT becomes its model's text with the instance's nets and table", "[cosim][expand]") {
  const ExpandedCells result = expand("wire n7;\n  LUT2 #(.INIT(4'h6)) n7_lut (.O(n7), .I0(a[3]), .I1(1'b0));\nendmodule");
  CHECK(result.cells == 1);
  CHECK(result.text ==
        "wire n7;\n  localparam [3:0] lutgen_x0_INIT = 4'h6; assign n7 =lutgen_x0_INIT [{1'b0 ,a[3] }];\nendmodule");
}

TEST_CASE("a flop becomes a register of its own and the net that shows it", "[cosim][expand]") {
  const ExpandedCells result = expand("  FDRE n_ff (.Q(q[1]), .C(clk), .CE(1'b1), .D(n), .R(rst));\n");
  CHECK(result.cells == 1);
  CHECK(result.text ==
        "  localparam [0:0] lutgen_x0_INIT = 1'b0; reg lutgen_x0_Q; assign q[1] = lutgen_x0_Q; initial lutgen_x0_Q "
        "=lutgen_x0_INIT ;always @(posedge clk )begin if (rst )lutgen_x0_Q <=1'b0;else if (1'b1 )lutgen_x0_Q <=n ;end \n");
}

TEST_CASE("the pins of an instance may stand in any order", "[cosim][expand]") {
  CHECK(expand("LUT1 #(.INIT(2'h1)) n (.I0(a), .O(b));").text == expand("LUT1 #(.INIT(2'h1)) m (.O(b), .I0(a));").text);
}

TEST_CASE("every instance gets names of its own", "[cosim][expand]") {
  const ExpandedCells result = expand("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(a));\nLUT1 #(.INIT(2'h2)) m (.O(c), .I0(b));\n");
  CHECK(result.cells == 2);
  CHECK(result.text.find("lutgen_x0_INIT = 2'h1") != std::string::npos);
  CHECK(result.text.find("lutgen_x1_INIT = 2'h2") != std::string::npos);
}

TEST_CASE("what is no plain instance of a simple cell is kept byte for byte", "[cosim][expand]") {
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b));");                            // a pin is missing
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0());");                     // or open
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(a), .I0(c));");            // or there twice
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I1(a));");                    // or is none of the cell's
  check_kept("LUT1 #(.TABLE(2'h1)) n (.O(b), .I0(a));");                   // nor is the parameter
  check_kept("LUT1 #(2'h1) n (b, a);");                                    // by position
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(1'b0), .I0(a));");                 // a constant is driven
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(2'h1));");                 // two bits
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(a[1:0]));");
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(a & c));");                // an expression
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b), .I0(a)); // and more");        // not alone on its line
  check_kept("LUT1 #(.INIT(2'h1)) n (.O(b),\n .I0(a));");
  check_kept("  CARRY4 c (.CO(x), .O(y), .CI(1'b0), .CYINIT(z), .DI(d), .S(s));");  // vectors
  check_kept("  other n (.O(b), .I0(a));\nassign b = a;\n\n");
  check_kept("wire lutgen_x;\nLUT1 #(.INIT(2'h1)) n (.O(b), .I0(a));\n");  // the prefix is taken
}

TEST_CASE("a net of several bits is no scalar, wherever it was declared", "[cosim][expand]") {
  check_kept("module m (\n    input  wire [1:0] a,\n    input  wire clk\n);\nwire b;\nLUT1 n (.O(b), .I0(a));\n");
  check_kept("wire [1:0] x, a;\nLUT1 n (.O(b), .I0(a));\n");
  check_kept("wire [1:0] x,\n  a;\nLUT1 n (.O(b), .I0(a));\n");
  CHECK(expand("module m (\n    input  wire [1:0] a,\n    input  wire clk\n);\nLUT1 n (.O(b), .I0(clk));\n").cells == 1);
  CHECK(expand("wire [1:0] x;\nwire a;\nLUT1 n (.O(b), .I0(a));\n").cells == 1);
}

TEST_CASE("the cells of every family that there are many of are written out", "[cosim][expand]") {
  CHECK(expand("LUT6 #(.INIT(64'h1)) n (.O(o), .I0(a), .I1(b), .I2(c), .I3(d), .I4(e), .I5(f));").cells == 1);
  CHECK(expand("MUXF7 n (.O(o), .I0(a), .I1(b), .S(c));").cells == 1);
  CHECK(expand("LUT4 #(.INIT(16'h1)) n (.Z(o), .A(a), .B(b), .C(c), .D(d));", "ecp5").cells == 1);
  CHECK(expand("SB_LUT4 #(.LUT_INIT(16'h1)) n (.O(o), .I0(a), .I1(b), .I2(c), .I3(d));", "ice40").cells == 1);
  CHECK(expand("SB_DFF n (.Q(o), .C(c), .D(d));", "ice40").cells == 1);
  CHECK(expand("LUT4 #(.INIT(16'h1)) n (.F(o), .I0(a), .I1(b), .I2(c), .I3(d));", "gowin").cells == 1);
  CHECK(expand("DFF n (.Q(o), .D(d), .CLK(c));", "gowin").cells == 1);
  CHECK(expand("CC_L2T4 #(.INIT_L00(4'h1), .INIT_L01(4'h2), .INIT_L10(4'h3)) n (.O(o), .I0(a), .I1(b), .I2(c), .I3(d));", "gatemate").cells == 1);
  CHECK(expand("CC_DFF n (.Q(o), .D(d), .CLK(c), .EN(1'b1), .SR(1'b0));", "gatemate").cells == 1);
}
