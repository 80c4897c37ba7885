// SPDX-License-Identifier: Apache-2.0
// LUT positions of popcounts and of the starter network after place and route on xc7a35t, against Yosys' own result from
// the behavioural text, in the same run. Every core is proven by reading it back after routing before it is counted.
// usage: bench_area STARTER_MODEL WORK_FOLDER RESULT_JSON [LARGEST_N]
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/flow/measure.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/model/model_file.hpp"

using namespace lutgen;

namespace {

constexpr std::uint32_t kCopies = 8;  // of each popcount, so that what they share with the harness does not matter

model::Model popcounts(std::uint32_t bits, bool is_threshold) {
  model::Model model;
  model.name = fmt::format("popcount_{}{}", is_threshold ? "threshold_" : "", bits);
  model.input = {{kCopies * bits}, model::FeatureType::bit};
  model.layers.resize(1);
  if (is_threshold) {
    model::ThresholdLayer layer;
    layer.neurons = kCopies;
    layer.inputs.resize(std::size_t{kCopies} * bits);
    std::iota(layer.inputs.begin(), layer.inputs.end(), 0u);
    for (std::uint32_t n = 0; n <= kCopies; ++n) layer.offsets.push_back(n * bits);
    layer.thresholds.assign(kCopies, static_cast<std::int32_t>(bits / 2) - 1);
    model.layers[0].operation = std::move(layer);
  } else {
    model.layers[0].operation = model::GroupSum{kCopies};
  }
  return model;
}

struct Figure {
  std::uint64_t luts = 0;
  std::uint64_t yosys_luts = 0;
  double fmax_mhz = 0;
  double yosys_fmax_mhz = 0;
  std::uint32_t latency_cycles = 0;
};

Result<Figure> measure(model::Model model, logic::InputForm input, const std::filesystem::path& folder) {
  LUTGEN_TRY_VOID(model::validate_model(model, model.name));
  LUTGEN_TRY(const board::BoardFolders boards, board::board_folders());
  LUTGEN_TRY(const board::Board board, board::find_board("arty-a7-35t", boards));
  const verilog::EmitOptions emit{.map = {}, .input = input, .top = {}, .model_sha256 = {}, .place = model.name};
  const flow::MeasureOptions options{.route = {}, .yardstick = true, .folder = folder / model.name};
  LUTGEN_TRY(const flow::MeasureReport report, flow::measure(model, emit, board, options));
  return Figure{report.core[0].placement.core.luts, report.yardstick[0].placement.core.luts,
                report.core[0].routed.fmax_mhz, report.yardstick[0].routed.fmax_mhz, report.latency_cycles};
}

io::Json to_json(const Figure& figure, std::uint64_t copies) {
  const auto each = [&](std::uint64_t luts) { return static_cast<double>(luts) / static_cast<double>(copies); };
  return {{"luts", each(figure.luts)},
          {"yosys_luts", each(figure.yosys_luts)},
          {"ratio", static_cast<double>(figure.luts) / static_cast<double>(figure.yosys_luts)},
          {"fmax_mhz", figure.fmax_mhz},
          {"yosys_fmax_mhz", figure.yosys_fmax_mhz},
          {"latency_cycles", figure.latency_cycles}};
}

void print_row(const std::string& what, const Figure& figure, double copies, double bits) {
  const double luts = static_cast<double>(figure.luts) / copies;
  const double yosys = static_cast<double>(figure.yosys_luts) / copies;
  fmt::print("| {:<24} | {:>8.1f} | {:>6.3f} | {:>8.1f} | {:>5.3f} | {:>6.1f} | {:>6.1f} | {:>3} |\n", what, luts, luts / bits,
             yosys, luts / yosys, figure.fmax_mhz, figure.yosys_fmax_mhz, figure.latency_cycles);
  std::fflush(stdout);
}

Result<io::Json> run(const std::string& starter, const std::filesystem::path& folder, std::uint32_t largest) {
  io::Json result = {{"device", "xc7a35tcsg324-1"}, {"copies", kCopies}};
  fmt::print("| what                     |     LUTs | a bit  | Yosys    | ratio | MHz    | Yosys  | latency |\n"
             "|---|---|---|---|---|---|---|---|\n");
  for (const bool is_threshold : {true, false}) {
    io::Json list = io::Json::array();
    for (std::uint32_t bits = 16; bits <= largest; bits *= 2) {
      LUTGEN_TRY(const Figure figure, measure(popcounts(bits, is_threshold), logic::InputForm::features, folder));
      io::Json json = to_json(figure, kCopies);
      json["n"] = bits;
      list.push_back(std::move(json));
      print_row(fmt::format("popcount{} {}", is_threshold ? " >= n/2," : ",", bits), figure, kCopies, bits);
    }
    result[is_threshold ? "popcount_threshold" : "popcount"] = std::move(list);
  }
  LUTGEN_TRY(model::Model network, model::read_model(starter));
  LUTGEN_TRY(const Figure figure, measure(std::move(network), logic::InputForm::bits, folder));
  result["starter"] = to_json(figure, 1);
  print_row("starter network", figure, 1, 1000);
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 4 || count > 5) {
    std::fprintf(stderr, "usage: bench_area STARTER_MODEL WORK_FOLDER RESULT_JSON [LARGEST_N]\n");
    return 2;
  }
  const auto largest = static_cast<std::uint32_t>(count > 4 ? std::strtoul(arguments[4], nullptr, 10) : 1024);
  const auto result = run(arguments[1], arguments[2], largest);
  if (!result) {
    std::fprintf(stderr, "%s", to_text(result.error()).c_str());
    return 1;
  }
  const auto written = base::write_file(arguments[3], io::to_text(*result) + "\n");
  if (!written) std::fprintf(stderr, "%s", to_text(written.error()).c_str());
  return written ? 0 : 1;
}
