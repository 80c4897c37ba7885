// SPDX-License-Identifier: Apache-2.0
#include "lutgen/verilog/emit.hpp"

#include "lutgen/base/files.hpp"
#include "lutgen/verilog/probes.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

model::Model valid_random_model(std::uint64_t seed) {
  auto model = test::random_model(seed);
  REQUIRE(model::validate_model(model, "random"));
  return model;
}

}  // namespace

TEST_CASE("the manifest reads back as it was written", "[verilog][manifest][property]") {
  test::property([](std::uint64_t seed) {
    const test::TemporaryFolder folder;
    const auto design = verilog::build_design(valid_random_model(seed), {{}, {}, logic::InputForm::features, "top", "00", "", nullptr});
    RC_ASSERT(design.has_value());
    RC_ASSERT(verilog::write_design(*design, folder.path()).has_value());
    const auto manifest = verilog::read_manifest(folder.path());
    RC_ASSERT(manifest.has_value());
    RC_ASSERT(verilog::manifest_json(*manifest) == verilog::manifest_json(design->manifest));
    const auto probes = verilog::read_probes(folder.path());
    RC_ASSERT(probes.has_value());
    const auto text = base::read_file(folder.path() / "probes.json");
    RC_ASSERT(text.has_value());
    RC_ASSERT(verilog::probes_json(*probes) == *text);
  });
}

TEST_CASE("the same model and options give the same bytes", "[verilog][emit]") {
  const auto model = valid_random_model(3);
  const auto first = verilog::build_design(model, verilog::EmitOptions{});
  const auto second = verilog::build_design(model, verilog::EmitOptions{});
  REQUIRE(first);
  REQUIRE(second);
  const test::TemporaryFolder folder;
  REQUIRE(verilog::write_design(*first, folder.path() / "first"));
  REQUIRE(verilog::write_design(*second, folder.path() / "second", {.threads = 3}));
  for (const std::string& name : {first->manifest.top + ".v", std::string("probes.json"), std::string("INTERFACE.md"), std::string("manifest.json")}) {
    INFO(name);
    CHECK(base::read_file(folder.path() / "first" / name).value() == base::read_file(folder.path() / "second" / name).value());
  }
  CHECK(verilog::verilog_text(*first) == base::read_file(folder.path() / "first" / (first->manifest.top + ".v")).value());
}

TEST_CASE("a design is written whole or not at all", "[verilog][emit]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "file", "not a folder"));
  const auto design = verilog::build_design(valid_random_model(3), verilog::EmitOptions{});
  REQUIRE(design);
  const auto written = verilog::write_design(*design, folder.path() / "file" / "out");
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::folder_not_writable);
}
