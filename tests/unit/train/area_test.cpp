// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/area.hpp"

#include "lutgen/model/model_file.hpp"
#include "lutgen/train/encoder.hpp"
#include "lutgen/train/epoch_text.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;

TEST_CASE("LUTs are counted as an emitted design has them", "[train][area]") {
  const auto path = std::filesystem::path(LUTGEN_SOURCE_DIR) / "sim/models/mnist-lut4-300.safetensors";
  const auto loaded = model::read_model(path);
  REQUIRE(loaded);
  verilog::EmitOptions options;
  options.place = "mnist-lut4-300";
  const auto design = verilog::build_design(*loaded, options);
  REQUIRE(design);
  const auto statistics = netlist::compute_statistics(design->mapped.netlist, loaded->layers.size());
  std::uint64_t luts = 0;
  for (const tech::Cell cell : {tech::Cell::lut1, tech::Cell::lut2, tech::Cell::lut3, tech::Cell::lut4, tech::Cell::lut5, tech::Cell::lut6}) {
    luts += statistics.total[static_cast<std::size_t>(cell)];
  }
  CHECK(luts > 300);
  CHECK(train::count_luts(*loaded) == luts);
}

TEST_CASE("as many tables as fit within a number of LUTs", "[train][area]") {
  const std::uint32_t tables = train::tables_within(400, 10, 6, 300);
  CHECK(tables % 10 == 0);
  // A LUT for each table, two to three fifths of one for its count, and argmax.
  CHECK(tables > 150);
  CHECK(tables < 300);
  CHECK(train::tables_within(5, 10, 6, 300) == 0);
  CHECK(train::tables_within(500, 10, 6, 300) > tables);
  CHECK(train::tables_within(400, 10, 2, 300) > tables);
}

TEST_CASE("a comparison costs what its bits take", "[train][encoder]") {
  CHECK(train::comparison_cost(127) == 0);    // the top bit
  CHECK(train::comparison_cost(-1) == 0);     // always
  CHECK(train::comparison_cost(255) == 0);    // never
  CHECK(train::comparison_cost(63) == 0.5);   // either of two bits
  CHECK(train::comparison_cost(191) == 0.5);  // both of two bits
  CHECK(train::comparison_cost(95) == 1);     // three bits
  CHECK(train::comparison_cost(3) == 1);      // six bits
  CHECK(train::comparison_cost(1) == 2);      // seven bits
  CHECK(train::comparison_cost(100) == 2);    // 101 is odd: eight bits
}

TEST_CASE("who waits for a training reads its figures and the time left", "[train]") {
  CHECK(train::duration_text(0.4) == "0 s");
  CHECK(train::duration_text(119) == "119 s");
  CHECK(train::duration_text(150) == "3 min");
  CHECK(train::duration_text(2 * 3600 + 300) == "2 h 5 min");
  const train::EpochText text(40, 2);
  CHECK(text.begin(3, nullptr) == "epoch 3 of 40");
  const train::EpochFigures figures{.epoch = 3, .loss = 0.125, .training = 0.9, .validation = 0.9712, .luts = 883};
  // The first epoch of this run says nothing of the pace yet.
  CHECK(text.begin(3, &figures) == "epoch 3 of 40: loss 0.1250, held back 97.12 %, 883 LUTs");
  CHECK(text.begin(4, &figures) == "epoch 4 of 40: loss 0.1250, held back 97.12 %, 883 LUTs, 0 s left");
}
