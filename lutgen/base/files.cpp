// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/files.hpp"

#include <fcntl.h>
#include <sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>

namespace lutgen::base {
namespace {

namespace fs = std::filesystem;

std::string system_text(int error) { return std::strerror(error); }

/// A temporary file beside its target; removed unless it was renamed.
class TemporaryFile {
 public:
  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  Result<void> fill(const fs::path& target, std::string_view content) {
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::string pattern = (folder / fmt::format(".{}.XXXXXX", target.filename().string())).string();
    const int descriptor = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor < 0) {
      return fail(Code::folder_not_writable, folder.string(),
                  fmt::format("expected a folder to write {} into, got: {}",
                              target.filename().string(), system_text(errno)),
                  "name a folder that exists and that you may write to");
    }
    path_ = pattern;
    // mkostemp makes the file private; give it what an ordinary new file would get.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
    auto written = write_all(descriptor, content, target.string());
    if (::close(descriptor) != 0 && written) {
      written = fail(Code::file_write_failed, target.string(), system_text(errno), "");
    }
    return written;
  }

  Result<void> rename_to(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) {
      return fail(Code::file_write_failed, target.string(),
                  fmt::format("the finished file could not be put in place: {}", system_text(errno)),
                  "is there a folder of that name?");
    }
    path_.clear();
    return {};
  }

 private:
  std::string path_;
};

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    return fail(Code::file_not_found, path.string(),
                fmt::format("expected a readable file, got: {}", system_text(errno)),
                "check the path");
  }
  struct Closer {
    int descriptor;
    ~Closer() { ::close(descriptor); }
  } const closer{descriptor};
  if (S_ISDIR(status.st_mode)) {
    return fail(Code::file_not_found, path.string(), "expected a readable file, got: a folder",
                "check the path");
  }
  if (static_cast<std::uint64_t>(status.st_size) > max_bytes) {
    return fail(Code::file_too_large, path.string(),
                fmt::format("expected at most {} bytes, got {}", max_bytes, status.st_size), "");
  }
  std::string content;
  content.reserve(static_cast<std::size_t>(status.st_size));
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0) {
      if (errno == EINTR) continue;
      return fail(Code::file_read_failed, path.string(),
                  fmt::format("read {} bytes, then: {}", content.size(), system_text(errno)), "");
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      return fail(Code::file_too_large, path.string(),
                  fmt::format("expected at most {} bytes, got more", max_bytes), "");
    }
  }
  return content;
}

Result<void> write_all(int descriptor, std::string_view content, const std::string& place) {
  while (!content.empty()) {
    const ssize_t count = ::write(descriptor, content.data(), content.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return fail(Code::file_write_failed, place,
                  fmt::format("{} bytes were still to be written: {}", content.size(),
                              system_text(errno)),
                  errno == ENOSPC ? "make room on the disk; what was there before is unchanged" : "");
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path, error)) {
    return fail(Code::folder_not_writable, path.string(),
                fmt::format("expected a folder that can be made, got: {}",
                            error ? error.message() : "a file of that name"),
                "name a folder that exists and that you may write to");
  }
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view content) {
  if (path.has_parent_path()) LUTGEN_TRY_VOID(make_folder(path.parent_path()));
  TemporaryFile file;
  LUTGEN_TRY_VOID(file.fill(path, content));
  return file.rename_to(path);
}

void FileSet::add(std::string name, std::string content) {
  LUTGEN_CHECK(!name.empty() && name.front() != '/' && name.find("..") == std::string::npos);
  entries_.push_back({std::move(name), std::move(content)});
}

Result<void> FileSet::commit() const {
  LUTGEN_TRY_VOID(make_folder(folder_));
  std::vector<TemporaryFile> files(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const fs::path target = folder_ / entries_[i].name;
    LUTGEN_TRY_VOID(make_folder(target.parent_path()));
    LUTGEN_TRY_VOID(files[i].fill(target, entries_[i].content));
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    LUTGEN_TRY_VOID(files[i].rename_to(folder_ / entries_[i].name));
  }
  return {};
}

std::string sha256_hex(std::string_view bytes) {
  SHA2_CTX context;
  SHA256Init(&context);
  SHA256Update(&context, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256Final(digest.data(), &context);
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace lutgen::base
