// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/files.hpp"

#include <fcntl.h>
#include <sha2.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fmt/core.h>

namespace lutgen::base {
namespace {

namespace fs = std::filesystem;

std::string system_text(int error) { return std::strerror(error); }

/// A file in the folder of its target that has no name yet, or a hidden one; gone unless it was put in place.
class TemporaryFile {
 public:
  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), hidden_(std::exchange(other.hidden_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!hidden_.empty()) ::unlink(hidden_.c_str());
  }

  Result<void> fill(const fs::path& target, const TextSource& source) {
    const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    if (!open_nameless(folder) && !open_hidden(folder, target)) {
      return fail(Code::folder_not_writable, folder.string(),
                  fmt::format("expected a folder to write {} into, got: {}",
                              target.filename().string(), system_text(errno)),
                  "name a folder that exists and that you may write to");
    }
    return source([&](std::string_view piece) { return write_all(descriptor_, piece, target.string()); });
  }

  Result<void> put_in_place(const fs::path& target) {
    const bool is_named = !hidden_.empty() || link_nameless(target);
    const bool is_there = is_named && (hidden_.empty() || ::rename(hidden_.c_str(), target.c_str()) == 0);
    if (!is_there) {
      return fail(Code::file_write_failed, target.string(),
                  fmt::format("the finished file could not be put in place: {}", system_text(errno)),
                  "is there a folder of that name?");
    }
    hidden_.clear();
    if (::close(std::exchange(descriptor_, -1)) != 0) {
      return fail(Code::file_write_failed, target.string(), system_text(errno), "");
    }
    return {};
  }

 private:
  /// The name of an open file under which linkat(2) finds it.
  [[nodiscard]] std::string descriptor_name() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

  bool open_nameless(const fs::path& folder) {
    descriptor_ = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (descriptor_ < 0) return false;
    if (::access(descriptor_name().c_str(), F_OK) == 0) return true;
    ::close(std::exchange(descriptor_, -1));
    return false;
  }

  bool open_hidden(const fs::path& folder, const fs::path& target) {
    std::string pattern = (folder / fmt::format(".{}.XXXXXX", target.filename().string())).string();
    descriptor_ = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (descriptor_ < 0) return false;
    hidden_ = pattern;
    // mkostemp makes the file private; give it what an ordinary new file would get.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor_, 0666 & ~mask);
    return true;
  }

  /// Gives the file the target's name or, where that is taken (linkat replaces nothing), a hidden one.
  bool link_nameless(const fs::path& target) {
    const auto link_to = [&](const fs::path& name) {
      return ::linkat(AT_FDCWD, descriptor_name().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    };
    if (link_to(target)) return true;
    constexpr int kMostTries = 1000;
    for (int i = 0; errno == EEXIST && i < kMostTries; ++i) {
      const fs::path name = target.parent_path() / fmt::format(".{}.{}-{}", target.filename().string(), ::getpid(), i);
      if (!link_to(name)) continue;
      hidden_ = name.string();
      return true;
    }
    return false;
  }

  int descriptor_ = -1;
  std::string hidden_;  // empty: the file has no name
};

/// Lets the signals that end a program wait: between the first and the last name of a set of files.
class SignalsWait {
 public:
  SignalsWait() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending, signal);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before_);
  }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;
  ~SignalsWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

/// The whole text in one piece.
TextSource one_piece(std::string content) {
  return [text = std::move(content)](const WriteText& write) { return write(text); };
}

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
  LUTGEN_TRY_VOID(file.fill(path, [&](const WriteText& write) { return write(content); }));
  return file.put_in_place(path);
}

void FileSet::add(std::string name, std::string content) { add(std::move(name), one_piece(std::move(content))); }

void FileSet::add(std::string name, TextSource source) {
  LUTGEN_CHECK(!name.empty() && name.front() != '/' && name.find("..") == std::string::npos);
  entries_.push_back({std::move(name), std::move(source)});
}

Result<void> FileSet::commit() const {
  LUTGEN_TRY_VOID(make_folder(folder_));
  std::vector<TemporaryFile> files(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const fs::path target = folder_ / entries_[i].name;
    LUTGEN_TRY_VOID(make_folder(target.parent_path()));
    LUTGEN_TRY_VOID(files[i].fill(target, entries_[i].source));
  }
  const SignalsWait wait;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    LUTGEN_TRY_VOID(files[i].put_in_place(folder_ / entries_[i].name));
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
