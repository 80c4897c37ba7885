// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/emit.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;
using csource::build_source;

// That the text compiles and computes what the network does: tests/property/c_test.cpp.

TEST_CASE("the same network and options give the same C", "[csource][emit]") {
  auto model = test::random_model(7);
  REQUIRE(model::validate_model(model, "random").has_value());
  const auto first = build_source(model, {.model_sha256 = "none"});
  const auto second = build_source(model, {.model_sha256 = "none"});
  REQUIRE((first.has_value() && second.has_value()));
  CHECK(first->source == second->source);
  CHECK(first->header == second->header);
  CHECK(first->prefix == "random");
}

TEST_CASE("no function has more operations than asked for, and the figures say how many there are", "[csource][emit]") {
  const auto model = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/optdigits-lut6-400.safetensors");
  REQUIRE(model.has_value());
  const auto source = build_source(*model, {.model_sha256 = "none", .part_ops = 100});
  REQUIRE(source.has_value());
  const csource::SourceFigures& figures = source->figures;
  CHECK(figures.functions == (figures.operations + 99) / 100);
  CHECK(figures.outputs == 4);
  CHECK(figures.array_bytes >= 8 * (figures.inputs + figures.outputs));
  CHECK(figures.live_bytes <= figures.variable_bytes);
  CHECK(figures.variable_bytes <= 800);
}

TEST_CASE("float features with two encoders are refused", "[csource][emit]") {
  model::Model model;
  model.name = "two";
  model.input = {{1}, model::FeatureType::f32};
  for (int i = 0; i < 2; ++i) model.layers.push_back({"", model::Thermometer{1, 1, {0.5}, model::FeatureType::f32}, {model::kNetworkInput}});
  base::Rng rng(1);
  model.layers.push_back({"", test::random_luts(rng, 2, 2, 2), {0, 1}});
  REQUIRE(model::validate_model(model, "two").has_value());
  const auto source = build_source(model, {.model_sha256 = "none"});
  REQUIRE_FALSE(source.has_value());
  CHECK(source.error().code == Code::lower_several_encoders);
}

TEST_CASE("a source is two files, or none", "[csource][emit]") {
  const test::TemporaryFolder folder;
  REQUIRE(csource::write_source({"net", "header", "source", {}}, folder.path() / "out").has_value());
  CHECK(folder.names("out") == std::vector<std::string>{"net.c", "net.h"});
  CHECK(base::read_file(folder.path() / "out" / "net.h").value() == "header");
  REQUIRE(base::write_file(folder.path() / "file", "").has_value());
  const auto refused = csource::write_source({"net", "header", "source", {}}, folder.path() / "file");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::folder_not_writable);
}
