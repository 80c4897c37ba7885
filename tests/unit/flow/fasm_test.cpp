// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/fasm.hpp"

#include "tests/support/property.hpp"

using namespace lutgen;
using flow::Fasm;

namespace {

std::string error_of(const std::string& text) {
  const auto fasm = flow::parse_fasm(text, "f.fasm");
  REQUIRE_FALSE(fasm);
  return to_text(fasm.error());
}

/// The bits of the only feature, highest address first.
std::string bits_of(const std::string& text) {
  const auto fasm = flow::parse_fasm(text, "f.fasm");
  if (!fasm) FAIL(to_text(fasm.error()));
  REQUIRE(fasm->features.size() == 1);
  std::string bits;
  for (std::uint32_t i = fasm->features[0].width; i > 0; --i) {
    bits += fasm->bit(fasm->features[0], i - 1) ? '1' : '0';
  }
  return bits;
}

}  // namespace

TEST_CASE("features, comments, annotations and blank lines are told apart", "[flow][fasm]") {
  const std::string text =
      "# a comment\r\n\n"
      "INT_L_X0Y0.NL1BEG1.NN6END2  # why\n"
      "  CLB_X1Y2.SLICEL_X0.ALUT.INIT[3:0] = 4'b0110 { src = \"a \\\"b\\\" # {\", .n = \"1\" } # end\n"
      "{ tool = \"nextpnr\" }\n"
      "A.B[17]";
  const auto fasm = flow::parse_fasm(text, "f.fasm");
  REQUIRE(fasm);
  REQUIRE(fasm->features.size() == 3);
  CHECK(fasm->features[0].name == "INT_L_X0Y0.NL1BEG1.NN6END2");
  CHECK(fasm->features[0].tile() == "INT_L_X0Y0");
  CHECK(fasm->features[0].local_name() == "NL1BEG1.NN6END2");
  CHECK(fasm->features[0].line == 3);
  CHECK(fasm->bit(fasm->features[0], 0));
  CHECK(fasm->features[1].line == 4);
  CHECK(fasm->features[1].low == 0);
  CHECK(fasm->features[1].width == 4);
  CHECK(fasm->features[2].low == 17);
  CHECK(fasm->features[2].width == 1);
}

TEST_CASE("a value reads the same in every base", "[flow][fasm]") {
  for (const char* value : {"10", "4'd10", "'d10", "4'hA", "4'ha", "4'b1010", "4'b10_10", "'o12"}) {
    INFO(value);
    CHECK(bits_of(std::string("T.F[3:0]=") + value) == "1010");
  }
  CHECK(bits_of("T.F") == "1");
  CHECK(bits_of("T.F = 0") == "0");
  CHECK(bits_of("T.F[7:4] = 1'b1") == "0001");
  CHECK(bits_of("T.F[3:0] = 4'h00000000000000000000000000000000000000000005") == "0101");
}

TEST_CASE("values wider than a word keep every bit", "[flow][fasm][property]") {
  test::property([](std::uint64_t low, std::uint64_t high) {
    const std::string hex = fmt::format("T.F[127:0] = 128'h{:016x}{:016x}", high, low);
    const std::string binary = fmt::format("T.F[127:0] = 128'b{:064b}{:064b}", high, low);
    const auto a = flow::parse_fasm(hex, "a");
    const auto b = flow::parse_fasm(binary, "b");
    RC_ASSERT(a && b);
    RC_ASSERT(a->words == std::vector<std::uint64_t>({low, high}));
    RC_ASSERT(b->words == a->words);
    const std::string decimal = fmt::format("T.F[63:0] = {}", low);
    const auto c = flow::parse_fasm(decimal, "c");
    RC_ASSERT(c && c->words == std::vector<std::uint64_t>{low});
  });
}

TEST_CASE("what breaks the grammar is placed by line and column", "[flow][fasm]") {
  CHECK(error_of("A.B\nA.B C\n") ==
        "f.fasm:2:5: error[fasm_syntax]: expected a feature, '[', '=', '{', '#' or the end of the line, got \"C\"\n"
        "  hint: a line of FASM reads TILE.FEATURE[high:low] = value, all but the feature may be left out\n");
  const std::vector<std::pair<std::string, std::string>> cases{
      {"A", "f.fasm:1:2: error[fasm_syntax]: expected '.' and a feature after the tile, got the end of the line"},
      {"A..B", "f.fasm:1:3: "},       {"A.", "f.fasm:1:3: "},
      {"A.B[", "expected a bit address, got the end of the line"},
      {"A.B[x]", "f.fasm:1:5: "},     {"A.B[1", "expected ':' or ']'"},
      {"A.B[1:]", "f.fasm:1:7: "},    {"A.B[3:0]", "expected '=' and a value for a range of bits"},
      {"A.B =", "expected a digit of base 10, got the end of the line"},
      {"A.B = 1'", "expected one of h, d, o, b after '"},
      {"A.B = 1'x1", "expected one of h, d, o, b after '"},
      {"A.B = 1'b2", "f.fasm:1:10: error[fasm_syntax]: expected a digit of base 2, got \"2\""},
      {"A.B {", "expected the name of an annotation"},
      {"A.B { a }", "expected '=' after the name of an annotation"},
      {"A.B { a = b }", "expected '\"' before the text of an annotation"},
      {"A.B { a = \"b", "expected '\"' after the text of an annotation"},
      {"A.B { a = \"b\\\n\" }", "f.fasm:1:14: "},
      {"A.B { a = \"b\" c", "expected ',' or '}' after an annotation"},
      {"A.B\xff", "got \"\\xff\""}};
  for (const auto& [text, message] : cases) {
    INFO(text);
    CHECK(error_of(text).find(message) != std::string::npos);
  }
}

TEST_CASE("addresses and values out of range are refused", "[flow][fasm]") {
  CHECK(error_of("A.B[1:0] = 3'b100") ==
        "f.fasm:1:12: error[fasm_value_range]: expected a value of at most 2 bits, got one of 3\n"
        "  hint: a value may not be wider than the range of bits it is for\n");
  for (const char* text : {"A.B = 2", "A.B = 1'b10", "A.B[3] = 2'b01", "A.B[0:1] = 1", "A.B[65536]",
                           "A.B[99999999999999999999]", "A.B[65535:0] = 1", "A.B[7:0] = 9999'b1",
                           "A.B[7:0] = 99999999999999999999999"}) {
    INFO(text);
    CHECK(error_of(text).find("error[fasm_value_range]") != std::string::npos);
  }
  CHECK(error_of("A.B[4095:0] = 'h" + std::string(100000, 'f')).find("fasm_value_range") != std::string::npos);
}

TEST_CASE("the lookup tables of a design are collected and sorted", "[flow][fasm]") {
  const std::string text =
      "CLBLM_R_X3Y1.SLICEM_X0.DLUT.INIT[63:0] = 64'h8000000000000001\n"
      "CLBLL_L_X2Y4.SLICEL_X1.ALUT.INIT[63:32] = 32'hFF\n"
      "CLBLL_L_X2Y4.SLICEL_X1.ALUT.INIT[4]\n"
      "CLBLL_L_X2Y4.SLICEL_X0.BLUT.INIT[63:0] = 0\n"
      "CLBLL_L_X2Y4.SLICEL_X0.ALUT.SMALL\n"
      "CLBLL_L_X2Y4.LUT.INIT[0]\n"
      "BRAM_L_X6Y0.RAMB18_Y0.INIT[3]\n";
  const auto fasm = flow::parse_fasm(text, "f.fasm");
  REQUIRE(fasm);
  const auto luts = flow::collect_lut_inits(*fasm);
  REQUIRE(luts.size() == 2);
  CHECK(luts[0] == flow::LutInit{"CLBLL_L_X2Y4", "SLICEL_X1", 'A', 0xFF00000010});
  CHECK(luts[1] == flow::LutInit{"CLBLM_R_X3Y1", "SLICEM_X0", 'D', 0x8000000000000001});
}
