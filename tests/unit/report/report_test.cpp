// SPDX-License-Identifier: Apache-2.0
#include "lutgen/report/report.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

TEST_CASE("a report holds every part under its documented name", "[report]") {
  const test::TemporaryFolder folder;
  const auto put = [&](const char* name, const char* text) {
    REQUIRE(base::write_file(folder.path() / name, text));
    return folder.path() / name;
  };
  const report::Sources sources{
      put("info", R"({"name": "net", "sha256": "00", "layers": []})"),
      put("eval", R"({"data": "mnist", "samples": 10000, "correct": 9736, "accuracy": 0.9736})"),
      {put("emit", R"({"family": "xc7", "cells": {"LUT6": 1768}, "latency_cycles": 7, "seconds": 0.013})")},
      {put("cosim", R"({"family": "xc7", "samples": 10000, "mismatches": 0, "latency_cycles": 7,
                        "interval_cycles": 1, "cycles_per_second": 250000.5})")},
      {put("build", R"({"model": "net", "board": "arty", "family": "xc7", "kind": "board", "luts": 2500, "ffs": 2600, "carries": 20,
                        "fmax_mhz": 120.5, "seconds": 33.25, "seed": 3, "bitstream": "a.bit", "bytes": 2192082,
                        "readback": {"samples": 1000, "mismatches": 0}, "proof": {"verdict": "proven"}, "runs": [1, 2]})")}};
  const auto json = report::gather(sources);
  REQUIRE(json);
  CHECK((*json)["model"]["name"] == "net");
  CHECK((*json)["eval"]["samples"] == 10000);
  CHECK((*json)["cells"]["xc7"]["LUT6"] == 1768);
  CHECK((*json)["cosim"][0]["mismatches"] == 0);
  CHECK((*json)["builds"][0]["bitstream"] == "a.bit");
  CHECK_FALSE((*json)["builds"][0].contains("runs"));
  const std::string page = report::to_markdown(*json);
  CHECK(page.find("9,736 of 10,000 samples, 97.36 %") != std::string::npos);
  CHECK(page.find("| xc7 | 1,768 LUT6 | 7 | 0.013 |") != std::string::npos);
  CHECK(page.find("| net | arty (xc7) | board | 2,500 | 2,600 | 20 | 120.50 | 33.25 | 3 | 2,192,082 | 0 of 1,000 | proven |") !=
        std::string::npos);
  CHECK(page.find("| xc7 | 10,000 | 0 | 7 | 1 | 250,000 |") != std::string::npos);
}

TEST_CASE("a file of another verb is refused by its missing field", "[report]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "info", R"({"tools": []})"));
  const auto json = report::gather({folder.path() / "info", folder.path() / "info", {}, {}, {}});
  REQUIRE_FALSE(json);
  CHECK(json.error().code == Code::report_source_invalid);
}
