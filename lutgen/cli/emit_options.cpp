// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cli/emit_options.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/model/model_file.hpp"

namespace lutgen::cli {

void add_goal_option(CLI::App& app, std::string& goal) {
  app.add_option("--goal", goal, "what counters and argmax are built for: area (fewest LUTs), balanced, or delay")
      ->capture_default_str()
      ->check(CLI::Validator(
          [](const std::string& name) {
            return map::find_goal(name) ? "" : fmt::format("expected area, balanced or delay, found '{}'", name);
          },
          ""));
}

void add_hardware_options(CLI::App& app, HardwareChoice& choice) {
  add_goal_option(app, choice.goal);
  app.add_option("--family", choice.family, "device family: xc7, ecp5, ice40, gowin or gatemate")->capture_default_str();
  app.add_option("--pipeline", choice.pipeline,
                 "registers: none, a number N (after every N LUT levels), or auto (at layers, at most 4 levels apart)")
      ->capture_default_str();
  app.add_option("--input", choice.input, "what the input port takes: features, or bits (encoder left out)")
      ->capture_default_str()
      ->check(CLI::IsMember({"features", "bits"}));
  app.add_option("--top", choice.top, "name of the top module; made from the model's name when left out");
  app.add_option("--optimize", choice.optimize,
                 "exact optimisation of the logic: on, off, or passes with commas between (constants, wires, merge, terms, compares, "
                 "compose, dontcares, share)")
      ->capture_default_str();
  app.add_flag("--scores", choice.scores, "bring the scores out beside the class");
}

Result<LoadedModel> load_model(const std::string& path) {
  LUTGEN_TRY(const std::string bytes, base::read_file(path));
  LUTGEN_TRY(model::Model model, model::parse_model(bytes, path));
  return LoadedModel{path, std::move(model), base::sha256_hex(bytes)};
}

namespace {

/// The passes of the optimiser that a text names, and whether the mapper shares parts of sums.
struct PassChoice {
  std::vector<optimize::Pass> passes;
  bool share = false;
};

constexpr std::string_view kShare = "share";

Result<PassChoice> read_passes(const std::string& text) {
  if (text == "off") return PassChoice{};
  if (text == "on") return PassChoice{{optimize::kPasses.begin(), optimize::kPasses.end()}, true};
  PassChoice choice;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const std::string_view name = rest.substr(0, rest.find(','));
    const auto pass = optimize::find_pass(name);
    if (!pass && name != kShare) {
      std::string known;
      for (const optimize::Pass each : optimize::kPasses) known += fmt::format("{}, ", optimize::pass_name(each));
      return fail(Code::pass_unknown, "--optimize",
                  fmt::format("expected on, off, or some of {}{}, found '{}'", known, kShare, name),
                  "--optimize constants,wires runs these two until nothing changes");
    }
    // In their own order, each once, whatever the order in which they were named.
    auto& passes = choice.passes;
    if (!pass) choice.share = true;
    if (pass && std::find(passes.begin(), passes.end(), *pass) == passes.end()) passes.push_back(*pass);
    more = rest.size() > name.size();
    if (more) rest.remove_prefix(name.size() + 1);
  }
  std::sort(choice.passes.begin(), choice.passes.end());
  return choice;
}

}  // namespace

Result<verilog::EmitOptions> emit_options(const HardwareChoice& choice, const LoadedModel& loaded) {
  verilog::EmitOptions options;
  const auto family = tech::find_family(choice.family);
  if (!family) {
    std::string known;
    for (const tech::Family each : tech::kFamilies) {
      known += fmt::format("{}{}", known.empty() ? "" : ", ", tech::family_name(each));
    }
    return fail(Code::family_unknown, "--family", fmt::format("expected one of {}, found '{}'", known, choice.family),
                "a board's family stands in its data sheet: Artix-7 is xc7");
  }
  options.map.family = *family;
  options.map.scores_output = choice.scores;
  options.map.goal = map::find_goal(choice.goal).value_or(map::Goal::area);
  options.input = choice.input == "bits" ? logic::InputForm::bits : logic::InputForm::features;
  LUTGEN_TRY(PassChoice passes, read_passes(choice.optimize));
  options.passes = std::move(passes.passes);
  options.map.share = passes.share;
  options.top = choice.top;
  options.model_sha256 = loaded.sha256;
  options.place = loaded.path;
  if (choice.pipeline == "none") {
    options.map.pipeline.mode = map::PipelineMode::none;
  } else if (choice.pipeline != "auto") {
    std::uint32_t levels = 0;
    const char* end = choice.pipeline.data() + choice.pipeline.size();
    const auto parsed = std::from_chars(choice.pipeline.data(), end, levels);
    if (parsed.ec != std::errc{} || parsed.ptr != end || levels == 0 || levels > 1000) {
      return fail(Code::pipeline_invalid, "--pipeline",
                  fmt::format("expected none, auto or a number of LUT levels from 1 to 1000, found '{}'", choice.pipeline),
                  "--pipeline 4 puts a register after every fourth LUT");
    }
    options.map.pipeline = {.mode = map::PipelineMode::every_levels, .levels = levels};
  }
  return options;
}

}  // namespace lutgen::cli
