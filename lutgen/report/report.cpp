// SPDX-License-Identifier: Apache-2.0
#include "lutgen/report/report.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"

namespace lutgen::report {
namespace {

using io::Json;

/// Reads a JSON file and checks that the fields the report needs are there.
Result<Json> read_source(const std::filesystem::path& path, std::initializer_list<std::string_view> fields) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(Json json, io::parse_json(text, path.string()));
  for (const std::string_view field : fields) {
    if (io::find_field(json, field) == nullptr) {
      return fail(Code::report_source_invalid, path.string(),
                  fmt::format("expected the field '{}', found none", field),
                  "give the file that the verb printed with --json");
    }
  }
  return json;
}

/// A number for people: whole numbers in groups of three digits, others with two decimals.
std::string number_text(const Json& value) {
  if (value.is_number_float()) return fmt::format("{:.2f}", value.get<double>());
  if (!value.is_number()) return "-";
  const std::string digits = value.dump();
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : number_text(value); }

const Json& field(const Json& object, std::string_view name) {
  static const Json kNothing;
  const Json* found = io::find_field(object, name);
  return found == nullptr ? kNothing : *found;
}

/// What the report keeps of a build: its head, the run whose bitstream was written, the spread over the seeds.
Json summary_of(const Json& build) {
  Json summary = Json::object();
  for (const char* name : {"model", "board", "part", "family", "kind", "latency_cycles", "clock_mhz", "luts", "lut_cells", "ffs", "carries",
                           "fmax_mhz", "seconds", "seed", "bitstream", "bytes", "check", "readback", "proof", "spread",
                           "lut_ratio", "fmax_ratio"}) {
    if (const Json* value = io::find_field(build, name)) summary[name] = *value;
  }
  return summary;
}

std::string builds_table(const Json& builds) {
  if (builds.empty()) return {};
  std::string text =
      "\n| network | board | kind | LUT positions | flops | carries | Fmax, MHz | seconds | seed | bitstream, bytes | read back, mismatches | proof |\n"
      "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|---|\n";
  for (const Json& build : builds) {
    const Json& readback = field(build, "readback");
    const std::string mismatches = readback.is_object() ? fmt::format("{} of {}", number_text(field(readback, "mismatches")),
                                                                      number_text(field(readback, "samples")))
                                                        : "not done";
    const Json& proof = field(build, "proof");
    const std::string proven = proof.is_object() ? text_of(field(proof, "verdict")) : "not done";
    text += fmt::format("| {} | {} ({}) | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", text_of(field(build, "model")), text_of(field(build, "board")),
                        text_of(field(build, "family")), text_of(field(build, "kind")), number_text(field(build, "luts")),
                        number_text(field(build, "ffs")), number_text(field(build, "carries")),
                        number_text(field(build, "fmax_mhz")), number_text(field(build, "seconds")),
                        number_text(field(build, "seed")), number_text(field(build, "bytes")), mismatches, proven);
  }
  return text;
}

}  // namespace

Result<Json> gather(const Sources& sources) {
  Json report;
  LUTGEN_TRY(report["model"], read_source(sources.info, {"name", "sha256", "layers"}));
  LUTGEN_TRY(Json eval, read_source(sources.eval, {"data", "samples", "correct", "accuracy"}));
  report["eval"] = std::move(eval);
  report["cells"] = Json::object();
  report["emit"] = Json::array();
  for (const auto& path : sources.emit) {
    LUTGEN_TRY(Json emit, read_source(path, {"family", "cells", "latency_cycles", "seconds"}));
    report["cells"][text_of(emit["family"])] = emit["cells"];
    report["emit"].push_back(std::move(emit));
  }
  report["cosim"] = Json::array();
  for (const auto& path : sources.cosim) {
    LUTGEN_TRY(Json cosim, read_source(path, {"family", "samples", "mismatches", "latency_cycles", "interval_cycles",
                                              "cycles_per_second"}));
    report["cosim"].push_back(std::move(cosim));
  }
  for (const auto& path : sources.build) {
    LUTGEN_TRY(const Json build, read_source(path, {"board", "family", "kind", "luts", "ffs", "carries", "fmax_mhz",
                                                    "seconds", "seed", "bitstream", "bytes"}));
    report["builds"].push_back(summary_of(build));
  }
  return report;
}

std::string to_markdown(const Json& report) {
  const Json& eval = field(report, "eval");
  std::string text = fmt::format("# {}\n\n", text_of(field(field(report, "model"), "name")));
  text += fmt::format("Accuracy of the golden model on `{}`: {} of {} samples", text_of(field(eval, "data")),
                      number_text(field(eval, "correct")), number_text(field(eval, "samples")));
  if (field(eval, "accuracy").is_number()) text += fmt::format(", {:.2f} %", 100 * field(eval, "accuracy").get<double>());
  text += ".\n\n| family | cells | latency, cycles | emitted in, s |\n|---|---|---:|---:|\n";
  for (const Json& emit : field(report, "emit")) {
    std::string cells;
    for (const auto& [name, count] : field(emit, "cells").items()) {
      cells += fmt::format("{}{} {}", cells.empty() ? "" : ", ", number_text(count), name);
    }
    const Json& seconds = field(emit, "seconds");
    text += fmt::format("| {} | {} | {} | {} |\n", text_of(field(emit, "family")), cells,
                        number_text(field(emit, "latency_cycles")),
                        seconds.is_number() ? fmt::format("{:.3f}", seconds.get<double>()) : "-");
  }
  text += "\n| co-simulated | samples | mismatches | latency, cycles | interval, cycles | cycles per second |\n"
          "|---|---:|---:|---:|---:|---:|\n";
  for (const Json& cosim : field(report, "cosim")) {
    const Json& speed = field(cosim, "cycles_per_second");
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", text_of(field(cosim, "family")),
                        number_text(field(cosim, "samples")), number_text(field(cosim, "mismatches")),
                        number_text(field(cosim, "latency_cycles")), number_text(field(cosim, "interval_cycles")),
                        speed.is_number() ? number_text(Json(static_cast<std::int64_t>(speed.get<double>()))) : "-");
  }
  return text + builds_table(field(report, "builds"));
}

}  // namespace lutgen::report
