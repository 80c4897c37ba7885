// SPDX-License-Identifier: Apache-2.0
// What the goals, the families' counters and the gates counted in are worth: cells and cycles of whole networks.
#include "lutgen/map/map.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/lutnet_model.hpp"

using namespace lutgen;
using map::Goal;
using tech::Cell;
using tech::Family;

namespace {

struct Size {
  netlist::CellCounts cells;
  std::uint32_t latency = 0;

  [[nodiscard]] std::uint64_t count(std::initializer_list<Cell> types) const {
    std::uint64_t total = 0;
    for (const Cell type : types) total += cells[static_cast<std::size_t>(type)];
    return total;
  }
  [[nodiscard]] std::uint64_t luts() const { return count({Cell::lut1, Cell::lut2, Cell::lut3, Cell::lut4, Cell::lut5, Cell::lut6}); }
};

Size map_model(const model::Model& model, Family family, Goal goal) {
  const auto lowered = logic::lower(model, {.input = logic::InputForm::bits});
  REQUIRE(lowered);
  const auto mapped = map::map_to_netlist(*lowered, {.family = family, .pipeline = {}, .goal = goal});
  return {compute_statistics(mapped.netlist, model.layers.size()).total, mapped.netlist.latency_cycles};
}

/// One neuron: at least half of `inputs` bits are 1.
model::Model majority(std::uint32_t inputs) {
  model::ThresholdLayer sum;
  sum.neurons = 1;
  for (std::uint32_t i = 0; i < inputs; ++i) sum.inputs.push_back(i);
  sum.offsets = {0, inputs};
  sum.thresholds = {static_cast<std::int32_t>(inputs / 2)};
  model::Model model;
  model.name = "majority";
  model.input = {{inputs}, model::FeatureType::bit};
  model.layers.resize(1);
  model.layers[0].operation = std::move(sum);
  REQUIRE(model::validate_model(model, "majority"));
  return model;
}

}  // namespace

TEST_CASE("the goals trade LUTs for cycles", "[map][goal]") {
  auto starter = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors");
  REQUIRE(starter);
  const Size area = map_model(*starter, Family::xc7, Goal::area);
  const Size balanced = map_model(*starter, Family::xc7, Goal::balanced);
  const Size delay = map_model(*starter, Family::xc7, Goal::delay);
  CHECK(area.luts() < balanced.luts());
  CHECK(balanced.luts() < delay.luts());
  CHECK(delay.latency < balanced.latency);
  CHECK(balanced.latency < area.latency);
}

TEST_CASE("a threshold takes about 1.6 cells a bit in the carry chains of iCE40 and ECP5", "[map][goal]") {
  const model::Model model = majority(128);
  CHECK(map_model(model, Family::ice40, Goal::area).count({Cell::sb_lut4}) < 128 * 165 / 100);
  // Two LUT4 in each CCU2C.
  const Size ecp5 = map_model(model, Family::ecp5, Goal::area);
  CHECK(ecp5.count({Cell::ecp5_lut4}) + 2 * ecp5.count({Cell::ccu2c}) < 128 * 165 / 100);
}

TEST_CASE("gates of two inputs hardly take LUTs of their own on xc7", "[map][goal]") {
  model::Model model = test::lutnet_model({.neurons = 16, .lanes = 288, .levels = 1}, 3);
  REQUIRE(model::validate_model(model, "lutnet"));
  std::uint64_t gates = 0;
  for (const auto table : std::get<model::LutLayer>(model.layers[0].operation).tables) gates += table != 0b1010 && table != 0b0101 ? 1 : 0;
  REQUIRE(gates > 50);
  CHECK(map_model(model, Family::xc7, Goal::area).count({Cell::lut2}) < gates / 2);
}
