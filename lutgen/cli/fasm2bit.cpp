// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/core.h>

#include "lutgen/cli/cli.hpp"
#include "lutgen/flow/bitstream_xc7.hpp"
#include "lutgen/flow/toolchain.hpp"

namespace lutgen::cli {
namespace {

struct Options {
  std::string fasm;
  std::string part;
  std::string database;
  std::string tools;
  std::string frames;
  std::string bitstream;
  bool check = false;
  Common common;
};

/// The job, with what was left out looked for where `lutgen doctor` looks.
Result<flow::BitstreamJob> make_job(const Options& options) {
  const flow::ToolPlaces places = flow::tool_places();
  flow::BitstreamJob job;
  job.fasm = options.fasm;
  job.part = options.part;
  job.database = options.database;
  job.frames = options.frames;
  job.bitstream = options.bitstream;
  job.check = options.check;
  if (options.database.empty()) {
    LUTGEN_TRY(job.database, flow::find_prjxray_database(places));
  }
  if (!options.tools.empty()) {
    const std::filesystem::path folder(options.tools);
    job.tools.frames2bit = (folder / job.tools.frames2bit).string();
    job.tools.bitread = (folder / job.tools.bitread).string();
  } else if (!options.bitstream.empty()) {
    LUTGEN_TRY(const flow::Tool writer, flow::find_tool(flow::ToolId::xc7frames2bit, places));
    job.tools.frames2bit = writer.path.string();
    if (options.check) {
      LUTGEN_TRY(const flow::Tool reader, flow::find_tool(flow::ToolId::bitread, places));
      job.tools.bitread = reader.path.string();
    }
  }
  return job;
}

io::Json to_json(const flow::BitstreamReport& report) {
  io::Json json{{"lines", report.lines},
                {"features", report.enabled},
                {"without_bits", report.pseudo},
                {"bits_set", report.bits_set},
                {"frames", report.frames},
                {"luts", report.luts.size()},
                {"bytes", report.bytes},
                {"convert_seconds", report.convert_seconds},
                {"write_seconds", report.write_seconds}};
  if (report.check) {
    json["check"] = {{"bits_asked", report.check->bits_asked}, {"bits_found", report.check->bits_found},
                     {"missing", report.check->missing},       {"extra", report.check->extra},
                     {"luts", report.check->luts},             {"lut_differences", report.check->lut_differences},
                     {"seconds", report.check_seconds}};
  }
  return json;
}

void print_report(const flow::BitstreamReport& report) {
  fmt::print("features   {} in {} lines, {} of them wires that need no bits\n", report.enabled, report.lines,
             report.pseudo);
  fmt::print("bits       {} set in {} frames, {} lookup tables; {:.2f} s\n", report.bits_set, report.frames,
             report.luts.size(), report.convert_seconds);
  if (report.bytes != 0) fmt::print("bitstream  {} bytes; {:.2f} s\n", report.bytes, report.write_seconds);
  if (report.check) {
    fmt::print("read back  {} bits and {} lookup tables compared, no difference; {:.2f} s\n",
               report.check->bits_found, report.check->luts, report.check_seconds);
  } else if (report.bytes != 0) {
    fmt::print("read back  skipped: --check was not given\n");
  }
}

Exit run(const Options& options) {
  const auto result = make_job(options).and_then(flow::make_bitstream);
  if (!result) return report(result.error());
  if (options.common.json) {
    print(to_json(*result));
  } else {
    print_report(*result);
  }
  return Exit::ok;
}

}  // namespace

void add_fasm2bit(CLI::App& app, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("fasm2bit", "FASM of a 7-series part to frames and a bitstream, read back and compared");
  verb->add_option("fasm", options->fasm, "FASM file, as nextpnr writes it")->required();
  verb->add_option("--part", options->part, "part with package and speed grade, as in xc7a35tcsg324-1")->required();
  verb->add_option("--database", options->database, "Project X-Ray database: the folder that holds artix7; left out: as lutgen doctor");
  verb->add_option("--tools", options->tools, "folder of xc7frames2bit and bitread; left out: as lutgen doctor");
  verb->add_option("--frames", options->frames, "write the frames to this file (.frm)");
  auto* output = verb->add_option("-o,--output", options->bitstream, "write the bitstream to this file (.bit)");
  verb->add_flag("--check", options->check, "read the bitstream back and compare every bit and lookup table")
      ->needs(output);
  add_json_option(*verb, options->common);
  verb->callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace lutgen::cli
