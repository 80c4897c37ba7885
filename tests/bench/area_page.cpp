// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/area_page.hpp"

#include <regex>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace lutgen::bench {
namespace {

using io::Json;

constexpr std::string_view kHead =
    "# Area after place and route\n\n"
    "Made from [area.json](area.json) by `scripts/bench page`; the figures by `scripts/bench area`, seed 1, aimed at 200 MHz.\n\n"
    "`LUTs` are LUT positions (`lutgen/flow/placement.hpp`) of one thing. `Yosys` is the same thing as behavioural Verilog through\n"
    "Yosys' own synthesis with `-abc9`, placed and routed in the same run in the same harness. Both were simulated after routing\n"
    "against the golden model before they were counted. The clock rates are not those of circuits with equal registers: the\n"
    "latencies are given, in cycles, registers at the inputs not counted.\n";

/// A field as a number with `digits` behind the point, or a dash.
std::string number(const Json& row, std::string_view field, int digits) {
  const Json* value = io::find_field(row, field);
  return value == nullptr || value->is_null() ? "-" : fmt::format("{:.{}f}", value->get<double>(), digits);
}

std::string text(const Json& row, std::string_view field) {
  const Json* value = io::find_field(row, field);
  return value == nullptr || value->is_null() ? "-" : value->is_string() ? value->get<std::string>() : value->dump();
}

/// A program's version without what else it says of itself: its first word that begins with a number and a point.
std::string version(const Json& row, std::string_view field) {
  static const std::regex kVersion("[0-9]+[.][0-9.]*[0-9]");
  const std::string all = text(row, field);
  std::smatch found;
  return std::regex_search(all, found, kVersion) ? found.str() : all;
}

/// Processor seconds with about three digits.
std::string seconds(const Json& figures) {
  const Json* value = io::find_field(figures, "cpu_seconds");
  if (value == nullptr) return "-";
  const auto number = value->get<double>();
  return fmt::format("{:.{}f}", number, number < 0.1 ? 4 : number < 1 ? 3 : number < 10 ? 2 : 1);
}

/// One table; the failures of its rows follow as sentences.
class Table {
 public:
  explicit Table(std::vector<std::string> head) {
    row(head);
    page_ += "|";
    for (std::size_t i = 0; i < head.size(); ++i) page_ += "---|";
    page_ += "\n";
  }

  void row(const std::vector<std::string>& cells) {
    page_ += "|";
    for (const std::string& cell : cells) page_ += fmt::format(" {} |", cell);
    page_ += "\n";
  }

  void note_failures(const std::string& what, const Json& figures) {
    for (const auto& [field, who] : {std::pair("failed", "lutgen's"), std::pair("yosys_failed", "Yosys'"), std::pair("carry_failure", "carry chains as written")}) {
      const Json* found = io::find_field(figures, field);
      if (found != nullptr) notes_ += fmt::format("- {}, {}: {}\n", what, who, found->get<std::string>());
    }
  }

  [[nodiscard]] std::string str() const { return "\n" + page_ + (notes_.empty() ? "" : "\n" + notes_); }

 private:
  std::string page_;
  std::string notes_;
};

/// The row of something against Yosys.
///
/// per  what the positions are divided by for the third column; 0: nothing
void add_figures(Table& table, const std::string& what, const Json& figures, double per) {
  const Json* luts = io::find_field(figures, "luts");
  const bool has_luts = luts != nullptr && !luts->is_null();
  table.row({what, text(figures, "copies"), number(figures, "luts", 1),
             has_luts && per > 0 ? fmt::format("{:.3f}", luts->get<double>() / per) : "-", number(figures, "yosys_luts", 1),
             number(figures, "ratio", 3), number(figures, "fmax_mhz", 0), number(figures, "yosys_fmax_mhz", 0),
             text(figures, "latency_cycles"), text(figures, "yosys_latency_cycles")});
  table.note_failures(what, figures);
}

Table figures_table() {
  return Table({"what", "copies", "LUTs", "a bit", "Yosys", "ratio", "MHz", "Yosys", "latency", "Yosys"});
}

std::string popcount_rows(const Json& result) {
  Table table = figures_table();
  for (const auto& [part, what] : {std::pair("popcount_threshold", "popcount >= n/2, n = "), std::pair("popcount", "popcount, all bits, n = ")}) {
    const Json* rows = io::find_field(result, part);
    if (rows == nullptr) continue;
    for (const Json& row : *rows) add_figures(table, what + text(row, "n"), row, row["n"].get<double>());
  }
  return table.str();
}

/// Device and tools of a family.
std::string tools_line(const Json& result, std::string_view family) {
  const Json* tools = io::find_field(result, "tools");
  const Json* found = tools == nullptr ? nullptr : io::find_field(*tools, family);
  if (found == nullptr) return "";
  return fmt::format("\n{} ({}), Yosys {}, nextpnr {}.\n", text(*found, "device"), text(*found, "board"), version(*found, "yosys"), version(*found, "nextpnr"));
}

std::string argmax_section(const Json& result) {
  const Json* rows = io::find_field(result, "argmax");
  if (rows == nullptr) return "";
  Table table({"10 scores of", "LUTs", "Yosys", "ratio", "MHz", "Yosys", "latency", "Yosys"});
  for (const Json& row : *rows) {
    const std::string what = text(row, "score_bits") + " bits";
    table.row({what, number(row, "luts", 0), number(row, "yosys_luts", 0), number(row, "ratio", 3), number(row, "fmax_mhz", 0),
               number(row, "yosys_fmax_mhz", 0), text(row, "latency_cycles"), text(row, "yosys_latency_cycles")});
    table.note_failures(what, row);
  }
  return "\n## Argmax alone\n\nTen numbers at the ports, the lowest index wins a tie. Yosys gets them as numbers, too.\n" + table.str();
}

std::string starter_section(const Json& result) {
  Table table = figures_table();
  bool any = false;
  for (const auto& [part, what] : {std::pair("starter", "pixels as bits"), std::pair("starter_pixels", "8-bit pixels and encoder")}) {
    const Json* figures = io::find_field(result, part);
    if (figures == nullptr) continue;
    any = true;
    add_figures(table, what, *figures, 1000);
  }
  return any ? "\n## The starter network\n\n1,000 tables of 6 inputs, ten sums of 100, argmax; `a bit` is a table here.\n" + table.str() : "";
}

std::string lutnet_section(const Json& result) {
  std::string page;
  for (const char* part : {"lutnet", "lutnet_large"}) {
    const Json* found = io::find_field(result, part);
    if (found == nullptr) continue;
    const Json& layer = *found;
    page += fmt::format("\n{} neurons of {} lanes, {} operators, {} of them gates of two inputs, on {}:\n", text(layer, "neurons"),
                        text(layer, "lanes"), text(layer, "operators"), text(layer, "gates"), text(layer, "device"));
    Table table({"passes", "LUTs", "an operator", "MHz", "latency"});
    for (const Json& row : layer["rows"]) {
      const Json* luts = io::find_field(row, "luts");
      const std::string same = text(row, "same_netlist_as");
      table.row({text(row, "passes") + (same == "-" ? "" : ": the netlist of " + same), number(row, "luts", 0),
                 luts == nullptr || luts->is_null() ? "-" : fmt::format("{:.3f}", luts->get<double>() / layer["operators"].get<double>()),
                 number(row, "fmax_mhz", 0), text(row, "latency_cycles")});
      const Json* yosys = io::find_field(row, "yosys_luts");
      if (row["passes"] == "all") {
        table.row({"Yosys", number(row, "yosys_luts", 0),
                   yosys == nullptr || yosys->is_null() ? "-" : fmt::format("{:.3f}", yosys->get<double>() / layer["operators"].get<double>()),
                   number(row, "yosys_fmax_mhz", 0), text(row, "yosys_latency_cycles")});
      }
      table.note_failures(text(row, "passes"), row);
    }
    page += table.str();
  }
  return page;
}

std::string lutnet_mapped_section(const Json& result) {
  const Json* layer = io::find_field(result, "lutnet_mapped");
  if (layer == nullptr) return "";
  Table table({"passes", "LUT cells", "an operator", "CARRY4", "flops"});
  for (const Json& row : (*layer)["rows"]) {
    table.row({text(row, "passes"), text(row, "lut_cells"),
               fmt::format("{:.3f}", row["lut_cells"].get<double>() / (*layer)["operators"].get<double>()), text(row, "carries"), text(row, "flops")});
  }
  return fmt::format("\nA large layer of the same kind, {} neurons of {} lanes, {} operators, in cells of xc7 after mapping; not placed:\n{}",
                     text(*layer, "neurons"), text(*layer, "lanes"), text(*layer, "operators"), table.str());
}

std::string scaling_section(const Json& result) {
  const Json* networks = io::find_field(result, "scaling");
  if (networks == nullptr) return "";
  std::string page =
      "\n## Time and memory\n\n"
      "Seconds of processor time (area.json has the wall time, too, of a busy machine); MiB are the peak of resident memory in that\n"
      "step, with what earlier steps left. `read` is Yosys, a process of its own, then `parse` takes its JSON; `prove` is all that comes\n"
      "after. Every netlist was proven equal to its model.\n";
  for (const Json& network : *networks) {
    page += fmt::format("\n{}:\n", text(network, "what"));
    const std::vector<std::string> steps = {"optimize", "map", "read", "parse", "prove"};
    std::vector<std::string> head = {"tables", "cells"};
    for (const std::string& step : steps) head.insert(head.end(), {step + " s", "MiB"});
    Table table(head);
    for (const Json& row : network["rows"]) {
      std::vector<std::string> cells = {text(row, "tables"), text(row, "cells")};
      for (const std::string& step : steps) {
        const Json* figures = io::find_field(row, step);
        cells.push_back(figures == nullptr ? "-" : seconds(*figures));
        cells.push_back(figures == nullptr ? "-" : number(*figures, "mib", 0));
      }
      table.row(cells);
      table.note_failures(text(row, "tables") + " tables", row);
    }
    if (const Json* slopes = io::find_field(network, "slopes"); slopes != nullptr) {
      std::vector<std::string> cells = {"slope", ""};
      for (const std::string& step : steps) {
        const Json* slope = io::find_field(*slopes, step);
        cells.push_back(slope == nullptr ? "-" : number(*slope, "cpu_seconds", 2));
        cells.push_back(slope == nullptr ? "-" : number(*slope, "mib", 2));
      }
      table.row(cells);
      page += table.str();
      page += fmt::format("\nSlopes of the logarithms, by least squares over {} tables and more; n log n has {:.2f} there.\n",
                          text(*slopes, "from_tables"), (*slopes)["n_log_n"].get<double>());
    } else {
      page += table.str();
    }
  }
  return page;
}

}  // namespace

std::string area_page(const Json& result) {
  std::string page(kHead);
  if (io::find_field(result, "popcount_threshold") != nullptr || io::find_field(result, "popcount") != nullptr) {
    page += "\n## Popcounts on Artix-7 35T\n" + tools_line(result, "xc7") + popcount_rows(result);
  }
  page += argmax_section(result) + starter_section(result);
  if (const std::string layers = lutnet_section(result) + lutnet_mapped_section(result); !layers.empty()) {
    page += "\n## LUTNet-like layers\n\n"
            "`make_lutnet`: the statistics of a trained and pruned layer. An operator is a table that survived pruning.\n" + layers;
  }
  for (const auto& [family, title] : {std::pair("ice40", "Popcounts on iCE40"), std::pair("ecp5", "Popcounts on ECP5")}) {
    const Json* found = io::find_field(result, family);
    if (found != nullptr) page += fmt::format("\n## {}\n{}{}", title, tools_line(result, family), popcount_rows(*found));
  }
  return page + scaling_section(result);
}

}  // namespace lutgen::bench
