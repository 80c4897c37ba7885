// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/toolchain.hpp"

#include <cstdlib>
#include <fstream>

#include "tests/support/catch.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;

/// A temporary folder with a stand-in for PATH and for what scripts/toolchain makes.
class Machine {
 public:
  Machine() {
    std::string name = (fs::temp_directory_path() / "lutgen-tools-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = name;
    places.path = {root_ / "first/bin", root_ / "second/bin"};
    places.toolchain = root_ / "toolchain";
  }
  ~Machine() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// Makes a program that prints `says`, whatever it is asked.
  fs::path add(const std::string& place, const std::string& says) const {
    const fs::path path = root_ / place;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\necho '" << says << "'\n";
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }
  void add_folder(const std::string& place) const { fs::create_directories(root_ / place); }
  void add_text(const std::string& place, const std::string& text) const {
    fs::create_directories((root_ / place).parent_path());
    std::ofstream(root_ / place) << text;
  }
  [[nodiscard]] fs::path at(const std::string& place) const { return root_ / place; }

  ToolPlaces places;

 private:
  fs::path root_;
};

constexpr const char* kNew = "Yosys 0.66 (git sha1 86f2ddebce7e)";
constexpr const char* kOld = "Yosys 0.23 (git sha1 7ce5011c24b)";

}  // namespace

TEST_CASE("versions are found in what the tools print", "[flow][toolchain]") {
  const auto check = [](std::string_view text, Version version) {
    INFO(text);
    const auto found = parse_version(text);
    REQUIRE(found.has_value());
    CHECK(*found == version);
  };
  check("Yosys 0.23 (git sha1 7ce5011c24b)", {0, 23, 0});
  check("Yosys 0.57+148 (git sha1 1.2.3, g++ 11.4.0-1ubuntu1 -fPIC -O3)", {0, 57, 0});
  check("\"nextpnr-ice40\" -- Next Generation Place and Route (Version 0.11.1+dfsg-5+b1)", {0, 11, 1});
  check("\"nextpnr-ecp5\" -- Next Generation Place and Route (Version nextpnr-0.9-41-g12345678)", {0, 9, 0});
  check("Project Trellis ecppack Version 1.4-3+b2", {1, 4, 0});
  check("Project Trellis - Open Source Tools\nVersion 1.2.1-22-gabc", {1, 2, 1});
  check("openFPGALoader v0.13.1", {0, 13, 1});
}

TEST_CASE("a text without a version has none", "[flow][toolchain]") {
  for (const char* const text : {"", "xc7frames2bit", "ice40", "version 12", "x1.2", "99999999999999.1", "a.1.2"}) {
    INFO(text);
    CHECK_FALSE(parse_version(text).has_value());
  }
}

TEST_CASE("versions are ordered by number and print as they are written", "[flow][toolchain]") {
  CHECK(Version{0, 9, 0} < Version{0, 10, 0});
  CHECK(Version{0, 66, 0} < Version{1, 2, 1});
  CHECK(to_text(Version{0, 40, 0}) == "0.40");
  CHECK(to_text(Version{1, 2, 1}) == "1.2.1");
}

TEST_CASE("the table of tools is in the order of their ids", "[flow][toolchain]") {
  for (std::size_t i = 0; i < all_tools().size(); ++i) {
    CHECK(&tool_info(static_cast<ToolId>(i)) == &all_tools()[i]);
  }
}

TEST_CASE("a tool of PATH that is new enough is taken", "[flow][toolchain]") {
  const Machine machine;
  machine.add("toolchain/bin/yosys", kNew);
  const fs::path program = machine.add("second/bin/yosys", kNew);
  const auto tool = find_tool(ToolId::yosys, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->path == program);
  CHECK(tool->version == kNew);
  CHECK(tool->origin == Origin::path);
}

TEST_CASE("an old tool of PATH gives way to a newer one behind it", "[flow][toolchain]") {
  const Machine machine;
  machine.add("first/bin/yosys", kOld);
  machine.add("toolchain/bin/yosys", kNew);
  auto tool = find_tool(ToolId::yosys, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->origin == Origin::toolchain);
  machine.add("second/bin/yosys", kNew);
  tool = find_tool(ToolId::yosys, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->path == machine.at("second/bin/yosys"));
}

TEST_CASE("the toolchain's folder in PATH is still the toolchain", "[flow][toolchain]") {
  Machine machine;
  machine.places.path.insert(machine.places.path.begin(), machine.at("toolchain/bin"));
  machine.add("toolchain/bin/yosys", kNew);
  const auto tool = find_tool(ToolId::yosys, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->origin == Origin::toolchain);
}

TEST_CASE("a tool that is too old, broken or missing says how to get it", "[flow][toolchain]") {
  const Machine machine;
  const auto none = find_tool(ToolId::nextpnr_ecp5, machine.places);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == Code::tool_missing);
  CHECK(none.error().hint.starts_with("run scripts/toolchain --only ecp5"));

  machine.add("first/bin/yosys", kOld);
  const auto old = find_tool(ToolId::yosys, machine.places);
  REQUIRE_FALSE(old.has_value());
  CHECK(old.error().code == Code::tool_too_old);
  CHECK(old.error().message.find("0.40 or newer") != std::string::npos);

  machine.add("first/bin/nextpnr-ecp5", "cannot open shared object file");
  const auto broken = find_tool(ToolId::nextpnr_ecp5, machine.places);
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().message.find("tells no version") != std::string::npos);
}

TEST_CASE("one nextpnr for all himbaechel devices will do where its chip database is", "[flow][toolchain]") {
  const Machine machine;
  const fs::path program = machine.add("first/bin/nextpnr-himbaechel", "(Version nextpnr-0.10-3-gabc)");
  CHECK_FALSE(find_tool(ToolId::nextpnr_xc7, machine.places).has_value());
  machine.add_folder("first/share/nextpnr/himbaechel/xilinx");
  const auto tool = find_tool(ToolId::nextpnr_xc7, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->path == program);
  CHECK_FALSE(find_tool(ToolId::nextpnr_gowin, machine.places).has_value());
}

TEST_CASE("a program that tells no version has that of its package", "[flow][toolchain]") {
  const Machine machine;
  machine.add("toolchain/bin/icepack", "");
  machine.add_text("toolchain/packages", "a 1\nfpga-icestorm 1.1-1\nz 2\n");
  const auto tool = find_tool(ToolId::icepack, machine.places);
  REQUIRE(tool.has_value());
  CHECK(tool->version == "fpga-icestorm 1.1-1");
}

TEST_CASE("prjxray's database is looked for beside bitread, then in the toolchain", "[flow][toolchain]") {
  Machine machine;
  CHECK(find_prjxray_database(machine.places).error().code == Code::xray_database_missing);
  machine.add_folder("toolchain/share/prjxray/database/artix7");
  machine.add("second/bin/bitread", "");
  CHECK(find_prjxray_database(machine.places).value() == machine.at("toolchain/share/prjxray/database"));
  machine.add_folder("second/share/prjxray/database/artix7");
  CHECK(find_prjxray_database(machine.places).value() == machine.at("second/share/prjxray/database"));
  machine.add_folder("elsewhere/artix7");
  machine.places.database = machine.at("elsewhere");
  CHECK(find_prjxray_database(machine.places).value() == machine.at("elsewhere"));
}

}  // namespace lutgen::flow
