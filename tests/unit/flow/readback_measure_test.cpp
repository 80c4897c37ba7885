// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/files.hpp"
#include "lutgen/flow/readback.hpp"
#include "tests/property/random_design.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/flow/routed_xc7_json.hpp"

using namespace lutgen;

namespace {

/// A small network that ends in a class, its design, and what nextpnr would leave of it.
struct Case {
  explicit Case(std::uint64_t seed, map::PipelineOptions pipeline = {}) {
    base::Rng rng(seed);
    model.name = "small";
    model.input = {{6}, model::FeatureType::u8};
    const auto add = [&](model::Operation operation, std::int32_t source) {
      model::Layer layer;
      layer.operation = std::move(operation);
      layer.sources = {source};
      model.layers.push_back(std::move(layer));
    };
    add(test::random_encoder(rng, model.input), model::kNetworkInput);
    const auto bits = std::get<model::Thermometer>(model.layers[0].operation).thresholds.size();
    add(test::random_luts(rng, 30, 4, static_cast<std::uint32_t>(bits)), 0);
    add(model::GroupSum{3}, 1);
    add(model::Argmax{}, 2);
    REQUIRE(model::validate_model(model, "small"));
    verilog::EmitOptions options;
    options.map.scores_output = true;
    options.map.pipeline = pipeline;
    auto built = verilog::build_design(model, options);
    REQUIRE(built);
    design.emplace(std::move(*built));
    dataset = test::random_dataset(model, seed, 150);
    routed.emplace(*design);
  }

  Result<flow::ReadbackReport> read_back(std::size_t limit = 0) const {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "routed.json";
    REQUIRE(base::write_file(path, routed->text()));
    flow::ReadbackSource source;
    source.netlist = path;
    return flow::read_back_measure(source, model, *design, dataset, {.limit = limit, .threads = 1, .progress = nullptr});
  }

  model::Model model;
  std::optional<verilog::Design> design;
  data::Dataset dataset;
  std::optional<test::RoutedXc7Json> routed;
};

/// The first LUT of a neuron, whose table is not constant.
std::string neuron_lut(const io::Json& cells) {
  for (const auto& [name, cell] : cells.items()) {
    if (name.starts_with("core.l1_n") && name.ends_with("_y_lut")) return name;
  }
  return {};
}

}  // namespace

TEST_CASE("a routed measuring build that is right has no mismatch", "[flow][readback]") {
  for (const auto mode : {map::PipelineMode::none, map::PipelineMode::automatic}) {
    Case it(7, {.mode = mode});
    const auto report = it.read_back();
    REQUIRE(report);
    CHECK(report->samples == 150);
    CHECK(report->shifted == 150);
    CHECK(report->mismatches == 0);
    CHECK(report->valid_errors == 0);
    CHECK(report->passed());
    CHECK(report->source == "nextpnr --write");
    CHECK(flow::to_json(*report)["mismatch"].is_null());
  }
}

TEST_CASE("a limit takes the first samples of the data", "[flow][readback]") {
  const auto report = Case(7).read_back(65);
  REQUIRE(report);
  CHECK(report->samples == 65);
  CHECK(report->passed());
}

TEST_CASE("one changed table bit after routing is found and the neuron is named", "[flow][readback]") {
  // Every entry of one neuron is flipped in turn: an entry that some sample reads changes a score.
  Case it(7);
  const std::string name = neuron_lut(it.routed->cells);
  REQUIRE(!name.empty());
  const std::string init = it.routed->cells[name]["parameters"]["INIT"];
  std::size_t found = 0;
  for (std::size_t i = 0; i < init.size(); ++i) {
    std::string changed = init;
    changed[i] = changed[i] == '0' ? '1' : '0';
    it.routed->cells[name]["parameters"]["INIT"] = changed;
    const auto report = it.read_back();
    REQUIRE(report);
    if (report->passed()) continue;  // an address that no sample of the data reads
    ++found;
    REQUIRE(report->mismatch);
    REQUIRE(report->mismatch->layer);
    const cosim::LayerFault& fault = *report->mismatch->layer;
    CHECK(fault.layer == 1);
    CHECK(name == fmt::format("core.l1_n{}_y_lut", fault.index));
    CHECK(fault.differing == 1);
    CHECK(fault.expected != fault.found);
    CHECK(report->valid_errors == 0);
  }
  CHECK(found > 0);
}

TEST_CASE("two outputs that were swapped after routing are found", "[flow][readback]") {
  Case it(7);
  io::Json& cells = it.routed->cells;
  std::swap(cells["result_3_ff"]["connections"]["D"], cells["result_4_ff"]["connections"]["D"]);
  const auto report = it.read_back();
  REQUIRE(report);
  CHECK(report->mismatches > 0);
  REQUIRE(report->mismatch);
  CHECK(report->mismatch->origin == cosim::Origin::after_last_probe);
}

TEST_CASE("a broken chain of flops is found and the first flop named", "[flow][readback]") {
  Case it(7);
  it.routed->cells["chain_2_ff"]["connections"]["D"] = it.routed->cells["chain_0_ff"]["connections"]["Q"];
  const auto report = it.read_back();
  REQUIRE(report);
  CHECK_FALSE(report->passed());
  REQUIRE(report->mismatch);
  CHECK(report->mismatch->reason.starts_with("flop chain_"));
}

TEST_CASE("a register too many in the valid path is found", "[flow][readback]") {
  Case it(7, {.mode = map::PipelineMode::automatic});
  io::Json& cells = it.routed->cells;
  REQUIRE(cells.contains("core.valid_d2_ff"));
  cells["core.valid_d2_ff"]["connections"]["D"] = cells["core.valid_d1_ff"]["connections"]["D"];
  const auto report = it.read_back();
  REQUIRE(report);
  CHECK(report->mismatches == 0);
  CHECK(report->valid_errors > 0);
  REQUIRE(report->mismatch);
  CHECK(report->mismatch->origin == cosim::Origin::valid_path);
}

TEST_CASE("a missing flop of the harness is an error that names it", "[flow][readback]") {
  Case it(7);
  it.routed->cells.erase("result_0_ff");
  const auto report = it.read_back();
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::readback_harness);
  CHECK(report.error().message.find("result_0_ff") != std::string::npos);
}
