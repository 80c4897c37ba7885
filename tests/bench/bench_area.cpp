// SPDX-License-Identifier: Apache-2.0
// The measures of scripts/bench area: LUT positions after place and route against Yosys' own result, and what optimise, map and
// prove take. What is measured replaces that part of RESULT.json, of popcounts that row, and nothing else in it.
// usage: bench_area RESULT.json --page            prints the page of a result
//        bench_area RESULT.json WORK_FOLDER STARTER_MODEL BENCH_SCALE PARTS SMALLEST_N LARGEST_N TABLES LIMIT_S
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/verilog/emit.hpp"
#include "tests/bench/area_page.hpp"
#include "tests/bench/figure.hpp"
#include "tests/bench/networks.hpp"
#include "tests/support/lutnet_model.hpp"

using namespace lutgen;
using bench::Case;
using io::Json;

namespace {

constexpr const char* kBoard = "arty-a7-35t";

struct Job {
  std::filesystem::path result;
  std::filesystem::path work;
  std::string starter;
  std::string scale_program;
  std::string parts;
  std::uint32_t smallest = 0;
  std::uint32_t largest = 0;
  std::uint32_t tables = 0;
  double limit_seconds = 0;
};

bool has_name(const std::string& list, std::string_view name) {
  return fmt::format(",{},", list).find(fmt::format(",{},", name)) != std::string::npos;
}

class Measures {
 public:
  explicit Measures(const Job& job) : job_(job), limits_{job.work, job.limit_seconds} {}

  Result<void> run() {
    if (std::filesystem::exists(job_.result)) {
      LUTGEN_TRY(const std::string text, base::read_file(job_.result));
      LUTGEN_TRY(result_, io::parse_json(text, job_.result.string()));
    }
    for (const auto& [name, part] : kParts) {
      if (job_.parts == "all" || has_name(job_.parts, name)) LUTGEN_TRY_VOID((this->*part)());
    }
    return {};
  }

  /// The names of a list with commas that are no part, with a blank before each.
  static std::string find_unknown(const std::string& parts) {
    std::string unknown;
    std::stringstream names(parts);
    for (std::string name; std::getline(names, name, ',');) {
      const auto is_name = [&](const Part& part) { return part.name == name; };
      if (parts != "all" && std::none_of(kParts.begin(), kParts.end(), is_name)) unknown += " " + name;
    }
    return unknown;
  }

 private:
  /// Writes the result: a long run that is broken off leaves what it has.
  Result<void> save() { return base::write_file(job_.result, io::to_text(result_)); }

  Result<void> note_tools(const char* family, const std::string& board) {
    LUTGEN_TRY(result_["tools"][family], bench::describe_device(board));
    return {};
  }

  /// Replaces the row of the same `n`, or puts a new one in its place in ascending order.
  static void put_row(Json& rows, Json row) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const Json& other) { return other["n"] >= row["n"]; });
    if (at != rows.end() && (*at)["n"] == row["n"]) {
      *at = std::move(row);
    } else {
      rows.insert(at, std::move(row));
    }
  }

  Result<void> add_popcounts(Json& place, const char* part, const std::string& board, const std::string& family) {
    const bool is_threshold = part == std::string_view("popcount_threshold");
    if (!place.contains(part)) place[part] = Json::array();
    for (std::uint32_t bits = 16; bits <= job_.largest; bits *= 2) {
      if (bits < job_.smallest) continue;
      // Several small ones at once, so that what they share with the harness does not matter. Yosys takes minutes for a large one.
      const std::uint32_t copies = bits <= 256 ? 8 : 1;
      Case what{.name = fmt::format("{}_{}_{}", family, part, bits), .model = bench::popcounts(bits, copies, is_threshold), .board = board, .copies = copies, .text = {}};
      LUTGEN_TRY(Json row, bench::measure_case(std::move(what), limits_));
      Json first = {{"n", bits}};
      first.update(row);
      std::fprintf(stderr, "%s %s %u: %s\n", family.c_str(), part, bits, first.dump().c_str());
      put_row(place[part], std::move(first));
      LUTGEN_TRY_VOID(save());
    }
    return {};
  }

  Result<void> popcount_threshold() {
    LUTGEN_TRY_VOID(note_tools("xc7", kBoard));
    return add_popcounts(result_, "popcount_threshold", kBoard, "xc7");
  }
  Result<void> popcount() {
    LUTGEN_TRY_VOID(note_tools("xc7", kBoard));
    return add_popcounts(result_, "popcount", kBoard, "xc7");
  }

  Result<void> other_family(const char* family, const char* board) {
    LUTGEN_TRY_VOID(note_tools(family, board));
    if (!result_.contains(family)) result_[family] = Json::object();
    Json& place = result_[family];  // no field may be added to the result from here on
    LUTGEN_TRY_VOID(add_popcounts(place, "popcount_threshold", board, family));
    return add_popcounts(place, "popcount", board, family);
  }
  Result<void> ice40() { return other_family("ice40", "ice40-hx8k"); }
  Result<void> ecp5() { return other_family("ecp5", "ulx3s-85f"); }

  Result<void> argmax() {
    LUTGEN_TRY_VOID(note_tools("xc7", kBoard));
    result_["argmax"] = Json::array();
    for (const std::uint32_t bits : {7u, 8u, 10u}) {
      model::Model model = bench::argmax_of_numbers(bits);
      LUTGEN_TRY_VOID(model::validate_model(model, model.name));
      LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, {}));
      const optimize::GraphSize& left = design.optimized.after;
      // Plain numbers, no adders in front: the optimiser's pass `terms` has made them of the repeated bits.
      LUTGEN_CHECK(left.tables == 0 && left.terms == bench::kArgmaxClasses * bits);
      Case what{.name = model.name, .model = model, .text = bench::argmax_text(bits, design.manifest.top)};
      LUTGEN_TRY(Json row, bench::measure_case(std::move(what), limits_));
      row["score_bits"] = bits;
      std::fprintf(stderr, "argmax: %s\n", row.dump().c_str());
      result_["argmax"].push_back(std::move(row));
      LUTGEN_TRY_VOID(save());
    }
    return {};
  }

  Result<void> add_starter(const char* part, logic::InputForm input) {
    LUTGEN_TRY_VOID(note_tools("xc7", kBoard));
    LUTGEN_TRY(model::Model network, model::read_model(job_.starter));
    LUTGEN_TRY(result_[part], bench::measure_case({.name = part, .model = std::move(network), .input = input, .text = {}}, limits_));
    std::fprintf(stderr, "%s: %s\n", part, result_[part].dump().c_str());
    return save();
  }
  Result<void> starter() { return add_starter("starter", logic::InputForm::bits); }
  Result<void> starter_pixels() { return add_starter("starter_pixels", logic::InputForm::features); }

  /// All passes, none, and all but each, under the names of the table.
  static std::vector<std::pair<std::string, std::vector<optimize::Pass>>> pass_choices() {
    const std::vector all(optimize::kPasses.begin(), optimize::kPasses.end());
    std::vector<std::pair<std::string, std::vector<optimize::Pass>>> choices = {{"all", all}, {"none", {}}};
    for (const optimize::Pass left_out : all) {
      std::vector<optimize::Pass> passes = all;
      std::erase(passes, left_out);
      choices.emplace_back(fmt::format("without {}", optimize::pass_name(left_out)), std::move(passes));
    }
    return choices;
  }

  /// A layer's size; `model` gets its name.
  static Json describe_layer(const test::LutnetShape& shape, const model::Model& model) {
    const auto& operators = std::get<model::LutLayer>(model.layers[0].operation);
    std::uint64_t gates = 0;
    for (const std::uint8_t table : operators.tables) gates += table != 0b1010 && table != 0b0101 ? 1 : 0;
    return {{"neurons", shape.neurons}, {"lanes", shape.lanes}, {"operators", operators.neurons}, {"gates", gates}};
  }

  /// A layer placed and routed with the choices of passes, Yosys' result beside the first.
  Result<void> add_lutnet(const char* part, const test::LutnetShape& shape, const char* board, bool with_all_choices) {
    model::Model model = test::lutnet_model(shape, 1);
    LUTGEN_TRY_VOID(model::validate_model(model, part));
    LUTGEN_TRY(const Json tools, bench::describe_device(board));
    Json layer = describe_layer(shape, model);
    layer["device"] = tools["device"];
    layer["rows"] = Json::array();
    result_[part] = std::move(layer);
    std::map<std::string, Json> rows;  // by the netlist's text: what gives the same netlist gives the same figures
    for (auto& [name, passes] : pass_choices()) {
      const bool is_first = name == "all";
      if (!is_first && !with_all_choices) break;
      LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, {.map = {}, .passes = passes, .top = {}, .model_sha256 = {}, .place = {}}));
      const std::string text = verilog::verilog_text(design);
      std::string netlist = text.substr(text.find("\nmodule "));
      if (const auto known = rows.find(netlist); known != rows.end()) {
        Json row = known->second;
        for (const char* field : {"yosys_luts", "yosys_fmax_mhz", "yosys_latency_cycles", "ratio"}) row.erase(field);
        row["same_netlist_as"] = row["passes"];
        row["passes"] = name;
        result_[part]["rows"].push_back(std::move(row));
        LUTGEN_TRY_VOID(save());
        continue;
      }
      Case what{.name = fmt::format("{}_{}", part, name), .model = model, .board = board, .passes = passes, .yardstick = is_first, .text = {}};
      std::replace(what.name.begin(), what.name.end(), ' ', '_');
      LUTGEN_TRY(Json row, bench::measure_case(std::move(what), limits_));
      row["passes"] = name;
      std::fprintf(stderr, "%s: %s\n", part, row.dump().c_str());
      rows.emplace(std::move(netlist), row);
      result_[part]["rows"].push_back(std::move(row));
      LUTGEN_TRY_VOID(save());
    }
    return {};
  }
  Result<void> lutnet() { return add_lutnet("lutnet", {64, 576, 1}, kBoard, true); }
  Result<void> lutnet_large() { return add_lutnet("lutnet_large", {128, 1152, 1}, "arty-a7-100t", false); }

  Result<void> lutnet_mapped() {
    const test::LutnetShape shape{256, 2304, 1};
    model::Model model = test::lutnet_model(shape, 1);
    LUTGEN_TRY_VOID(model::validate_model(model, model.name));
    Json layer = describe_layer(shape, model);
    layer["rows"] = Json::array();
    for (auto& [name, passes] : pass_choices()) {
      LUTGEN_TRY(const verilog::Design design, verilog::build_design(model, {.map = {}, .passes = passes, .top = {}, .model_sha256 = {}, .place = {}}));
      Json row = {{"passes", name}, {"lut_cells", 0}, {"carries", 0}, {"flops", 0}};
      for (const auto& [cell, count] : design.manifest.cells) {
        const char* kind = cell.starts_with("LUT") ? "lut_cells" : cell == "CARRY4" ? "carries" : cell.starts_with("FD") ? "flops" : nullptr;
        if (kind != nullptr) row[kind] = row[kind].get<std::uint64_t>() + count;
      }
      std::fprintf(stderr, "lutnet_mapped: %s\n", row.dump().c_str());
      layer["rows"].push_back(std::move(row));
    }
    result_["lutnet_mapped"] = std::move(layer);
    return save();
  }

  /// The slope of log(y) over log(x), by least squares.
  static double slope(const std::vector<std::pair<double, double>>& points) {
    double x_mean = 0, y_mean = 0, xx = 0, xy = 0;
    const auto count = static_cast<double>(points.size());
    for (const auto& [x, y] : points) x_mean += std::log(x) / count, y_mean += std::log(y) / count;
    for (const auto& [x, y] : points) {
      xx += (std::log(x) - x_mean) * (std::log(x) - x_mean);
      xy += (std::log(x) - x_mean) * (std::log(y) - y_mean);
    }
    return xy / xx;
  }

  static Json compute_slopes(const Json& rows) {
    // The smallest networks only show what every call costs.
    const auto tables = [](const Json& row) { return row["tables"].get<double>(); };
    const std::uint32_t from = rows.size() > 2 && tables(rows[rows.size() - 2]) > 9000 ? 9000 : 0;
    Json slopes = {{"from_tables", from}};
    std::vector<std::pair<double, double>> n_log_n;
    for (const char* step : {"optimize", "map", "read", "parse", "prove"}) {
      n_log_n.clear();
      for (const char* unit : {"cpu_seconds", "mib"}) {
        std::vector<std::pair<double, double>> points;
        for (const Json& row : rows) {
          if (tables(row) < from || !row.contains(step) || row.contains("failed")) continue;
          points.emplace_back(tables(row), row[step][unit].get<double>());
          n_log_n.emplace_back(tables(row), tables(row) * std::log(tables(row)));
        }
        if (points.size() > 1) slopes[step][unit] = slope(points);
      }
    }
    slopes["n_log_n"] = slope(n_log_n);
    return slopes;
  }

  Result<void> scaling() {
    result_["scaling"] = Json::array();
    for (const auto& [shape, what] : {std::pair("tables", "Random tables of 6 inputs, ten sums, argmax (the starter network's shape)"),
                                      std::pair("lutnet", "LUTNet-like layers of neurons with 2,304 lanes")}) {
      result_["scaling"].push_back({{"what", what}, {"rows", Json::array()}});
      for (const std::uint32_t tables : {1000u, 2000u, 5000u, 10000u, 20000u, 50000u, 100000u, 200000u}) {
        if (tables > job_.tables) break;
        const auto output = base::capture_output({job_.scale_program, shape, fmt::format("{}", tables),
                                                  (job_.work / fmt::format("scale_{}_{}", shape, tables)).string(), fmt::format("{:g}", job_.limit_seconds)});
        LUTGEN_TRY(Json row, io::parse_json(output.value_or(""), fmt::format("{} {} {}", job_.scale_program, shape, tables)));
        std::fprintf(stderr, "scaling %s: %s\n", shape, row.dump().c_str());
        result_["scaling"].back()["rows"].push_back(std::move(row));
        if (const Json& rows = result_["scaling"].back()["rows"]; rows.size() > 1) result_["scaling"].back()["slopes"] = compute_slopes(rows);
        LUTGEN_TRY_VOID(save());
      }
    }
    return {};
  }

  struct Part {
    std::string_view name;
    Result<void> (Measures::*measure)();
  };
  static const std::array<Part, 11> kParts;

  const Job& job_;
  bench::Limits limits_;
  Json result_ = Json::object();
};

const std::array<Measures::Part, 11> Measures::kParts = {{{"popcount_threshold", &Measures::popcount_threshold},
                                                          {"popcount", &Measures::popcount},
                                                          {"argmax", &Measures::argmax},
                                                          {"starter", &Measures::starter},
                                                          {"starter_pixels", &Measures::starter_pixels},
                                                          {"lutnet", &Measures::lutnet},
                                                          {"lutnet_large", &Measures::lutnet_large},
                                                          {"lutnet_mapped", &Measures::lutnet_mapped},
                                                          {"ice40", &Measures::ice40},
                                                          {"ecp5", &Measures::ecp5},
                                                          {"scaling", &Measures::scaling}}};

Result<void> print_page(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(const Json result, io::parse_json(text, path.string()));
  std::printf("%s", bench::area_page(result).c_str());
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  const bool is_page = count == 3 && std::string(arguments[2]) == "--page";
  if (!is_page && count != 10) {
    std::fprintf(stderr,
                 "usage: bench_area RESULT.json --page\n"
                 "       bench_area RESULT.json WORK_FOLDER STARTER_MODEL BENCH_SCALE PARTS SMALLEST_N LARGEST_N TABLES LIMIT_S\n");
    return 2;
  }
  if (const std::string unknown = is_page ? "" : Measures::find_unknown(arguments[5]); !unknown.empty()) {
    std::fprintf(stderr, "bench_area: no part is called%s\n", unknown.c_str());
    return 2;
  }
  const auto number = [&](int i) { return static_cast<std::uint32_t>(std::strtoul(arguments[i], nullptr, 10)); };
  const auto done = is_page ? print_page(arguments[1])
                            : Measures({arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], number(6), number(7), number(8),
                                        std::strtod(arguments[9], nullptr)}).run();
  if (!done) std::fprintf(stderr, "%s", to_text(done.error()).c_str());
  return done ? 0 : 1;
}
