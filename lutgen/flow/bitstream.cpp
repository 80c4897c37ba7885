// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bitstream.hpp"

#include <chrono>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/bitstream_xc7.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;
using board::Family;

/// The program of a family that writes its bitstreams.
ToolId packer_of(Family family) {
  switch (family) {
    case Family::xc7: return ToolId::xc7frames2bit;
    case Family::ecp5: return ToolId::ecppack;
    case Family::ice40: return ToolId::icepack;
    case Family::gowin: return ToolId::gowin_pack;
    case Family::gatemate: return ToolId::gmpack;
  }
  return ToolId::xc7frames2bit;
}

std::vector<std::string> pack_arguments(const board::Board& board, const std::string& config, const std::string& output) {
  switch (board.family) {
    case Family::ecp5: return {"--compress", config, output};
    case Family::gowin: return {"-d", board.pack_device, "-o", output, config};
    default: return {config, output};
  }
}

Result<Bitstream> write_xc7(const board::Board& board, const Routed& routed, const Tool& writer, const fs::path& path) {
  LUTGEN_TRY(const Tool reader, find_tool(ToolId::bitread));
  BitstreamJob job;
  LUTGEN_TRY(job.database, find_prjxray_database());
  job.fasm = routed.config;
  job.part = board.pack_device;
  job.bitstream = path;
  job.check = true;
  job.work = fs::path(path) += ".work";
  job.tools = {writer.path.string(), reader.path.string()};
  LUTGEN_TRY(BitstreamReport report, make_bitstream(job));
  return Bitstream{path, report.bytes, report.check, std::move(report.luts), 0};
}

}  // namespace

Result<Bitstream> write_bitstream(const board::Board& board, const Routed& routed, const fs::path& path) {
  const auto start = std::chrono::steady_clock::now();
  LUTGEN_TRY(const Tool packer, find_tool(packer_of(board.family)));
  Bitstream bitstream;
  if (board.family == Family::xc7) {
    LUTGEN_TRY(bitstream, write_xc7(board, routed, packer, path));
  } else {
    const fs::path fresh = fs::path(path) += ".new";
    std::vector<std::string> arguments = {packer.path.string()};
    for (std::string& argument : pack_arguments(board, fs::absolute(routed.config).string(), fs::absolute(fresh).string())) {
      arguments.push_back(std::move(argument));
    }
    LUTGEN_TRY_VOID(base::run_process({.arguments = std::move(arguments), .folder = {}, .environment = {}, .log = fs::path(path) += ".log"}));
    LUTGEN_TRY(const std::string bytes, base::read_file(fresh));
    std::error_code ignored;
    fs::remove(fresh, ignored);
    LUTGEN_TRY_VOID(base::write_file(path, bytes));
    bitstream = {path, bytes.size(), std::nullopt, {}, 0};
  }
  bitstream.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return bitstream;
}

}  // namespace lutgen::flow
