// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/compare.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace lutgen::bench {
namespace {

/// Fields that say what an item of a list is about.
constexpr std::array<std::string_view, 18> kIdentity{"target", "name",  "network", "model",  "what",       "case",
                                                     "board",  "data",  "passes",  "part",   "n",          "score_bits",
                                                     "bits",   "parts", "tables",  "neurons", "threads",   "seed"};

/// Texts that must be equal on both sides, or the figures are of different machines or tools.
constexpr std::array<std::string_view, 8> kCircumstances{"processor", "compiler", "simulator", "device",
                                                         "part",      "yosys",    "nextpnr",   "verilator"};

struct Spread {
  double median = 0;
  double least = 0;
  double most = 0;
  std::uint64_t runs = 0;
};

/// A number of a result: a measurement with its spread, or a plain one.
struct Figure {
  std::string path;
  std::string name;  // the last field of the path
  std::optional<Spread> spread;
  double value = 0;
};

struct Collected {
  std::vector<Figure> figures;
  std::map<std::string, std::size_t> by_path;
  std::map<std::string, std::string> circumstances;
};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "target=avx512,n=16": what an item is about; empty when no field says it.
std::string identity_of(const io::Json& item) {
  std::string text;
  if (!item.is_object()) return text;
  for (const std::string_view field : kIdentity) {
    const io::Json* value = io::find_field(item, field);
    if (value == nullptr || value->is_structured() || value->is_null()) continue;
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", field, value->is_string() ? value->get<std::string>() : value->dump());
  }
  return text;
}

/// Finds all figures of one result.
class Collector {
 public:
  explicit Collector(const NamedResult& from) : from_(from) {}

  Result<Collected> run() {
    if (!from_.result.is_object()) {
      return fail(Code::json_wrong_type, from_.name, fmt::format("expected an object, got {}", io::describe(from_.result)), kHint);
    }
    LUTGEN_TRY_VOID(walk(from_.result, "", "", false));
    if (found_.figures.empty()) return fail(Code::json_missing_field, from_.name, "expected figures, found none", kHint);
    return std::move(found_);
  }

 private:
  static constexpr const char* kHint = "give two results of the same part of scripts/bench";

  Result<void> walk(const io::Json& value, const std::string& path, const std::string& name, bool is_item) {
    if (value.is_object()) {
      if (value.contains("median")) return add_spread(value, path, name);
      for (const auto& [field, child] : value.items()) {
        if (is_item && child.is_number() && is_one_of(field, kIdentity)) continue;  // stands in the path
        LUTGEN_TRY_VOID(walk(child, path.empty() ? field : path + "." + field, field, false));
      }
    } else if (value.is_array()) {
      std::map<std::string, int> seen;
      for (std::size_t i = 0; i < value.size(); ++i) {
        std::string identity = identity_of(value[i]);
        if (identity.empty()) identity = std::to_string(i);
        if (const int before = seen[identity]++; before != 0) identity += fmt::format("#{}", before + 1);
        LUTGEN_TRY_VOID(walk(value[i], fmt::format("{}[{}]", path, identity), name, true));
      }
    } else if (value.is_number()) {
      add({path, name, {}, value.get<double>()});
    } else if (value.is_string() && is_one_of(name, kCircumstances)) {
      found_.circumstances[path] = value.get<std::string>();
    }
    return {};
  }

  Result<void> add_spread(const io::Json& value, const std::string& path, const std::string& name) {
    const std::string place = from_.name + ": " + path;
    Spread spread;
    LUTGEN_TRY(spread.median, io::get_number(value, "median", place));
    LUTGEN_TRY(spread.least, io::get_number(value, "least", place));
    LUTGEN_TRY(spread.most, io::get_number(value, "most", place));
    LUTGEN_TRY(spread.runs, io::get_unsigned(value, "runs", place));
    if (!(spread.least <= spread.median && spread.median <= spread.most) || spread.runs == 0) {
      return fail(Code::json_number_range, place,
                  fmt::format("expected least <= median <= most of one run or more, got least {:.4g}, median {:.4g}, most {:.4g}, runs {}", spread.least,
                              spread.median, spread.most, spread.runs),
                  "measure again; a result is not meant to be edited");
    }
    add({path, name, spread, spread.median});
    return {};
  }

  void add(Figure figure) {
    found_.by_path[figure.path] = found_.figures.size();
    found_.figures.push_back(std::move(figure));
  }

  const NamedResult& from_;
  Collected found_;
};

/// Whether more is better, by the words of a name; none when it does not say. per_second comes before second.
std::optional<bool> is_more_better(std::string_view name) {
  if (name.find("per_second") != std::string_view::npos || name.find("mhz") != std::string_view::npos) return true;
  static constexpr std::array<std::string_view, 10> kLess{"seconds", "second", "ms", "us", "ns", "ps", "bytes", "kib", "mib", "gib"};
  for (std::size_t start = 0; start < name.size();) {
    const std::size_t end = std::min(name.find('_', start), name.size());
    if (is_one_of(name.substr(start, end - start), kLess)) return false;
    start = end + 1;
  }
  return std::nullopt;
}

/// Names of plain numbers that come from a clock or a meter, or from others that do.
bool is_measurement(const Figure& figure) {
  return is_more_better(figure.name).has_value() || figure.name.find("ratio") != std::string::npos ||
         figure.path.find("slopes") != std::string::npos;
}

/// Whether `x` lies below `y` beyond what chance shows: the header says why.
bool is_below(const Spread& x, const Spread& y) {
  constexpr std::uint64_t kRunsForMedians = 8;
  if (std::min(x.runs, y.runs) >= kRunsForMedians) return x.most < y.median && x.median < y.least;
  return x.most < y.least;
}

std::string verdict_of(const Figure& old_figure, const Figure& new_figure, const CompareOptions& options) {
  constexpr std::uint64_t kFewestRuns = 5;
  if (!old_figure.spread || !new_figure.spread) {
    if (old_figure.spread || new_figure.spread || is_measurement(new_figure)) return "not judged";
    return old_figure.value == new_figure.value ? "equal" : "count changed";
  }
  const Spread& before = *old_figure.spread;
  const Spread& after = *new_figure.spread;
  if (std::min(before.runs, after.runs) < kFewestRuns) return "not judged";
  const bool is_less = is_below(after, before);
  if (!is_less && !is_below(before, after)) return "same";
  // The larger by the smaller, so that it does not matter which of two results is the old one.
  const double small = std::min(std::abs(before.median), std::abs(after.median));
  if (std::abs(after.median - before.median) < small * options.least_percent / 100) return "same";
  const std::optional<bool> more = is_more_better(new_figure.name);
  if (!more) return "changed";
  return *more != is_less ? "better" : "worse";
}

io::Json side(const Figure& figure) {
  if (!figure.spread) return figure.value;
  return {{"median", figure.spread->median}, {"least", figure.spread->least}, {"most", figure.spread->most}, {"runs", figure.spread->runs}};
}

std::string side_text(const io::Json& side) {
  if (side.is_null()) return "-";
  if (side.is_number()) return fmt::format("{:.6g}", side.get<double>());
  return fmt::format("{:.4g} ({:.4g} to {:.4g})", side["median"].get<double>(), side["least"].get<double>(), side["most"].get<double>());
}

io::Json find_warnings(const Collected& before, const Collected& after) {
  io::Json warnings = io::Json::array();
  for (const auto& [path, text] : before.circumstances) {
    const auto other = after.circumstances.find(path);
    if (other == after.circumstances.end() || other->second == text) continue;
    warnings.push_back(fmt::format("{} differs, so figures are not comparable: '{}' in old, '{}' in new", path, text, other->second));
  }
  return warnings;
}

}  // namespace

Result<io::Json> compare_results(const NamedResult& old_result, const NamedResult& new_result, const CompareOptions& options) {
  LUTGEN_TRY(const Collected before, Collector(old_result).run());
  LUTGEN_TRY(const Collected after, Collector(new_result).run());
  io::Json figures = io::Json::array();
  io::Json counts = io::Json::object();
  const auto add = [&](const std::string& path, io::Json old_side, io::Json new_side, io::Json ratio, const std::string& verdict) {
    figures.push_back({{"figure", path}, {"old", std::move(old_side)}, {"new", std::move(new_side)}, {"ratio", std::move(ratio)}, {"verdict", verdict}});
    counts[verdict] = counts.value(verdict, 0) + 1;
  };
  for (const Figure& figure : before.figures) {
    const auto other = after.by_path.find(figure.path);
    if (other == after.by_path.end()) {
      add(figure.path, side(figure), nullptr, nullptr, "only in old");
      continue;
    }
    const Figure& now = after.figures[other->second];
    const io::Json ratio = figure.value == 0 ? io::Json(nullptr) : io::Json(now.value / figure.value);
    add(figure.path, side(figure), side(now), ratio, verdict_of(figure, now, options));
  }
  for (const Figure& figure : after.figures) {
    if (!before.by_path.contains(figure.path)) add(figure.path, nullptr, side(figure), nullptr, "only in new");
  }
  return io::Json{{"warnings", find_warnings(before, after)}, {"figures", std::move(figures)}, {"counts", std::move(counts)}};
}

std::string comparison_page(const io::Json& comparison, Rows rows) {
  std::string text;
  for (const io::Json& warning : comparison["warnings"]) text += fmt::format("warning: {}\n", warning.get<std::string>());
  if (!text.empty()) text += "\n";
  text += "| figure | old: median (least to most) | new | new / old | verdict |\n|---|---|---|---|---|\n";
  for (const io::Json& row : comparison["figures"]) {
    const auto verdict = row["verdict"].get<std::string>();
    const bool is_quiet = verdict == "equal" || (verdict == "not judged" && !row["new"].is_object());
    if (rows == Rows::what_matters && is_quiet) continue;
    text += fmt::format("| {} | {} | {} | {} | {} |\n", row["figure"].get<std::string>(), side_text(row["old"]), side_text(row["new"]),
                        row["ratio"].is_null() ? "-" : fmt::format("{:.3f}", row["ratio"].get<double>()), verdict);
  }
  std::string totals;
  for (const auto& [verdict, number] : comparison["counts"].items()) {
    totals += fmt::format("{}{} {}", totals.empty() ? "" : ", ", number.get<int>(), verdict);
  }
  return text + "\n" + totals + "\n";
}

}  // namespace lutgen::bench
