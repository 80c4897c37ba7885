// SPDX-License-Identifier: Apache-2.0
// The starter network as lutgen emits it: no difference on any family, and faults put into its text;
// the networks of 4-input tables that are made for small devices: no difference on theirs.
#include <regex>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/eval/accuracy.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

constexpr std::size_t kLutLayer = 1;
constexpr std::uint32_t kNeuron = 412;

model::Model trained(const std::string& name) {
  auto read = model::read_model(LUTGEN_SOURCE_DIR "/sim/models/" + name + ".safetensors");
  REQUIRE(read.has_value());
  return *std::move(read);
}

model::Model starter() { return trained("mnist-lut6-1000"); }

/// A design, and a text in the place of its own.
struct Subject {
  verilog::Design design;
  std::string verilog;
};

Subject emit(const model::Model& model, tech::Family family) {
  verilog::EmitOptions options;
  options.map.family = family;
  options.map.scores_output = true;
  auto design = verilog::build_design(model, options);
  REQUIRE(design.has_value());
  std::string text = verilog::verilog_text(*design);
  return {*std::move(design), std::move(text)};
}

data::Dataset digits(std::size_t samples) {
  return data::make_synthetic_digits(data::kSyntheticSeed, data::Split::test, samples);
}

cosim::CosimReport run(const model::Model& model, const Subject& subject,
                       const data::Dataset& dataset) {
  const test::TemporaryFolder folder;
  REQUIRE(verilog::write_design(subject.design, folder.path() / "design").has_value());
  REQUIRE(base::write_file(folder.path() / "design" / (subject.design.manifest.top + ".v"), subject.verilog));
  cosim::CosimOptions options;
  options.work = folder.path() / "work";
  options.threads = 2;
  const auto report = cosim::run_cosim({folder.path() / "design", model, "", dataset, options});
  if (!report) FAIL(to_text(report.error()));
  return *report;
}

void check_family(const model::Model& model, tech::Family family, std::size_t samples) {
  const cosim::CosimReport report = run(model, emit(model, family), digits(samples));
  INFO((report.mismatch ? to_text(*report.mismatch) : ""));
  CHECK(report.samples == samples);
  CHECK(report.mismatches == 0);
  CHECK(report.valid_errors == 0);
  CHECK(report.latency_found == report.latency_cycles);
  CHECK(report.interval_found == 1u);
}

/// The address that a neuron of the first rank reads for a sample.
std::uint32_t address_of(const model::Model& model, const data::Dataset& dataset,
                         std::size_t sample) {
  const auto trace = eval::evaluate_reference(model, eval::sample_features(dataset, sample));
  const auto& lut = std::get<model::LutLayer>(model.layers[kLutLayer].operation);
  std::uint32_t address = 0;
  for (std::uint32_t k = 0; k < lut.fan_in; ++k)
    address |= static_cast<std::uint32_t>(trace.values[0][lut.inputs_of(kNeuron)[k]]) << k;
  return address;
}

/// The text with the match of `pattern` (one capture) replaced by what `change` makes of the capture.
std::string changed(const std::string& text, const std::string& pattern, auto change) {
  std::smatch match;
  REQUIRE(std::regex_search(text, match, std::regex(pattern)));
  const std::string captured = change(match[1].str());
  return match.prefix().str() + captured + match.suffix().str();
}

}  // namespace

TEST_CASE("the starter network has no mismatch on xc7", "[starter][xc7]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(starter(), tech::Family::xc7, 10000);
}

TEST_CASE("the starter network has no mismatch on ecp5", "[starter][ecp5]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(starter(), tech::Family::ecp5, 10000);
}

TEST_CASE("the starter network has no mismatch on ice40", "[starter][ice40]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(starter(), tech::Family::ice40, 10000);
}

TEST_CASE("the network of 1,000 4-input tables has no mismatch on ice40", "[lut4][ice40]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(trained("mnist-lut4-1000"), tech::Family::ice40, 1000);
}

TEST_CASE("the network of 1,000 4-input tables has no mismatch on gowin", "[lut4][gowin]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(trained("mnist-lut4-1000"), tech::Family::gowin, 1000);
}

TEST_CASE("the network of 300 4-input tables has no mismatch on ice40", "[lut4][small]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(trained("mnist-lut4-300"), tech::Family::ice40, 1000);
}

TEST_CASE("the starter network has no mismatch on gowin", "[starter][gowin]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(starter(), tech::Family::gowin, 1000);
}

TEST_CASE("the starter network has no mismatch on gatemate", "[starter][gatemate]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_family(starter(), tech::Family::gatemate, 1000);
}

TEST_CASE("one flipped INIT bit of the starter network is traced to its neuron",
          "[starter][init]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const model::Model model = starter();
  const data::Dataset dataset = digits(300);
  const std::uint32_t address = address_of(model, dataset, 100);
  Subject design = emit(model, tech::Family::xc7);
  design.verilog = changed(design.verilog, R"((LUT6 #\(.INIT\(64'h[0-9A-F]{16}\)\) l1_n412_y_lut))",
                           [address](std::string line) {
                             char& digit = line[line.find("'h") + 17 - address / 4];
                             const int value = digit <= '9' ? digit - '0' : digit - 'A' + 10;
                             digit = "0123456789ABCDEF"[value ^ (1 << (address % 4))];
                             return line;
                           });
  const cosim::CosimReport report = run(model, design, dataset);
  CHECK(report.mismatches > 0);
  CHECK(report.valid_errors == 0);
  REQUIRE(report.mismatch.has_value());
  INFO(to_text(*report.mismatch));
  CHECK(report.mismatch->output->sample <= 100);
  REQUIRE(report.mismatch->layer.has_value());
  CHECK(report.mismatch->layer->layer == kLutLayer);
  CHECK(report.mismatch->layer->index == kNeuron);
  CHECK(report.mismatch->layer->differing == 1);
  CHECK(report.mismatch->layer->address == address);
}

TEST_CASE("a swapped wire of the starter network is traced to the neuron that reads it",
          "[starter][wire]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const model::Model model = starter();
  Subject design = emit(model, tech::Family::xc7);
  design.verilog = changed(design.verilog, R"((l1_n412_y_lut \(.O\(l1_n412_y\), .I0\([^)]*\)))",
                           [](const std::string& line) {
                             return line.substr(0, line.find(".I0(")) + ".I0(in_valid)";
                           });
  const cosim::CosimReport report = run(model, design, digits(1000));
  REQUIRE(report.mismatch.has_value());
  INFO(to_text(*report.mismatch));
  REQUIRE(report.mismatch->layer.has_value());
  CHECK(report.mismatch->layer->layer == kLutLayer);
  CHECK(report.mismatch->layer->index == kNeuron);
}

TEST_CASE("a removed register of the starter network is traced to the group that reads it",
          "[starter][register]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  const model::Model model = starter();
  Subject design = emit(model, tech::Family::xc7);
  design.verilog = changed(design.verilog, R"((FDRE[^\n]*\.Q\(l1_n412_y_d1\)[^\n]*;))",
                           [](const std::string&) {
                             return std::string("assign l1_n412_y_d1 = l1_n412_y;");
                           });
  const cosim::CosimReport report = run(model, design, digits(1000));
  REQUIRE(report.mismatch.has_value());
  INFO(to_text(*report.mismatch));
  REQUIRE(report.mismatch->layer.has_value());
  CHECK(report.mismatch->layer->layer == kLutLayer + 1);
  CHECK(report.mismatch->layer->index == kNeuron / 100);  // ten groups of 100 neurons
}
