// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/io/json.hpp"

namespace lutgen::report {

/// Files with what `lutgen info|eval|emit|cosim|build --json` printed.
struct Sources {
  std::filesystem::path info;
  std::filesystem::path eval;
  std::vector<std::filesystem::path> emit;
  std::vector<std::filesystem::path> cosim;
  std::vector<std::filesystem::path> build;
};

/// Gathers them into one report: `model`, `eval`, `cells` (by family), `cosim` (a list), and
/// `builds` (a list without the single runs) when there are any.
///
/// Errors   file_not_found, json_*, report_source_invalid
[[nodiscard]] Result<io::Json> gather(const Sources& sources);

/// The report as one Markdown page with one table a part.
[[nodiscard]] std::string to_markdown(const io::Json& report);

}  // namespace lutgen::report
