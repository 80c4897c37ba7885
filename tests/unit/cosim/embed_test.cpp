// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <set>

#include "lutgen/base/files.hpp"
#include "lutgen/cosim/harness_files.hpp"
#include "tests/support/catch.hpp"

namespace fs = std::filesystem;

TEST_CASE("the program carries every cell model and harness header as it is in the source tree",
          "[cosim][embed]") {
  const fs::path root = LUTGEN_SOURCE_DIR;
  std::set<std::string> embedded;
  for (const auto& file : lutgen::cosim::harness_files()) {
    const fs::path folder = file.path.starts_with("cells/") ? root / "rtl" : root / "sim";
    const auto content = lutgen::base::read_file(folder / file.path);
    REQUIRE(content.has_value());
    CHECK(*content == file.content);
    CHECK(embedded.insert(std::string(file.path)).second);
  }
  for (const fs::path& start : {root / "rtl" / "cells", root / "sim" / "lutgen_sim"})
    for (const auto& entry : fs::recursive_directory_iterator(start)) {
      if (!entry.is_regular_file() || entry.path().extension() == ".md") continue;
      const fs::path name = entry.path().lexically_relative(start.parent_path());
      CAPTURE(name.string());
      CHECK(embedded.contains(name.string()));  // else add it to lutgen/cosim/CMakeLists.txt
    }
}
