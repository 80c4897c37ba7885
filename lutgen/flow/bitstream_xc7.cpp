// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bitstream_xc7.hpp"

#include <chrono>
#include <string_view>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "lutgen/flow/bit_file.hpp"
#include "lutgen/flow/frames.hpp"
#include "lutgen/flow/xray_database.hpp"

namespace lutgen::flow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A folder that is removed again unless it is to be kept.
class WorkFolder {
 public:
  explicit WorkFolder(const BitstreamJob& job)
      : path_(job.work.empty() ? fs::path(job.bitstream.string() + ".work") : job.work), keep_(!job.work.empty()) {}
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder() = default;

  [[nodiscard]] const fs::path& path() const { return path_; }
  /// After success; after a failure the logs stay.
  void finish() const {
    std::error_code ignored;
    if (!keep_) fs::remove_all(path_, ignored);
  }

 private:
  fs::path path_;
  bool keep_;
};

/// Frames to the bytes of a .bit file, through xc7frames2bit.
Result<std::string> write_bits(const BitstreamJob& job, const fs::path& part_file, const fs::path& work,
                               const FrameMap& frames) {
  const fs::path frames_file = work / "design.frm";
  const fs::path raw = work / "raw.bit";
  const fs::path log = work / "xc7frames2bit.log";
  LUTGEN_TRY_VOID(base::write_file(frames_file, frames_text(frames)));
  std::error_code ignored;
  fs::remove(raw, ignored);
  LUTGEN_TRY_VOID(base::run_process({.arguments = {job.tools.frames2bit, "--part_file", part_file.string(),
                                                   "--part_name", job.part, "--frm_file", frames_file.string(),
                                                   "--output_file", raw.string()},
                                     .folder = {},
                                     .environment = {},
                                     .log = log}));
  // It exits with 0 even when it could not write.
  if (!fs::exists(raw, ignored)) {
    return fail(Code::tool_failed, log.string(),
                fmt::format("{} wrote no bitstream", job.tools.frames2bit),
                "the whole log is kept in the file named above");
  }
  LUTGEN_TRY(const std::string bytes, base::read_file(raw));
  LUTGEN_TRY(BitFile file, parse_bit_file(bytes, raw.string()));
  file.design = job.fasm.stem().string();
  file.date = "1970/01/01";
  file.time = "00:00:00";
  return bit_file_bytes(file);
}

/// The bytes of a .bit file back to frames, through bitread.
Result<FrameMap> read_bits(const BitstreamJob& job, const fs::path& part_file, const fs::path& work,
                           std::string_view bytes) {
  const fs::path bit_file = work / "design.bit";
  const fs::path list = work / "design.bits";
  LUTGEN_TRY_VOID(base::write_file(bit_file, bytes));
  std::error_code ignored;
  fs::remove(list, ignored);
  LUTGEN_TRY_VOID(base::run_process({.arguments = {job.tools.bitread, "--part_file", part_file.string(), "-y", "-o",
                                                   list.string(), bit_file.string()},
                                     .folder = {},
                                     .environment = {},
                                     .log = work / "bitread.log"}));
  LUTGEN_TRY(const std::string text, base::read_file(list));
  return parse_bit_list(text, list.string());
}

Result<void> check_bits(const BitstreamJob& job, const Fasm& fasm, const FrameImage& image, XrayDatabase& database,
                        const fs::path& work, std::string_view bytes, BitstreamReport& report) {
  const auto start = Clock::now();
  LUTGEN_TRY(const FrameMap found, read_bits(job, database.part_folder() / "part.yaml", work, bytes));
  LUTGEN_TRY(report.check, compare_bitstream(fasm, image, found, database));
  LUTGEN_TRY(report.luts, read_lut_inits(found, database));
  report.check_seconds = seconds_since(start);
  const BitstreamCheck& check = *report.check;
  if (check.passed()) return {};
  std::string hint;
  for (const std::string& difference : check.differences) hint += (hint.empty() ? "" : "; ") + difference;
  return fail(Code::bitstream_mismatch, job.fasm.string(),
              fmt::format("expected the bitstream to hold the {} bits that the FASM asks for, found {}: {} missing, "
                          "{} extra, {} of {} lookup tables differ",
                          check.bits_asked, check.bits_found, check.missing, check.extra, check.lut_differences,
                          check.luts),
              hint);
}

Result<void> make_bit_file(const BitstreamJob& job, const Fasm& fasm, const FrameImage& image,
                           XrayDatabase& database, BitstreamReport& report) {
  const auto start = Clock::now();
  const WorkFolder work(job);
  LUTGEN_TRY_VOID(base::make_folder(work.path()));
  LUTGEN_TRY(const std::string bytes,
             write_bits(job, database.part_folder() / "part.yaml", work.path(), image.frames));
  report.bytes = bytes.size();
  report.write_seconds = seconds_since(start);
  if (job.check) LUTGEN_TRY_VOID(check_bits(job, fasm, image, database, work.path(), bytes, report));
  LUTGEN_TRY_VOID(base::write_file(job.bitstream, bytes));
  work.finish();
  return {};
}

}  // namespace

Result<std::vector<LutInit>> read_bitstream_luts(const BitstreamJob& job) {
  LUTGEN_TRY(XrayDatabase database, XrayDatabase::open(job.database, job.part));
  LUTGEN_TRY(const std::string bytes, base::read_file(job.bitstream));
  const WorkFolder work(job);
  LUTGEN_TRY_VOID(base::make_folder(work.path()));
  LUTGEN_TRY(const FrameMap frames, read_bits(job, database.part_folder() / "part.yaml", work.path(), bytes));
  LUTGEN_TRY(std::vector<LutInit> luts, read_lut_inits(frames, database));
  work.finish();
  return luts;
}

Result<BitstreamReport> make_bitstream(const BitstreamJob& job) {
  const auto start = Clock::now();
  BitstreamReport report;
  LUTGEN_TRY(const std::string text, base::read_file(job.fasm));
  LUTGEN_TRY(const Fasm fasm, parse_fasm(text, job.fasm.string()));
  LUTGEN_TRY(XrayDatabase database, XrayDatabase::open(job.database, job.part));
  LUTGEN_TRY(const FrameImage image, convert_fasm(fasm, database, job.fasm.string()));
  report.lines = fasm.features.size();
  report.enabled = image.enabled;
  report.pseudo = image.pseudo;
  report.bits_set = image.bits_set;
  report.frames = image.frames.size();
  report.luts = collect_lut_inits(fasm);
  report.convert_seconds = seconds_since(start);
  if (!job.frames.empty()) LUTGEN_TRY_VOID(base::write_file(job.frames, frames_text(image.frames)));
  if (!job.bitstream.empty()) LUTGEN_TRY_VOID(make_bit_file(job, fasm, image, database, report));
  return report;
}

}  // namespace lutgen::flow
