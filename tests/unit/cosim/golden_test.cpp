// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/golden.hpp"

#include "lutgen/cosim/replay.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using verilog::PortRole;

namespace {

/// Two i8 features, one threshold each; two neurons of one input; two groups; argmax.
model::Model small_model() {
  model::Model model;
  model.name = "small";
  model.input = {{2}, model::FeatureType::i8};
  model.layers.resize(4);
  model.layers[0].operation = model::Thermometer{2, 1, {-3, 5}, model::FeatureType::i32};
  model.layers[1].operation = model::LutLayer{2, 1, {0, 1}, {2, 1}};
  model.layers[2].operation = model::GroupSum{2};
  model.layers[3].operation = model::Argmax{};
  REQUIRE(model::validate_model(model, "small").has_value());
  return model;
}

verilog::Manifest small_manifest() {
  verilog::Manifest manifest;
  manifest.model_name = "small";
  manifest.model_sha256 = std::string(64, 'a');
  manifest.family = "xc7";
  manifest.top = "small";
  manifest.files = {"small.v"};
  manifest.latency_cycles = 1;
  manifest.ports = {{"clk", PortRole::clock, true, 1, 1, false},
                    {"features", PortRole::features, true, 2, 8, true},
                    {"class_index", PortRole::class_index, false, 1, 1, false},
                    {"scores", PortRole::scores, false, 2, 1, false}};
  return manifest;
}

data::Dataset small_data() {
  data::Dataset dataset;
  dataset.name = "small";
  dataset.shape = {2};
  dataset.features = data::FloatFeatures{-4, 5, -2, 6};
  dataset.labels = {0, 1};
  dataset.class_count = 2;
  return dataset;
}

std::string message_of(const verilog::Manifest& manifest, const std::string& sha256 = {}) {
  const auto checked = cosim::check_design(manifest, small_model(), sha256, "out/manifest.json");
  if (checked) return "fits";
  CHECK(checked.error().code == Code::cosim_design_mismatch);
  CHECK(checked.error().place == "out/manifest.json");
  return checked.error().message;
}

}  // namespace

TEST_CASE("a design of the network is accepted", "[cosim][golden]") {
  CHECK(message_of(small_manifest()) == "fits");
  CHECK(message_of(small_manifest(), std::string(64, 'a')) == "fits");
}

TEST_CASE("a design of another network is refused with the difference", "[cosim][golden]") {
  CHECK(message_of(small_manifest(), std::string(64, 'b')) ==
        "expected a design of the model with sha256 bbbbbbbbbbbbbbbb..., found one of "
        "aaaaaaaaaaaaaaaa... ('small')");
  verilog::Manifest manifest = small_manifest();
  manifest.family = "mars";
  CHECK(message_of(manifest) == "expected a family with simulation models, found 'mars'");
  manifest = small_manifest();
  manifest.ports[1].elements = 3;
  CHECK(message_of(manifest) ==
        "expected a features port of 2 signed elements of 8 bits, found 3 signed of 8");
  manifest = small_manifest();
  manifest.ports[3].elements = 10;
  CHECK(message_of(manifest) ==
        "expected a port 'scores' of 2 elements of at least 1 bits, found 10 of 1");
  manifest = small_manifest();
  manifest.ports[2].role = PortRole::bits;
  CHECK(message_of(manifest) ==
        "expected no port 'class_index', because the network has no layer of that kind");
  manifest = small_manifest();
  manifest.ports.resize(2);
  CHECK(message_of(manifest) == "expected an output port (class, scores or bits), found none");
  manifest = small_manifest();
  manifest.ports.erase(manifest.ports.begin());
  CHECK(message_of(manifest) == "expected a clock port for a latency of 1 cycles, found none");
}

TEST_CASE("features are packed in two's complement, expected values per port", "[cosim][golden]") {
  const sim::Stimulus stimulus =
      cosim::make_stimulus(small_manifest(), small_model(), small_data(), 0, 2, {});
  CHECK(stimulus.samples == 2);
  CHECK(stimulus.latency_cycles == 1);
  CHECK(stimulus.reset_after == 1);
  // {5, -4} and {6, -2}: feature 0 in the low byte
  CHECK(stimulus.input_words == sim::Words{0x05fcu, 0x06feu});
  // bits 0,0 -> neurons 0,1 -> class 1, scores 10; bits 1,1 -> neurons 1,0 -> class 0, scores 01
  CHECK(stimulus.output_words == sim::Words{1u, 2u, 0u, 1u});
}

TEST_CASE("with --input bits the encoder's bits are driven", "[cosim][golden]") {
  verilog::Manifest manifest = small_manifest();
  manifest.input_is_bits = true;
  manifest.ports[1] = {"features", PortRole::features, true, 2, 1, false};
  CHECK(message_of(manifest) == "fits");
  const sim::Stimulus stimulus =
      cosim::make_stimulus(manifest, small_model(), small_data(), 1, 1, {});
  CHECK(stimulus.input_words == sim::Words{3u});
  CHECK(stimulus.output_words == sim::Words{0u, 1u});
}

TEST_CASE("probe rows are refused when they do not have the stated length", "[cosim][replay]") {
  std::string bytes = "LUTGPROB";
  for (const std::uint32_t value : {1u, 33u, 1u, 0u, 0x80000001u, 1u})
    sim::detail::append_u32(bytes, value);
  const auto rows = cosim::parse_probe_rows(bytes, "work");
  REQUIRE(rows.has_value());
  CHECK(rows->rows == 1);
  CHECK(rows->at(0, 0));
  CHECK(!rows->at(0, 1));
  CHECK(rows->at(0, 31));
  CHECK(rows->at(0, 32));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK(!cosim::parse_probe_rows(bytes.substr(0, length), "work").has_value());
  CHECK(cosim::parse_probe_rows(bytes + "x", "work").error().code == Code::tool_failed);
}
