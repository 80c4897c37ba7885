// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/xray_database.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/flow/mini_xray.hpp"

using namespace lutgen;
namespace fs = std::filesystem;

TEST_CASE("a database is opened by the folder of families or of one family", "[flow][xray]") {
  const flow::XrayDatabase database = test::mini_xray();
  CHECK(database.tiles().size() == 9);
  CHECK(database.part_folder().filename() == test::kMiniPart);
  CHECK(flow::XrayDatabase::open(fs::path(test::kMiniXray) / "artix7", test::kMiniPart).has_value());
  const flow::XrayTile* tile = database.find_tile("LIOB33_SING_X2Y0");
  REQUIRE(tile != nullptr);
  CHECK(tile->bits_type == "LIOB33");
  CHECK(database.find_tile("LIOB33") == nullptr);
}

TEST_CASE("parts that are not there, or lead elsewhere, are refused", "[flow][xray]") {
  for (const char* part : {"xc7a35tcsg324-1", "", "..", "../artix7/mini1csg1-1", "mini"}) {
    INFO(part);
    const auto database = flow::XrayDatabase::open(test::kMiniXray, part);
    REQUIRE_FALSE(database);
    CHECK(database.error().code == Code::xray_part_unknown);
  }
}

TEST_CASE("a damaged tile grid is refused with the tile", "[flow][xray]") {
  const test::TemporaryFolder folder;
  const fs::path copy = folder.path() / "db";
  fs::copy(test::kMiniXray, copy, fs::copy_options::recursive);
  const auto error_of = [&](const std::string& grid) {
    REQUIRE(base::write_file(copy / "artix7" / "mini" / "tilegrid.json", grid));
    const auto database = flow::XrayDatabase::open(copy, test::kMiniPart);
    REQUIRE_FALSE(database);
    return to_text(database.error());
  };
  const auto with_bits = [](const std::string& bits) {
    return R"({"T": {"type": "INT_L", "grid_x": 1, "grid_y": 2, "bits": {"CLB_IO_CLK": )" + bits + "}}}";
  };
  CHECK(error_of("[]").find("expected an object of tiles") != std::string::npos);
  CHECK(error_of("{").find("json_syntax") != std::string::npos);
  CHECK(error_of(R"({"T": {"type": "../x", "grid_x": 1, "grid_y": 2}})").find("expected a tile type of letters") != std::string::npos);
  CHECK(error_of(R"({"T": {}})").find("tile T: error[json_missing_field]") != std::string::npos);
  CHECK(error_of(with_bits(R"({"baseaddr": "12", "frames": 1, "offset": 0, "words": 1})")).find("expected baseaddr as 0x") !=
        std::string::npos);
  CHECK(error_of(with_bits(R"({"baseaddr": "0x4000000", "frames": 1, "offset": 0, "words": 1})")).find("26 bits") !=
        std::string::npos);
  CHECK(error_of(with_bits(R"({"baseaddr": "0x0", "frames": 129, "offset": 0, "words": 1})")).find("json_number_range") !=
        std::string::npos);
  CHECK(error_of(with_bits(R"({"baseaddr": "0x0", "frames": 1, "offset": 100, "words": 2})")).find("json_number_range") !=
        std::string::npos);
}

TEST_CASE("a bit is traced back to its tiles and features", "[flow][xray]") {
  flow::XrayDatabase database = test::mini_xray();
  const flow::FrameBit bit{0x107, 1, 0};
  const auto owners = database.find_owners(bit);
  REQUIRE(owners.size() == 2);
  CHECK(owners[0]->name == "CLBLL_L_X0Y0");
  CHECK(owners[1]->name == "INT_L_X0Y0");
  CHECK(database.find_meanings(*owners[0], bit).value().empty());
  CHECK(database.find_meanings(*owners[1], bit).value() == std::vector<std::string>{"NL1BEG1.NN6END2"});
  const flow::FrameBit table_bit{0x121, 0, 1};
  CHECK(database.find_meanings(*owners[0], table_bit).value() == std::vector<std::string>{"SLICEL_X0.ALUT.INIT[5]"});
  CHECK(database.find_owners({0x107, 60, 0}).empty());
}
