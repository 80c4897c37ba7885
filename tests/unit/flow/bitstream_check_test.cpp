// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bitstream_check.hpp"

#include "tests/unit/flow/mini_xray.hpp"

using namespace lutgen;

namespace {

constexpr const char* kDesign =
    "INT_L_X0Y0.NL1BEG1.NN6END2\n"
    "CLBLL_L_X0Y0.SLICEL_X0.NOCLKINV\n"
    "CLBLL_L_X0Y0.SLICEL_X0.ALUT.INIT[63:0] = 64'hF0\n"
    "CLBLL_L_X0Y1.SLICEL_X1.BLUT.INIT[63:0] = 64'h1\n";

/// Checks the design against its own frames after `change` was made to them.
flow::BitstreamCheck check(void (*change)(flow::FrameMap&)) {
  flow::XrayDatabase database = test::mini_xray();
  test::MiniDesign design{kDesign, {}, {}};
  test::convert_mini(design, database);
  flow::FrameMap found = design.image.frames;
  change(found);
  const auto result = flow::compare_bitstream(design.fasm, design.image, found, database);
  if (!result) FAIL(to_text(result.error()));
  return *result;
}

}  // namespace

TEST_CASE("a bitstream that holds what was asked for passes", "[flow][bitstream]") {
  const auto result = check([](flow::FrameMap& frames) { frames[0x222] = {}; });
  CHECK(result.passed());
  CHECK(result.bits_asked == 7);
  CHECK(result.bits_found == 7);
  CHECK(result.luts == 2);
  CHECK(result.differences.empty());
}

TEST_CASE("a missing bit is explained by the feature that sets it", "[flow][bitstream]") {
  const auto result = check([](flow::FrameMap& frames) { frames[0x10c][1] = 0; });
  CHECK_FALSE(result.passed());
  CHECK(result.missing == 1);
  CHECK(result.extra == 0);
  CHECK(result.differences ==
        std::vector<std::string>{"bit 0000010c_001_01 is 0, INT_L_X0Y0.NL1BEG1.NN6END2 (line 1) sets it"});
}

TEST_CASE("an extra bit is explained by who clears it and what it would mean", "[flow][bitstream]") {
  const auto result = check([](flow::FrameMap& frames) {
    frames[0x101][1] = 1U << 19U;
    frames[0x10c][1] |= 4;
    frames[0x999][7] = 1;
  });
  CHECK(result.extra == 3);
  REQUIRE(result.differences.size() == 3);
  CHECK(result.differences[0] ==
        "bit 00000101_001_19 is 1, CLBLL_L_X0Y0.SLICEL_X0.NOCLKINV (line 2) clears it; "
        "in CLBLL_L_X0Y0 it is part of SLICEL_X0.CLKINV");
  CHECK(result.differences[1] ==
        "bit 0000010c_001_02 is 1, no feature asks for it; in INT_L_X0Y0 it is part of NL1BEG1.SS2END1");
  CHECK(result.differences[2] == "bit 00000999_007_00 is 1, no feature asks for it; it belongs to no tile");
}

TEST_CASE("tables that differ are counted and shown", "[flow][bitstream]") {
  const auto result = check([](flow::FrameMap& frames) {
    frames[0x120] = {};           // table bits 4 and, of the other tile, 0
    frames[0x121][1] = 1;         // bit 1 of a table that was all zeros
  });
  CHECK(result.missing == 2);
  CHECK(result.extra == 1);
  CHECK(result.luts == 3);
  CHECK(result.lut_differences == 3);
  REQUIRE(result.differences.size() == 5);
  CHECK(result.differences[3] == "table CLBLL_L_X0Y0 SLICEL_X0 ALUT: expected INIT 00000000000000F0, found 00000000000000E0");
  CHECK(result.differences[4] == "table CLBLL_L_X0Y0 SLICEL_X1 ALUT: expected INIT 0000000000000000, found 0000000000000002");
}
