// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bitstream_xc7.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/flow/bit_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/flow/mini_xray.hpp"

using namespace lutgen;
namespace fs = std::filesystem;

namespace {

constexpr const char* kDesign = "INT_L_X0Y0.NL1BEG1.NN6END2\nCLBLL_L_X0Y0.SLICEL_X0.ALUT.INIT[5]\n";
constexpr const char* kBits = "bit_00000107_001_00\nbit_0000010c_001_01\nbit_00000121_000_01\nbit_00000121_050_03\n";

/// A job with stand-ins for the programs: one copies a prepared .bit file, the other a prepared list of bits.
struct Bench {
  test::TemporaryFolder folder;
  flow::BitstreamJob job;

  Bench() {
    const fs::path& root = folder.path();
    write("design.fasm", kDesign);
    write("prepared.bit", flow::bit_file_bytes({"/tmp/x.frm", test::kMiniPart, "2026/11/21", "12:34:56", "data"}));
    write("prepared.bits", kBits);
    // Arguments: --part_file F --part_name P --frm_file F --output_file OUT
    write("frames2bit", fmt::format("#!/bin/sh\ncp '{}/prepared.bit' \"$8\"\n", root.string()));
    // Arguments: --part_file F -y -o OUT BIT
    write("bitread", fmt::format("#!/bin/sh\ncp '{}/prepared.bits' \"$5\"\n", root.string()));
    for (const char* tool : {"frames2bit", "bitread"}) fs::permissions(root / tool, fs::perms::owner_all);
    job.fasm = root / "design.fasm";
    job.part = test::kMiniPart;
    job.database = test::kMiniXray;
    job.frames = root / "design.frm";
    job.bitstream = root / "made.bit";
    job.check = true;
    job.tools = {(root / "frames2bit").string(), (root / "bitread").string()};
  }

  void write(const std::string& name, const std::string& text) const {
    REQUIRE(base::write_file(folder.path() / name, text));
  }
};

}  // namespace

TEST_CASE("a bitstream is made, read back, and the same each time", "[flow][bitstream]") {
  Bench bench;
  const auto report = flow::make_bitstream(bench.job);
  if (!report) FAIL(to_text(report.error()));
  CHECK(report->lines == 2);
  CHECK(report->bits_set == 3);
  REQUIRE(report->check);
  CHECK(report->check->passed());
  CHECK(report->check->bits_found == 3);
  CHECK(report->luts == std::vector<flow::LutInit>{{"CLBLL_L_X0Y0", "SLICEL_X0", 'A', 0x20}});
  CHECK_FALSE(fs::exists(bench.job.bitstream.string() + ".work"));
  CHECK(fs::exists(bench.job.frames));
  const auto bytes = base::read_file(bench.job.bitstream);
  REQUIRE(bytes);
  CHECK(report->bytes == bytes->size());
  const auto file = flow::parse_bit_file(*bytes, "made.bit");
  REQUIRE(file);
  CHECK(file->design == "design");
  CHECK(file->date == "1970/01/01");
  CHECK(file->data == "data");
}

TEST_CASE("a bitstream with a difference is not written", "[flow][bitstream]") {
  Bench bench;
  bench.write("prepared.bits", "bit_00000107_001_00\n");
  bench.job.work = bench.folder.path() / "logs";
  const auto report = flow::make_bitstream(bench.job);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == Code::bitstream_mismatch);
  CHECK_FALSE(fs::exists(bench.job.bitstream));
  CHECK(fs::exists(bench.job.work / "bitread.log"));
}

TEST_CASE("programs that fail or write nothing are reported", "[flow][bitstream]") {
  Bench bench;
  bench.write("frames2bit", "#!/bin/sh\necho Failed to write bitstream\n");
  fs::permissions(bench.folder.path() / "frames2bit", fs::perms::owner_all);
  const auto silent = flow::make_bitstream(bench.job);
  REQUIRE_FALSE(silent);
  CHECK(silent.error().code == Code::tool_failed);
  bench.job.tools.frames2bit = "no-such-program-anywhere";
  const auto missing = flow::make_bitstream(bench.job);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Code::tool_missing);
  CHECK_FALSE(fs::exists(bench.job.bitstream));
}
