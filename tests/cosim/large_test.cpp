// SPDX-License-Identifier: Apache-2.0
// Large designs: built with their cells written out, right and with a fault.
#include <array>

#include "lutgen/base/process.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/drawn_samples.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/cosim/small_design.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// Layers of `width` random tables of `fan_in` inputs, each on the one before; ten sums, argmax.
model::Model random_layers(std::size_t layers, std::uint32_t width, std::uint32_t fan_in) {
  constexpr std::uint32_t kInputs = 256;
  base::Rng rng(5);
  model::Model model;
  model.name = "random";
  model.input = {{kInputs}, model::FeatureType::bit};
  for (std::size_t layer = 0; layer < layers; ++layer) {
    model::LutLayer luts;
    luts.neurons = width;
    luts.fan_in = fan_in;
    const std::uint32_t sources = layer == 0 ? kInputs : width;
    for (std::uint32_t i = 0; i < width * fan_in; ++i) luts.inputs.push_back(static_cast<std::uint32_t>(rng.below(sources)));
    for (std::size_t i = 0; i < width * luts.table_bytes(); ++i) luts.tables.push_back(static_cast<std::uint8_t>(rng.next()));
    model.layers.push_back({.name = {}, .operation = std::move(luts), .sources = {static_cast<std::int32_t>(layer) - 1}});
  }
  model.layers.push_back({.name = {}, .operation = model::GroupSum{10}, .sources = {static_cast<std::int32_t>(layers) - 1}});
  model.layers.push_back({.name = {}, .operation = model::Argmax{}, .sources = {static_cast<std::int32_t>(layers)}});
  REQUIRE(model::validate_model(model, "random").has_value());
  return model;
}

verilog::Design emit(const model::Model& model, tech::Family family) {
  verilog::EmitOptions options;
  options.map.family = family;
  options.map.scores_output = true;
  auto design = verilog::build_design(model, options);
  REQUIRE(design.has_value());
  return *std::move(design);
}

cosim::CosimReport run(const model::Model& model, const verilog::Design& design, const std::string& text, std::size_t samples,
                       std::size_t large_design_cells) {
  const test::TemporaryFolder folder;
  REQUIRE(verilog::write_design(design, folder.path() / "design").has_value());
  REQUIRE(base::write_file(folder.path() / "design" / (design.manifest.top + ".v"), text));
  const data::Dataset dataset = eval::draw_samples(model, samples, 1);
  cosim::CosimOptions options;
  options.work = folder.path() / "work";
  options.threads = 2;
  options.large_design_cells = large_design_cells;
  const auto report = cosim::run_cosim({folder.path() / "design", model, "", dataset, options});
  if (!report) FAIL(to_text(report.error()));
  return *report;
}

}  // namespace

TEST_CASE("the small design built as a large one passes, its fault is explained the same way", "[large][small]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const auto run_small = [](const std::string& text, std::size_t large_design_cells) {
    const test::TemporaryFolder folder;
    cosim::CosimOptions options;
    options.large_design_cells = large_design_cells;
    return test::run_small(folder.path(), text, test::small_manifest(), test::small_probes(1), options);
  };
  const cosim::CosimReport right = run_small(test::kSmallVerilog, 1);
  CHECK(right.passed());
  CHECK(right.samples == 200);
  CHECK(right.expanded_cells == 20);
  const std::string faulty = test::replaced(test::kSmallVerilog, "#(.INIT(4'h6)) n1_lut", "#(.INIT(4'h7)) n1_lut");
  const cosim::CosimReport large = run_small(faulty, 1);
  const cosim::CosimReport small = run_small(faulty, cosim::kLargeDesignCells);
  CHECK(small.expanded_cells == 0);
  CHECK(large.cycles == small.cycles);
  REQUIRE(large.mismatch.has_value());
  REQUIRE(small.mismatch.has_value());
  CHECK(to_text(*large.mismatch) == to_text(*small.mismatch));
  CHECK(large.mismatch->origin == cosim::Origin::layer);
}

TEST_CASE("a network built as a large design has no mismatch on any family", "[large][families]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const model::Model model = random_layers(2, 40, 5);
  for (const tech::Family family :
       {tech::Family::xc7, tech::Family::ecp5, tech::Family::ice40, tech::Family::gowin, tech::Family::gatemate}) {
    const verilog::Design design = emit(model, family);
    const cosim::CosimReport report = run(model, design, verilog::verilog_text(design), 500, 1);
    CAPTURE(report.family);
    CHECK(report.passed());
    CHECK(report.samples == 500);
    CHECK(report.expanded_cells >= 80);
  }
}

TEST_CASE("one flipped INIT bit among 6,000 tables is traced to its neuron", "[large][init]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  constexpr std::uint32_t kNeuron = 1234;
  constexpr std::size_t kLayer = 2;  // the last one: every wrong bit changes a score
  const model::Model model = random_layers(3, 2000, 6);
  const verilog::Design design = emit(model, tech::Family::xc7);
  std::string text = verilog::verilog_text(design);
  // The bit that the first sample reads.
  const data::Dataset dataset = eval::draw_samples(model, 1, 1);
  const eval::Trace trace = eval::evaluate_reference(model, eval::sample_features(dataset, 0));
  const auto& luts = std::get<model::LutLayer>(model.layers[kLayer].operation);
  std::uint32_t address = 0;
  for (std::uint32_t k = 0; k < 6; ++k)
    address |= static_cast<std::uint32_t>(trace.values[kLayer - 1][luts.inputs_of(kNeuron)[k]]) << k;
  const std::size_t name = text.find(") l2_n1234_y_lut (");
  REQUIRE(name != std::string::npos);
  char& digit = text[text.rfind("'h", name) + 17 - address / 4];
  const int value = digit <= '9' ? digit - '0' : digit - 'A' + 10;
  digit = "0123456789ABCDEF"[value ^ (1 << (address % 4))];

  const cosim::CosimReport report = run(model, design, text, 300, cosim::kLargeDesignCells);
  CHECK(report.expanded_cells >= cosim::kLargeDesignCells);
  CHECK(report.mismatches > 0);
  CHECK(report.mismatches < 300);
  CHECK(report.valid_errors == 0);
  REQUIRE(report.mismatch.has_value());
  INFO(to_text(*report.mismatch));
  CHECK(report.mismatch->output->sample == 0);
  REQUIRE(report.mismatch->layer.has_value());
  CHECK(report.mismatch->layer->layer == kLayer);
  CHECK(report.mismatch->layer->index == kNeuron);
  CHECK(report.mismatch->layer->differing == 1);
}
