// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/layer_fault.hpp"

#include "lutgen/eval/reference.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("a wrong residual bit is explained by its neuron's sum and the comparison that gives it", "[cosim][layer_fault]") {
  model::Model model;
  model.name = "residual";
  model.input = {{3}, model::FeatureType::bit};
  model::ThresholdLayer layer;
  layer.neurons = 2;
  layer.levels = 2;
  layer.offsets = {0, 0, 3};
  layer.inputs = {0, 1, 2};
  layer.weights = {3, -1, 1};
  layer.thresholds = {0, 0, 0, 1, 0, 2};
  model.layers.resize(1);
  model.layers[0].operation = layer;
  REQUIRE(model::validate_model(model, "residual"));
  const std::vector<double> features{1, 1, 0};
  const auto trace = eval::evaluate_reference(model, features);
  REQUIRE(trace.values[0] == std::vector<std::int64_t>{0, 0, 1, 0});
  verilog::LayerProbes probes{0, {}};
  for (std::uint32_t i = 0; i < 4; ++i) probes.probes.push_back({i, {"net"}, {0}});
  const auto fault = cosim::find_layer_fault(model, features, {&probes, 1}, [&](std::size_t, std::size_t probe) {
    return std::optional(trace.values[0][probe] ^ (probe == 3 ? 1 : 0));
  });
  REQUIRE(fault);
  CHECK(fault->value_kind == "neuron bit");
  CHECK(fault->index == 3);
  CHECK(fault->found == 1);
  CHECK(fault->comparison == "neuron 1, bit 1: sum 2 > threshold 2 (node 2 of its 3; 3 terms)");
}
