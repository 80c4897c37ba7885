// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/lut_pairs.hpp"

#include <fmt/core.h>

#include "lutgen/io/json.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// A placed design in nextpnr's JSON, cell by cell.
class Placed {
 public:
  /// bel  for example "X1Y2/SLICE_X0Y0.A6LUT"; the output is O6 there and O5 at a 5LUT
  void add_lut(const std::string& name, const std::string& bel, const std::vector<int>& inputs, int output, const std::string& type = "") {
    io::Json cell = {{"type", "SLICE_LUTX"}, {"attributes", {{"NEXTPNR_BEL", bel}}}};
    cell["attributes"]["X_ORIG_TYPE"] = type.empty() ? fmt::format("LUT{}", inputs.size()) : type;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const std::string pin = fmt::format("A{}", i + 1);
      cell["port_directions"][pin] = "input";
      cell["connections"][pin] = {inputs[i]};
      cell["attributes"]["X_ORIG_PORT_" + pin] = fmt::format("I{}", i);
    }
    const char* pin = bel.ends_with("5LUT") ? "O5" : "O6";
    cell["port_directions"][pin] = "output";
    cell["connections"][pin] = {output};
    cells[name] = std::move(cell);
  }

  void add(const std::string& name, const std::string& type, const std::string& bel, const io::Json& inputs, const char* output, int wire) {
    io::Json cell = {{"type", type}, {"attributes", {{"NEXTPNR_BEL", bel}}}, {"port_directions", {{output, "output"}}}};
    cell["connections"][output] = {wire};
    for (const auto& [pin, bit] : inputs.items()) {
      cell["port_directions"][pin] = "input";
      cell["connections"][pin] = {bit};
    }
    cells[name] = std::move(cell);
  }

  [[nodiscard]] std::string text() const {
    io::Json json;
    json["modules"]["top"] = {{"ports", io::Json::object()}, {"cells", cells}, {"netnames", io::Json::object()}};
    return io::to_text(json);
  }

  [[nodiscard]] flow::LutPairPlan plan() const {
    auto result = flow::plan_lut_pairs(text(), "placed.json");
    if (!result) FAIL(to_text(result.error()));
    return std::move(*result);
  }

  io::Json cells = io::Json::object();
};

/// What a list of the script holds.
io::Json list_in(const flow::LutPairPlan& plan, const std::string& name) {
  const std::string head = name + " = ";
  const std::size_t start = plan.pre_place.find("\n" + head) + 1 + head.size();
  std::string text = plan.pre_place.substr(start, plan.pre_place.find("\n#", start) - start);
  if (text.starts_with("set(")) text = text.substr(4, plan.pre_place.find("\n)") - start);
  return io::Json::parse(text.substr(0, text.find("\n])") == std::string::npos ? text.size() : text.find("\n])") + 2));
}

constexpr const char* kA6 = "X3Y4/SLICE_X0Y0.A6LUT";
constexpr const char* kB6 = "X3Y4/SLICE_X0Y0.B6LUT";
constexpr const char* kC6 = "X3Y4/SLICE_X0Y0.C6LUT";
constexpr const char* kC5 = "X3Y4/SLICE_X0Y0.C5LUT";

}  // namespace

TEST_CASE("two small LUTs are planned into one of their positions, with their flops", "[flow][lut_pairs]") {
  Placed placed;
  placed.add_lut("a", kA6, {10, 11, 12}, 20);
  placed.add("a_ff", "SLICE_FFX", "X3Y4/SLICE_X0Y0.AFF", {{"D", 20}}, "Q", 30);
  placed.add_lut("b", kB6, {12, 13, 14}, 21);
  placed.add("other", "SLICE_FFX", "X3Y4/SLICE_X0Y0.B5FF", {{"D", 10}}, "Q", 31);
  const flow::LutPairPlan plan = placed.plan();
  CHECK(plan.by_chance == 0);
  CHECK(plan.planned == 1);
  const io::Json pairs = list_in(plan, "pairs");
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0][0] == io::Json({"a", "a_ff", "X3Y4/SLICE_X0Y0.A", "6"}));
  CHECK(pairs[0][1] == io::Json({"b", "", "X3Y4/SLICE_X0Y0.B", "6"}));
  CHECK(pairs[0][2] == io::Json({"X3Y4/SLICE_X0Y0.A", "X3Y4/SLICE_X0Y0.B"}));
  CHECK(list_in(plan, "places") == io::Json::array({io::Json({"other", "X3Y4/SLICE_X0Y0.B5FF", 0})}));
  CHECK(list_in(plan, "loose") == io::Json::array({"other"}));
  CHECK(placed.plan().pre_place == plan.pre_place);
}

TEST_CASE("pairs that are there stay where they are", "[flow][lut_pairs]") {
  Placed placed;
  placed.add_lut("a", kC6, {10, 11, 12}, 20);
  placed.add_lut("b", kC5, {12, 13, 14}, 21);
  const flow::LutPairPlan plan = placed.plan();
  CHECK(plan.by_chance == 1);
  CHECK(plan.planned == 1);
  CHECK(list_in(plan, "pairs").empty());
  CHECK(list_in(plan, "places") == io::Json::array({io::Json({"b", kC5, 1}), io::Json({"a", kC6, 1})}));
  CHECK(flow::count_lut_pairs(placed.text(), "placed.json").value() == 1);
}

TEST_CASE("a chance pair is parted where that gives two", "[flow][lut_pairs]") {
  Placed placed;
  placed.add_lut("a", kC6, {10, 11, 12}, 20);
  placed.add_lut("b", kC5, {12, 13, 14}, 21);
  placed.add_lut("c", kA6, {10, 11, 12, 15, 16}, 22);
  placed.add_lut("d", kB6, {12, 13, 14, 17, 18}, 23);
  const flow::LutPairPlan plan = placed.plan();
  CHECK(plan.by_chance == 1);
  CHECK(plan.planned == 2);
  const io::Json pairs = list_in(plan, "pairs");
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0][2][0] != pairs[1][2][0]);
}

TEST_CASE("LUTs of carry chains, multiplexers and memories, and wide ones are left alone", "[flow][lut_pairs]") {
  Placed placed;
  placed.add_lut("free", kA6, {10, 11}, 20);
  SECTION("a carry chain") {
    placed.add_lut("b", kB6, {10, 11}, 21);
    placed.add("carry", "CARRY4", "X3Y4/SLICE_X0Y0.CARRY4", {{"S1", 21}}, "CO3", 30);
  }
  SECTION("a multiplexer") {
    placed.add_lut("b", kB6, {10, 11}, 21);
    placed.add("mux", "SELMUX2_1", "X3Y4/SLICE_X0Y0.F7AMUX", {{"1", 21}}, "OUT", 30);
  }
  SECTION("a memory") { placed.add_lut("b", kB6, {10, 11}, 21, "RAMD32"); }
  SECTION("six inputs") { placed.add_lut("b", kB6, {10, 11, 12, 13, 14, 15}, 21); }
  SECTION("six inputs together") { placed.add_lut("b", kB6, {12, 13, 14, 15}, 21); }
  SECTION("far away") { placed.add_lut("b", "X3Y14/SLICE_X0Y0.B6LUT", {10, 11}, 21); }
  SECTION("beside one of these") {
    placed.add_lut("b", kB6, {10, 11}, 21);
    placed.add_lut("c", "X3Y4/SLICE_X0Y0.B5LUT", {10, 11}, 22, "SRL16E");
  }
  const flow::LutPairPlan plan = placed.plan();
  CHECK(plan.planned == 0);
  CHECK(plan.by_chance == 0);
  CHECK(list_in(plan, "pairs").empty());
}

TEST_CASE("a LUT that only its flop reads is taken before one that others read, too", "[flow][lut_pairs]") {
  Placed placed;
  const char* const letters[] = {"A", "B", "D"};
  for (int i = 0; i < 3; ++i) {
    const std::string position = fmt::format("X3Y4/SLICE_X0Y0.{}", letters[i]);
    placed.add_lut(fmt::format("lut{}", i), position + "6LUT", {10, 11}, 20 + i);
    placed.add(fmt::format("ff{}", i), "SLICE_FFX", position + "FF", {{"D", 20 + i}}, "Q", 30 + i);
  }
  placed.add_lut("reader", kC6, {10, 11, 12, 13, 20, 21}, 29);
  const flow::LutPairPlan plan = placed.plan();
  CHECK(plan.planned == 1);
  CHECK(list_in(plan, "pairs")[0][1][0] == "lut2");
}

TEST_CASE("what is no placed design is refused", "[flow][lut_pairs]") {
  CHECK(flow::plan_lut_pairs("{", "placed.json").error().code == Code::json_syntax);
  CHECK(flow::plan_lut_pairs("{}", "placed.json").error().code == Code::json_missing_field);
  CHECK(flow::count_lut_pairs("{}", "placed.json").error().code == Code::json_missing_field);
}
