// SPDX-License-Identifier: Apache-2.0
// Compares two results of scripts/bench: what changed beyond the noise that the runs show.
// usage: bench_compare OLD.json NEW.json [--json] [--all] [--least PERCENT]
// Exit status: 0 nothing is worse, 1 something is, 2 usage, or a file that is no result.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"
#include "tests/bench/compare.hpp"

using namespace lutgen;

namespace {

struct Arguments {
  std::vector<std::string> files;
  bool is_json = false;
  bench::Rows rows = bench::Rows::what_matters;
  bench::CompareOptions options;
};

/// What is wrong with the command line; empty when nothing is.
std::string parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--json") {
      arguments.is_json = true;
    } else if (word == "--all") {
      arguments.rows = bench::Rows::everything;
    } else if (word == "--least") {
      const std::string value = i + 1 < argc ? argv[++i] : "";
      double& percent = arguments.options.least_percent;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), percent);
      if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(percent) || percent < 0) {
        return fmt::format("--least: expected a number of percent, 0 or more, got '{}'", value);
      }
    } else if (word.starts_with("-")) {
      return fmt::format("unknown option '{}'", word);
    } else {
      arguments.files.push_back(word);
    }
  }
  if (arguments.files.size() != 2) return fmt::format("expected two results, OLD.json and NEW.json, got {}", arguments.files.size());
  return {};
}

Result<int> run(const Arguments& arguments) {
  std::vector<io::Json> results;
  for (const std::string& file : arguments.files) {
    LUTGEN_TRY(const std::string text, base::read_file(file));
    LUTGEN_TRY(io::Json result, io::parse_json(text, file));
    results.push_back(std::move(result));
  }
  LUTGEN_TRY(const io::Json comparison, bench::compare_results({arguments.files[0], results[0]}, {arguments.files[1], results[1]}, arguments.options));
  fmt::print("{}", arguments.is_json ? io::to_text(comparison) : bench::comparison_page(comparison, arguments.rows));
  return comparison["counts"].contains("worse") ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  if (const std::string wrong = parse(argc, argv, arguments); !wrong.empty()) {
    fmt::print(stderr, "bench_compare: {}\nusage: bench_compare OLD.json NEW.json [--json] [--all] [--least PERCENT]\n", wrong);
    return 2;
  }
  const auto status = run(arguments);
  if (status) return *status;
  fmt::print(stderr, "{}", to_text(status.error()));
  return 2;
}
