// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "lutgen/base/files.hpp"
#include "lutgen/base/rng.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

const std::filesystem::path kRoot = LUTGEN_SOURCE_DIR;

/// Runs a fuzz target over its kept corpus; there must be one.
void replay(const std::string& target, void (*run)(std::string_view)) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "tests/fuzz/corpus" / target)) {
    INFO(entry.path().string());
    const auto bytes = base::read_file(entry.path());
    REQUIRE(bytes);
    run(*bytes);
    ++files;
  }
  CHECK(files >= 4);
}

std::string starter() { return base::read_file(kRoot / "sim/models/mnist-lut6-1000.safetensors").value(); }

}  // namespace

TEST_CASE("every file of the fuzz corpus is read or refused", "[fuzz]") {
  replay("csv", fuzz::run_csv);
  replay("fasm", fuzz::run_fasm);
  replay("idx", fuzz::run_idx);
  replay("json", fuzz::run_json);
  replay("model", fuzz::run_model);
  replay("npy", fuzz::run_npy);
  replay("routed", fuzz::run_routed);
  replay("xray", fuzz::run_xray);
}

TEST_CASE("the starter network cut at any byte is refused", "[fuzz][model]") {
  const std::string bytes = starter();
  for (std::size_t length = 0; length < 1200; ++length) {
    const auto net = model::parse_model(std::string_view(bytes).substr(0, length), "f");
    REQUIRE_FALSE(net);
    fuzz::check_diagnostic(net.error());
  }
  CHECK_FALSE(model::parse_model(std::string_view(bytes).substr(0, bytes.size() - 1), "f"));
}

TEST_CASE("the starter network with flipped bits is read or refused", "[fuzz][model]") {
  const std::string bytes = starter();
  base::Rng rng(7);
  for (int round = 0; round < 3000; ++round) {
    std::string changed = bytes;
    // Mostly in the header, where a bit means most.
    for (std::uint64_t flips = 1 + rng.below(3); flips > 0; --flips) {
      const std::uint64_t at = rng.below(round % 4 == 0 ? bytes.size() : 632);
      changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1u << rng.below(8)));
    }
    fuzz::run_model(changed);
  }
}
