// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/frames.hpp"

#include "tests/support/property.hpp"
#include "tests/unit/flow/mini_xray.hpp"

using namespace lutgen;
using flow::FrameBit;

namespace {

/// Every 1, in order.
std::vector<FrameBit> ones(const flow::FrameMap& frames) {
  std::vector<FrameBit> bits;
  for (const auto& [address, words] : frames) {
    for (std::uint16_t word = 0; word < flow::kFrameWords; ++word) {
      for (std::uint8_t bit = 0; bit < 32; ++bit) {
        if (flow::is_set(frames, {address, word, bit})) bits.push_back({address, word, bit});
      }
    }
  }
  return bits;
}

std::vector<FrameBit> ones_of(const std::string& text) {
  flow::XrayDatabase database = test::mini_xray();
  test::MiniDesign design{text, {}, {}};
  test::convert_mini(design, database);
  const auto bits = ones(design.image.frames);
  CHECK(bits.size() == design.image.bits_set);
  return bits;
}

std::string error_of(const std::string& text) {
  flow::XrayDatabase database = test::mini_xray();
  const auto fasm = flow::parse_fasm(text, "f.fasm");
  REQUIRE(fasm);
  const auto image = flow::convert_fasm(*fasm, database, "f.fasm");
  REQUIRE_FALSE(image);
  return to_text(image.error());
}

}  // namespace

TEST_CASE("features become bits at the tile's place", "[flow][frames]") {
  CHECK(ones_of("INT_L_X0Y0.NL1BEG1.NN6END2") == std::vector<FrameBit>{{0x107, 1, 0}, {0x10c, 1, 1}});
  CHECK(ones_of("INT_L_X0Y1.NL1BEG1.NN6END2") == std::vector<FrameBit>{{0x107, 3, 0}, {0x10c, 3, 1}});
  CHECK(ones_of("HCLK_L_X0Y2.BUFHCE.ON") == std::vector<FrameBit>{{0x102, 50, 15}});
  CHECK(ones_of("CLBLL_L_X0Y0.SLICEL_X1.BLUT.INIT[7:4] = 4'b1001") ==
        std::vector<FrameBit>{{0x120, 1, 17}, {0x123, 1, 17}});
}

TEST_CASE("block RAM contents go to the frames of their bus", "[flow][frames]") {
  CHECK(ones_of("BRAM_L_X1Y0.RAMB18_Y0.INIT_00[7:0] = 8'h81\nBRAM_L_X1Y0.RAMB18_Y0.IN_USE") ==
        std::vector<FrameBit>{{0x19b, 3, 4}, {0x800000, 0, 0}, {0x800000, 0, 7}});
}

TEST_CASE("a part of a larger tile takes that tile's bits and sites", "[flow][frames]") {
  const std::vector<FrameBit> upper{{0x400000 + 38, 4, 30}, {0x400000 + 39, 4, 29}};
  CHECK(ones_of("LIOB33_X2Y1.IOB_Y0.PULLTYPE.PULLUP") == upper);
  const std::vector<FrameBit> single{{0x400000 + 38, 0, 30}, {0x400000 + 39, 0, 29}};
  CHECK(ones_of("LIOB33_SING_X2Y0.IOB_Y0.PULLTYPE.PULLUP") == single);
  CHECK(ones_of("LIOB33_SING_X2Y0.IOB_Y7.PULLTYPE.PULLUP") == single);
  // The other half is not in this tile.
  CHECK(error_of("LIOB33_SING_X2Y0.IOB_Y1.PULLTYPE.PULLUP").find("xray_database_invalid") != std::string::npos);
}

TEST_CASE("zeros, wires and features that only clear bits set none", "[flow][frames]") {
  CHECK(ones_of("INT_L_X0Y0.NL1BEG1.NN6END2 = 0").empty());
  CHECK(ones_of("INT_L_X0Y0.CLK_L0.GCLK_L_B0\nVBRK_X3Y0.THROUGH.WIRE").empty());
  CHECK(ones_of("CLBLL_L_X0Y0.SLICEL_X0.NOCLKINV").empty());
  flow::XrayDatabase database = test::mini_xray();
  test::MiniDesign design{"INT_L_X0Y0.CLK_L0.GCLK_L_B0\nCLBLL_L_X0Y0.SLICEL_X0.ALUT.INIT[63:0] = 64'hF0\n", {}, {}};
  test::convert_mini(design, database);
  CHECK(design.image.enabled == 5);
  CHECK(design.image.pseudo == 1);
  CHECK(design.image.bits_set == 4);
}

TEST_CASE("unknown tiles and features are named with line and number", "[flow][frames]") {
  CHECK(error_of("\nINT_L_X0Y0.NL1BEG1.NOWHERE\nINT_L_X9Y9.A\nINT_L_X0Y0.X[3]\n") ==
        "f.fasm:2: error[fasm_unknown_feature]: expected a feature of the tile type INT_L, got "
        "\"INT_L_X0Y0.NL1BEG1.NOWHERE\" (2 more unknown ones)\n"
        "  hint: the database does not say which bits it stands for, so that no bitstream can be made\n");
  CHECK(error_of("INT_L_X9Y9.A") ==
        "f.fasm:1: error[fasm_unknown_tile]: expected a tile of the part, got \"INT_L_X9Y9\"\n"
        "  hint: was the design placed for another part?\n");
  CHECK(error_of("CLBLL_L_X0Y0.SLICEL_X0.ALUT.INIT[64]").find("INIT[64]\"") != std::string::npos);
  CHECK(error_of("VBRK_X3Y0.THROUGH.NOTHING").find("fasm_unknown_feature") != std::string::npos);
}

TEST_CASE("features that contradict each other are named both", "[flow][frames]") {
  CHECK(error_of("INT_L_X0Y0.NL1BEG1.NN6END2\nCLBLL_L_X0Y0.SLICEL_X0.NOCLKINV\nINT_L_X0Y0.NL1BEG1.SS2END1\n") ==
        "f.fasm:3: error[fasm_conflict]: expected features that agree, but \"INT_L_X0Y0.NL1BEG1.SS2END1\" clears bit "
        "00000107_001_00, which \"INT_L_X0Y0.NL1BEG1.NN6END2\" in line 1 sets\n"
        "  hint: two things are placed in one spot, or two wires drive a third: no bitstream can mean both\n");
  CHECK(ones_of("INT_L_X0Y0.NL1BEG1.NN6END2\nINT_L_X0Y0.NL1BEG1.NN6END2\n").size() == 2);
}

TEST_CASE("bits outside their tile or in the error-correcting code are refused", "[flow][frames]") {
  CHECK(error_of("HCLK_L_X0Y2.WRONG.ECC").find("error-correcting code, got 2_12") != std::string::npos);
  CHECK(error_of("HCLK_L_X0Y2.WRONG.FRAME").find("26 frames and 1 words, got 26_15") != std::string::npos);
}

TEST_CASE("a frames file has a line for each frame with a 1", "[flow][frames]") {
  flow::FrameMap frames;
  frames[0x400000][100] = 0x80000001;
  frames[0x101] = {};
  std::string expected = "0x00400000 ";
  for (int i = 0; i < 100; ++i) expected += "0x00000000,";
  CHECK(flow::frames_text(frames) == expected + "0x80000001\n");
  CHECK(flow::frames_text({}).empty());
}

TEST_CASE("a list of bits reads back, without the error-correcting code", "[flow][frames]") {
  const auto frames =
      flow::parse_bit_list("bit_00400000_100_31\n\nbit_00400000_050_12\nbit_00400000_050_13\nbit_0000ffff_000_00", "b");
  REQUIRE(frames);
  CHECK(ones(*frames) == std::vector<FrameBit>{{0xffff, 0, 0}, {0x400000, 50, 13}, {0x400000, 100, 31}});
  for (const char* bad : {"x", "bit_", "bit_0_0", "bit_0_101_0", "bit_0_0_32", "bit_g_0_0", "bit_0_0_0x", "bit_0__0"}) {
    INFO(bad);
    const auto refused = flow::parse_bit_list(std::string("bit_0_0_0\n") + bad, "b");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().place == "b:2");
    CHECK(refused.error().code == Code::bitstream_invalid);
  }
}

TEST_CASE("tables read out of frames are those that the FASM gave", "[flow][frames][property]") {
  flow::XrayDatabase database = test::mini_xray();
  test::property([&](std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    test::MiniDesign design{fmt::format("CLBLL_L_X0Y1.SLICEL_X0.ALUT.INIT[63:0] = 64'h{:x}\n"
                                        "CLBLL_L_X0Y0.SLICEL_X1.BLUT.INIT[63:0] = 64'b{:b}\n"
                                        "CLBLL_L_X0Y0.SLICEL_X0.BLUT.INIT[63:0] = {}\n",
                                        a, b, c),
                            {},
                            {}};
    test::convert_mini(design, database);
    const auto luts = flow::read_lut_inits(design.image.frames, database);
    RC_ASSERT(luts.has_value());
    RC_ASSERT(*luts == flow::collect_lut_inits(design.fasm));
  });
}
