// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/xray_files.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("a segbits file is read with addresses and inverted bits", "[flow][xray]") {
  const std::string text = "CLBLL_L.SLICEL_X0.ALUT.INIT[07] 28_05\r\n\nINT_L.A.B !07_32  12_130\n";
  const auto table = flow::parse_segbits(text, "s.db");
  REQUIRE(table);
  REQUIRE(table->features.size() == 2);
  const auto init = table->features.at({"SLICEL_X0.ALUT.INIT", 7});
  CHECK(init.count == 1);
  CHECK(table->bits[init.first].frame == 28);
  CHECK(table->bits[init.first].offset == 5);
  const auto wire = table->features.at({"A.B", 0});
  REQUIRE(wire.count == 2);
  CHECK_FALSE(table->bits[wire.first].is_set);
  CHECK(table->bits[wire.first + 1].offset == 130);
}

TEST_CASE("a damaged segbits file is refused with its line", "[flow][xray]") {
  const auto error_of = [](const std::string& text) {
    const auto table = flow::parse_segbits(text, "s.db");
    REQUIRE_FALSE(table);
    return to_text(table.error());
  };
  CHECK(error_of("A.B 1_2\nA.C x\n") ==
        "s.db:2: error[xray_database_invalid]: expected a bit FRAME_OFFSET, got \"x\"\n"
        "  hint: the file is part of the Project X-Ray database; install the package prjxray-database again\n");
  for (const char* text : {"A 1_2", "A. 1_2", "A.B", "A.B 1", "A.B 1_", "A.B _1", "A.B !", "A.B 1_2x", "A.B 70000_1",
                           "A.B[x] 1_2", "A.[7] 1_2", "A.B] 1_2", "A.B 1_2\nA.B 1_3", "A.B -1_2"}) {
    INFO(text);
    CHECK(error_of(text).find("xray_database_invalid") != std::string::npos);
  }
}

TEST_CASE("ppips and mapping files are read, damaged ones refused", "[flow][xray]") {
  const std::string text = "INT_L.A.B always\nINT_L.C.D hint\nINT_L.E.F default";
  const auto ppips = flow::parse_ppips(text, "p.db");
  REQUIRE(ppips);
  CHECK(*ppips == std::vector<std::string_view>{"A.B", "C.D", "E.F"});
  for (const char* bad : {"INT_L always", "INT_L.A.B", "INT_L.A.B sometimes"}) {
    CHECK_FALSE(flow::parse_ppips(bad, "p.db"));
  }
  const auto devices = flow::parse_mapping("# x\n\"d1\":\n  fabric: \"f1\"\nd2:\n  other: 3\n  fabric: f2\n", "fabric", "m");
  REQUIRE(devices);
  CHECK(devices->at("d1") == "f1");
  CHECK(devices->at("d2") == "f2");
  CHECK_FALSE(flow::parse_mapping("d1\n", "fabric", "m"));
}
