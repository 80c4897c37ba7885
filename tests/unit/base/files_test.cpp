// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/files.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

TEST_CASE("a written file reads back the same bytes", "[base][files]") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "deep" / "file.bin";
  const std::string content("a\0b\n", 4);
  REQUIRE(base::write_file(path, content));
  REQUIRE(base::read_file(path).value() == content);
}

TEST_CASE("a full device is reported with the number of bytes that are missing", "[base][files]") {
  const int device = ::open("/dev/full", O_WRONLY);
  REQUIRE(device >= 0);
  const auto written = base::write_all(device, "hello", "somewhere");
  ::close(device);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == Code::file_write_failed);
  CHECK(written.error().message == "5 bytes were still to be written: No space left on device");
}

TEST_CASE("a file set that cannot be finished leaves nothing behind", "[base][files]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "out" / "taken", "a file, so no folder can be made here"));
  base::FileSet files(folder.path() / "out");
  files.add("first", "content");
  files.add("taken/second", "content");
  const auto done = files.commit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::folder_not_writable);
  CHECK(folder.names("out") == std::vector<std::string>{"taken"});
}

TEST_CASE("a file set of pieces holds them in order", "[base][files]") {
  const test::TemporaryFolder folder;
  base::FileSet files(folder.path());
  files.add("pieces", [](const base::WriteText& write) -> Result<void> {
    for (const char* piece : {"one ", "", "two"}) LUTGEN_TRY_VOID(write(piece));
    return {};
  });
  REQUIRE(files.commit());
  CHECK(base::read_file(folder.path() / "pieces").value() == "one two");
}

TEST_CASE("a source that fails leaves the old files and no new ones", "[base][files]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "first", "old"));
  base::FileSet files(folder.path());
  files.add("first", "new");
  files.add("second", [](const base::WriteText& write) -> Result<void> {
    LUTGEN_TRY_VOID(write("a part"));
    return fail(Code::file_read_failed, "somewhere", "no more", "");
  });
  const auto done = files.commit();
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::file_read_failed);
  CHECK(folder.names("") == std::vector<std::string>{"first"});
  CHECK(base::read_file(folder.path() / "first").value() == "old");
}

TEST_CASE("a program that a signal ends leaves the old files and no new ones", "[base][files]") {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    const test::TemporaryFolder folder;
    REQUIRE(base::write_file(folder.path() / "first", "old"));
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(signal, SIG_DFL);
      base::FileSet files(folder.path());
      files.add("first", "new");
      files.add("second", [signal](const base::WriteText& write) -> Result<void> {
        LUTGEN_TRY_VOID(write(std::string(100000, 'x')));
        ::raise(signal);
        return write("the rest");
      });
      ::_exit(files.commit() ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(folder.names("") == std::vector<std::string>{"first"});
    CHECK(base::read_file(folder.path() / "first").value() == "old");
  }
}

TEST_CASE("a written file replaces one that is there and gets ordinary rights", "[base][files]") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  REQUIRE(base::write_file(path, "one"));
  REQUIRE(base::write_file(path, "two"));
  CHECK(base::read_file(path).value() == "two");
  CHECK(folder.names("") == std::vector<std::string>{"file"});
  const mode_t mask = ::umask(0);
  ::umask(mask);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == (0666 & ~mask));
}

TEST_CASE("a file over the limit is refused before it is read", "[base][files]") {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "f", "12345"));
  const auto content = base::read_file(folder.path() / "f", 4);
  REQUIRE_FALSE(content);
  CHECK(content.error().code == Code::file_too_large);
}

TEST_CASE("SHA-256 gives the digest of the standard's own example", "[base][files]") {
  // FIPS 180-4, "abc".
  CHECK(base::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
