// SPDX-License-Identifier: Apache-2.0
// Whole boards, simulated behind a pseudo-terminal.
#include "lutgen/board/link_client.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/board/line_model.hpp"
#include "tests/support/skip.hpp"

using namespace lutgen;

namespace {

using model::FeatureType;

board::LinkResult golden_answer(const model::Model& model, const std::vector<double>& sample) {
  const eval::Trace trace = eval::evaluate_reference(model, sample);
  board::LinkResult result;
  result.class_index = static_cast<std::uint32_t>(trace.values.back().front());
  for (const std::int64_t score : trace.values[trace.values.size() - 2]) result.scores.push_back(static_cast<std::uint32_t>(score));
  return result;
}

/// Asks a board with a random network about awkward samples; every answer must be the golden model's.
void check_type(FeatureType type, std::uint64_t seed, tech::Family family) {
  CAPTURE(model::feature_type_name(type), seed);
  const model::Model model = test::random_classifier(seed, type);
  const std::string sha256(64, 'b');
  const auto design = test::board_design(model, test::quick_board("arty-a7-35t"), family, sha256);
  const test::TemporaryFolder folder;
  const test::LineModel running(test::build_line_model(design, folder.path()));
  const auto port = board::SerialPort::open(running.port(), 1000000);
  REQUIRE(port);
  board::LinkClient client(**port, board::identity_of(model, sha256, 1), {.timeout = std::chrono::seconds(20), .tries = 3, .stop = nullptr, .place = "the model"});
  const auto connected = client.connect();
  if (!connected) FAIL(to_text(connected.error()));
  base::Rng rng(seed);
  for (int i = 0; i < 200; ++i) {
    const std::vector<double> sample = test::awkward_sample(rng, model);
    CAPTURE(i, sample);
    const auto answer = client.ask(board::sample_payload(model.input, sample));
    if (!answer) FAIL(to_text(answer.error()));
    const board::LinkResult golden = golden_answer(model, sample);
    CHECK(answer->class_index == golden.class_index);
    CHECK(answer->scores == golden.scores);
  }
  CHECK(client.counts().requests == 201);
}

/// MNIST where it is, else the digits that need no file.
std::string digits() { return data::load_dataset("mnist", data::Split::test) ? "mnist" : "synthetic-digits"; }

/// Runs `lutgen ask` against a board that holds the starter network, over a line that damages bytes.
void check_starter(const char* id, tech::Family family, std::vector<std::string> faults, int samples) {
  const bool has_faults = !faults.empty();
  const std::string path = LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors";
  const auto model = model::read_model(path);
  REQUIRE(model);
  const std::string sha256 = base::sha256_hex(base::read_file(path).value());
  const test::TemporaryFolder folder;
  const auto design = test::board_design(*model, test::quick_board(id), family, sha256);
  const test::LineModel running(test::build_line_model(design, folder.path()), std::move(faults));
  const auto ran = base::run_process({.arguments = {LUTGEN_PROGRAM, "ask", path, "--board", id, "--port", running.port(), "--timeout", "3000",
                                                    "--tries", "50", "--data", digits(), "--limit", std::to_string(samples), "--json"},
                                      .folder = {}, .environment = {}, .log = folder.path() / "ask.log"});
  const std::string said = base::read_file(folder.path() / "ask.log").value_or("");
  if (!ran) FAIL(to_text(ran.error()) << said);
  const auto json = io::parse_json(said.substr(said.find('{')), "ask");
  if (!json) FAIL(to_text(json.error()) << said);
  CAPTURE(json->dump());
  CHECK((*json)["answered"] == samples);
  CHECK((*json)["mismatches"] == 0);
  CHECK((*json)["accuracy"] == (*json)["golden_accuracy"]);
  CHECK((*json)["correct"].get<int>() > samples * 6 / 10);
  const auto& line = (*json)["line"];
  if (has_faults) {
    CHECK(line["requests"].get<int>() > samples + 20);
    CHECK(line["refused"].get<int>() > 10);
    CHECK(line["damaged"].get<int>() > 2);
  } else {
    CHECK(line["requests"] == samples + 1);
  }
}

}  // namespace

TEST_CASE("a board answers as the golden model does, whatever the type of the features", "[board][types]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  std::uint64_t seed = 20;
  for (const FeatureType type : {FeatureType::bit, FeatureType::u8, FeatureType::i8, FeatureType::u16, FeatureType::i16,
                                 FeatureType::i32, FeatureType::f32}) {
    ++seed;
    check_type(type, seed, seed % 2 == 0 ? tech::Family::ice40 : tech::Family::xc7);
  }
}

TEST_CASE("lutgen ask gets the starter network's answers from an xc7 board", "[board][ask_xc7]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_starter("arty-a7-35t", tech::Family::xc7, {}, 200);
}

TEST_CASE("lutgen ask gets every answer over a line that loses, changes and adds bytes", "[board][ask_ice40]") {
  if (!base::find_program("verilator")) LUTGEN_SKIP("verilator is not installed");
  check_starter("icebreaker", tech::Family::ice40, {"--drop", "5000", "--change", "5000", "--insert", "5000", "--garbage", "300", "--seed", "7"}, 120);
}
