// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <verilated.h>

#include "lutgen_sim/bench.hpp"
#include "lutgen_sim/result.hpp"
#include "lutgen_sim/stimulus.hpp"
#include "lutgen_sim/trace.hpp"

namespace lutgen::sim {

/// What a simulator program was asked to do; see `run_main`.
struct MainOptions {
  std::string stimulus;
  std::string result;
  std::string trace;
  bool replay = false;
  bool report_only = false;
  bool progress = false;
};

namespace detail {

inline constexpr int kExitPassed = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;

inline std::optional<MainOptions> parse_options(int argc, char** argv) {
  MainOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--trace" && i + 1 < argc)
      options.trace = argv[++i];
    else if (argument == "--replay")
      options.replay = true;
    else if (argument == "--report-only")
      options.report_only = true;
    else if (argument == "--progress")
      options.progress = true;
    else if (argument.substr(0, 1) != "-" && options.stimulus.empty())
      options.stimulus = argument;
    else if (argument.substr(0, 1) != "-" && options.result.empty())
      options.result = argument;
    else
      return std::nullopt;
  }
  if (options.stimulus.empty() || options.result.empty()) return std::nullopt;
  return options;
}

inline int report_error(const std::string& place, const std::string& message) {
  std::fprintf(stderr, "%s: error: %s\n", place.c_str(), message.c_str());
  return kExitUsage;
}

/// A file's bytes, or nothing.
inline std::optional<std::string> read_whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file ? std::optional(std::move(bytes)) : std::nullopt;
}

/// Writes beside the file, then renames, so that nobody reads a half of it.
inline bool write_whole_file(const std::string& path, const std::string& content) {
  const std::string temporary = path + ".part";
  std::error_code failed;
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.flush();
    if (!file) {
      std::filesystem::remove(temporary, failed);
      return false;
    }
  }
  std::filesystem::rename(temporary, path, failed);
  return !failed;
}

/// Rows of probe values as bytes: "LUTGPROB", u32 version = 1, u32 width in bits, u64 rows, then
/// each row's words, least significant first; little-endian.
inline std::string encode_probes(const Words& rows, std::size_t width_bits) {
  std::string bytes = "LUTGPROB";
  append_u32(bytes, 1);
  append_u32(bytes, static_cast<std::uint32_t>(width_bits));
  append_u64(bytes, rows.size() / words_for(width_bits));
  append_words(bytes, rows.data(), rows.size());
  return bytes;
}

/// Prints how many samples were sent, at most twice a second.
class ProgressPrinter {
 public:
  void operator()(std::uint64_t done, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(500)) return;
    last_ = now;
    std::printf("progress %llu %llu\n", static_cast<unsigned long long>(done),
                static_cast<unsigned long long>(total));
    std::fflush(stdout);
  }

 private:
  std::chrono::steady_clock::time_point last_;
};

inline int run_and_report(const MainOptions& options, const Design& design,
                          const Stimulus& stimulus) {
  Bench bench(design, stimulus);
  if (options.replay) {
    if (!design.probes.connected() || stimulus.samples == 0)
      return report_error(options.stimulus, "this simulator has no probes, or there is no sample");
    const Words rows = bench.record_probes(stimulus.latency_cycles + 1u);
    if (!write_whole_file(options.result, encode_probes(rows, design.probes.width_bits())))
      return report_error(options.result, "cannot be written");
    return kExitPassed;
  }
  const Result result = bench.run();
  if (!write_whole_file(options.result, to_json(result)))
    return report_error(options.result, "cannot be written");
  return result.passed() || options.report_only ? kExitPassed : kExitFailed;
}

}  // namespace detail

/// The body of a simulator program:
///
///     PROGRAM STIMULUS RESULT [--trace FILE] [--report-only] [--replay] [--progress]
///
/// It reads the stimulus file, runs `Bench` on a new model of type `Top`, and writes the result as
/// JSON. With --replay it sends all samples back to back instead, compares nothing, and writes the
/// probe values of every cycle (`encode_probes`). With --progress it prints "progress DONE TOTAL" (samples) twice a second.
/// `connect(top)` gives the `Design`; its `eval`, `dump` and `progress` are filled in here.
///
/// Returns 0 when everything agreed (or with --report-only), 1 when something did not, 2 when the
/// arguments or the stimulus are wrong or a file cannot be written; errors go to stderr.
template <class Top, class Connect>
[[nodiscard]] int run_main(int argc, char** argv, Connect connect) {
  const std::optional<MainOptions> options = detail::parse_options(argc, argv);
  if (!options)
    return detail::report_error(
        argv[0], "usage: STIMULUS RESULT [--trace FILE] [--report-only] [--replay] [--progress]");
  std::optional<std::string> bytes = detail::read_whole_file(options->stimulus);
  if (!bytes) return detail::report_error(options->stimulus, "cannot be read");
  const DecodedStimulus decoded = decode_stimulus(*bytes);
  bytes.reset();
  if (!decoded.stimulus) return detail::report_error(options->stimulus, decoded.error);

  VerilatedContext context;
  context.randReset(2);  // flops without an initial value start at random, from a fixed seed
  context.randSeed(1);
  context.traceEverOn(!options->trace.empty());
  Top top(&context);
  TraceFile trace;
  Design design = connect(top);
  design.eval = [&top] { top.eval(); };
  if (options->progress) design.progress = detail::ProgressPrinter();
  if (!options->trace.empty()) {
    if (!open_trace(top, trace, options->trace))
      return detail::report_error(options->trace, "cannot be written, or built without tracing");
    design.dump = [&trace](std::uint64_t time) { trace.dump(time); };
  }
  if (const std::string error = check_ports(design, *decoded.stimulus); !error.empty())
    return detail::report_error(options->stimulus, error);
  const int status = detail::run_and_report(*options, design, *decoded.stimulus);
  if (!options->trace.empty()) trace.close();
  top.final();
  return status;
}

}  // namespace lutgen::sim
