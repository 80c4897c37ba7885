// SPDX-License-Identifier: Apache-2.0
// Carry chains of every shape through Yosys and nextpnr, rewritten and not: what came out of routing adds.
#include <array>
#include <bit>
#include <fstream>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/board/constraints.hpp"
#include "lutgen/flow/bitstream.hpp"
#include "lutgen/flow/build_check.hpp"
#include "lutgen/flow/family_tools.hpp"
#include "lutgen/flow/place_route.hpp"
#include "lutgen/flow/placement.hpp"
#include "lutgen/flow/readback.hpp"
#include "lutgen/flow/routed_simulator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

constexpr std::uint32_t kExports = 12;
// LUTs that have a bit to themselves; bits of the CARRY4 above the highest used one; chains joined.
constexpr std::uint32_t kFreed = kExports + 3 + 22 + 1;

/// Bit i of what the scan chain holds.
struct Sample {
  std::uint32_t x = 0;
  [[nodiscard]] bool operator()(std::uint32_t i) const { return ((x >> i) & 1) != 0; }
};

/// One bit of a chain: its sum, and the carry into the bit above.
struct Sum {
  bool o = false;
  bool co = false;
};

/// Adds `bits` bits from x[a] and x[b] on, each modulo 16, and gives the highest bit.
Sum add(const Sample& x, bool carry, std::uint32_t a, std::uint32_t b, std::uint32_t bits) {
  Sum sum{.o = false, .co = carry};
  for (std::uint32_t i = 0; i < bits; ++i) {
    const int ones = int{x((a + i) % 16)} + int{x((b + i) % 16)} + int{sum.co};
    sum = {.o = (ones & 1) != 0, .co = ones > 1};
  }
  return sum;
}

/// The exclusive or of some bits.
bool parity(const Sample& x, std::uint32_t mask) { return std::popcount(x.x & mask) % 2 != 0; }

/// One carry bit with select s and data di.
Sum step(bool carry, bool s, bool di) { return {.o = s != carry, .co = s ? carry : di}; }

/// The four bits of `wide_cy`.
std::array<Sum, 4> add_wide(const Sample& x, bool luts) {
  std::array<Sum, 4> sums;
  sums[0] = step(x(0), x(1) != x(4), x(1));
  sums[1] = step(sums[0].co, parity(x, 0x1EC), x(2));
  sums[2] = step(sums[1].co, parity(x, 0x3E00), x(13));
  sums[3] = step(sums[2].co, parity(x, 0x1F) != luts, x(14));
  return sums;
}

/// What each flop of carries.v takes, by its name.
std::vector<std::pair<std::string, bool>> expected(const Sample& x) {
  const bool luts = add(x, x(5), 1, 6, 2).co;
  const std::uint32_t address = (x.x >> 9) & 0x1F;
  const std::uint64_t init = 0xFEDC'BA98'7654'3210;
  const bool fork = add(x, x(3), 4, 6, 2).co;
  const bool lower = add(x, x(0), 1, 7, 2).co;
  const bool low = add(x, x(4), 5, 9, 4).co;
  const std::array<Sum, 4> wide = add_wide(x, luts);
  const Sum lowest = step(x(6), parity(x, 0x3F), x(5));
  return {{"plain_o0", add(x, x(0), 1, 3, 1).o},
          {"plain_o1", add(x, x(0), 1, 3, 2).o},
          {"plain_co1", add(x, x(0), 1, 3, 2).co},
          {"luts_o0", add(x, x(5), 1, 6, 1).o},
          {"luts_other", luts == x(8)},
          {"luts_once", ((init >> (address + (luts ? 32 : 0))) & 1) != 0},
          {"four_middle", x(10) != add(x, x(1), 2, 6, 2).co},
          {"four_o2", add(x, x(1), 2, 6, 3).o},
          {"four_o3", add(x, x(1), 2, 6, 4).o},
          {"four_co3", add(x, x(1), 2, 6, 4).co},
          {"fork_o1", add(x, x(3), 4, 6, 2).o},
          {"fork_co1", fork},
          {"left_o1", add(x, fork, 8, 10, 2).o},
          {"right_co1", add(x, fork, 12, 14, 2).co},
          {"lower_o1", add(x, x(0), 1, 7, 2).o},
          {"upper_o0", add(x, lower, 3, 9, 1).o},
          {"upper_co2", add(x, lower, 3, 9, 3).co},
          {"low_o3", add(x, x(4), 5, 9, 4).o},
          {"low_first", x(15) != low},
          {"high_o1", add(x, low, 13, 0, 2).o},
          {"high_second", x(15) && add(x, low, 13, 0, 2).co},
          {"blocking_o1", x(0) != add(x, x(6), 7, 9, 2).o},
          {"blocking_co1", add(x, x(6), 7, 9, 2).co},
          {"mixed_o0", add(x, x(7), 8, 10, 1).o},
          {"mixed_co1", add(x, x(7), 8, 10, 2).co},
          {"wide_o1", wide[1].o},
          {"wide_co1", x(15) != wide[1].co},
          {"wide_co2", wide[2].co},
          {"wide_o3", wide[3].o},
          {"lowest_o0", lowest.o},
          {"lowest_co0", lowest.co}};
}

/// What came out of routing, with the tables of its bitstream.
Result<flow::RoutedNetlist> read_back(const board::Board& board, const flow::Routed& run, const std::filesystem::path& folder) {
  LUTGEN_TRY(const flow::Bitstream bitstream, flow::write_bitstream(board, run, folder / "carries.bit"));
  LUTGEN_TRY(const flow::ReadbackSource source, flow::readback_source(board, run, bitstream, folder));
  return flow::read_source(source);
}

/// Puts 64 samples into the scan chain of a routed netlist, lets one clock edge pass, and compares every flop.
void check_sums(const Result<flow::RoutedNetlist>& netlist) {
  if (!netlist) FAIL(to_text(netlist.error()));
  base::Rng rng(1);
  for (int round = 0; round < 8; ++round) {
    flow::RoutedSimulator simulator(*netlist, 1);
    std::array<Sample, 64> samples;
    for (Sample& sample : samples) sample.x = static_cast<std::uint32_t>(rng.below(65536));
    for (std::uint32_t i = 0; i < 16; ++i) {
      const flow::RoutedFlop* flop = netlist->find_flop(fmt::format("chain[{}].ff", i));
      REQUIRE(flop != nullptr);
      std::uint64_t word = 0;
      for (std::size_t s = 0; s < samples.size(); ++s) word |= std::uint64_t{samples[s](i)} << s;
      simulator.set(flop->output, std::span(&word, 1));
    }
    simulator.settle();
    simulator.clock_edge();
    for (std::size_t s = 0; s < samples.size(); ++s) {
      for (const auto& [name, value] : expected(samples[s])) {
        const flow::RoutedFlop* flop = netlist->find_flop(name + ".ff");
        INFO(name << " of " << samples[s].x);
        REQUIRE(flop != nullptr);
        REQUIRE(simulator.value(flop->output, s) == value);
      }
    }
  }
}

/// The design in a folder, ready to be built.
flow::RouteJob make_job(const board::Board& board, const std::filesystem::path& folder, flow::CarryCells carries) {
  const auto source = base::read_file(std::filesystem::path(LUTGEN_SOURCE_DIR) / "tests/flow/carries.v");
  REQUIRE(source);
  const std::vector<board::BoundPort> ports = {{"clk_pin", true, &board.clock}, {"scan_pin", true, &board.uart_rx}};
  return {.folder = folder,
          .sources = {{"carries.v", *source}},
          .script = flow::read_script(board.family, "carries", {"carries.v"}),
          .constraints = board::constraints_text(board, ports),
          .stage = "carries",
          .carries = carries};
}

flow::Routed route(const flow::RouteJob& job, const board::Board& board, const flow::RouteTools& tools) {
  const auto runs = flow::place_and_route(job, board, tools, {.freq_mhz = 100, .seeds = {1}, .threads = 1, .progress = nullptr});
  if (!runs) FAIL(to_text(runs.error()));
  return runs->front();
}

std::uint64_t positions(const board::Board& board, const flow::Routed& run) {
  const auto placement = flow::read_placement(board.family, run.netlist, "", 0);
  if (!placement) FAIL(to_text(placement.error()));
  return placement->core.luts;
}

/// A nextpnr that knows no Python scripts.
void write_without_python(const std::filesystem::path& path, const std::filesystem::path& nextpnr) {
  std::ofstream(path) << "#!/usr/bin/env bash\nfor argument; do\n"
                         "  [[ $argument != --pre-place ]] || { echo 'ERROR: no Python here'; exit 1; }\n"
                         "done\nexec '"
                      << nextpnr.string() << "' \"$@\"\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("carry outs leave without a LUT position, and what is routed adds right", "[carries]") {
  const auto board = board::find_board("arty-a7-35t", {});
  REQUIRE(board);
  auto tools = flow::find_route_tools(board->family);
  if (!tools) LUTGEN_SKIP(tools.error().message);
  const auto database = flow::find_prjxray_database();
  if (!database) LUTGEN_SKIP(database.error().message);
  const test::TemporaryFolder folder;
  const flow::RouteJob job = make_job(*board, folder.path() / "rewritten", flow::CarryCells::rewritten);
  const flow::Routed rewritten = route(job, *board, *tools);
  CHECK(rewritten.carry_failure == "");
  CHECK(rewritten.carry_outs == kExports);
  CHECK(rewritten.freed_positions == kFreed);
  check_sums(read_back(*board, rewritten, job.folder));
  const std::string script = base::read_file(job.folder / "carries_pre_place.py").value();
  REQUIRE(route(job, *board, *tools).carry_failure.empty());
  CHECK(base::read_file(job.folder / "carries_pre_place.py").value() == script);

  // Where nextpnr cannot run the scripts, the build goes on with the chains as Yosys wrote them.
  const std::filesystem::path without_python = folder.path() / "nextpnr";
  write_without_python(without_python, tools->nextpnr.path);
  tools->nextpnr.path = without_python;
  const flow::Routed plain = route(make_job(*board, folder.path() / "plain", flow::CarryCells::rewritten), *board, *tools);
  CHECK_THAT(plain.carry_failure, Catch::Matchers::ContainsSubstring("no Python here"));
  CHECK(plain.carry_outs == 0);
  CHECK(plain.freed_positions == 0);
  check_sums(read_back(*board, plain, folder.path() / "plain"));
  CHECK(positions(*board, plain) == positions(*board, rewritten) + kFreed);
}
