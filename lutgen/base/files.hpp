// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::base {

/// No reader accepts more than this without being asked to: 4 GiB.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;

/// Reads a whole file.
///
/// Errors   file_not_found, file_too_large (before anything is allocated), file_read_failed
/// Cost     O(bytes), one allocation
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::uint64_t max_bytes = kMaxFileBytes);

/// Writes a file so that readers see the old content or the new one, never a part: the bytes go to
/// a file without a name in the same folder (open(2), O_TMPFILE), which gets its name when it is whole. On
/// any failure an existing file stays as it was, and nothing else stays behind, also when the program is
/// stopped by a signal. Where the file system has no such files, a hidden one is renamed; only there can a
/// stopped program leave it.
///
/// Errors   folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view content);

/// Takes the next piece of a file.
using WriteText = std::function<Result<void>(std::string_view piece)>;
/// Gives a whole file to the writer, piece by piece: for text that is better not held in memory at once.
using TextSource = std::function<Result<void>(const WriteText& write)>;

/// Several files that appear together or not at all (as far as the file system allows: all bytes are
/// written before the first gets its name, and signals that end the program wait meanwhile).
class FileSet {
 public:
  /// Nothing is touched before `commit`. The folder is made when missing.
  explicit FileSet(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Adds one file; `name` is relative to the folder and may not leave it.
  void add(std::string name, std::string content);
  /// The same for text that `source` makes when `commit` asks for it.
  void add(std::string name, TextSource source);

  /// Writes everything to files without a name, then names them. On failure nothing new is left behind.
  ///
  /// Errors   folder_not_writable, file_write_failed; those of the sources
  [[nodiscard]] Result<void> commit() const;

 private:
  struct Entry {
    std::string name;
    TextSource source;
  };
  std::filesystem::path folder_;
  std::vector<Entry> entries_;
};

/// Makes a folder and its parents; fine when it is there already.
///
/// Errors   folder_not_writable
[[nodiscard]] Result<void> make_folder(const std::filesystem::path& path);

/// Writes all of `content` to an open descriptor; `place` names it in the diagnostic.
///
/// Errors   file_write_failed (ENOSPC and everything else that write(2) reports)
[[nodiscard]] Result<void> write_all(int descriptor, std::string_view content,
                                     const std::string& place);

/// SHA-256 of `bytes` as 64 lower-case hex digits (FIPS 180-4).
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace lutgen::base
