// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/idx.hpp"

#include <algorithm>

#include "lutgen/base/files.hpp"
#include "lutgen/base/process.hpp"
#include "tests/support/property.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace lutgen;

namespace {

/// An IDX file of bytes: its start, its lengths, its values.
std::string idx_of(const std::vector<std::uint32_t>& shape, const std::string& values) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(shape.size())};
  for (const std::uint32_t length : shape) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(length >> shift & 0xff);
  }
  return bytes + values;
}

std::string packed(const std::string& bytes) {
  const test::TemporaryFolder folder;
  REQUIRE(base::write_file(folder.path() / "f", bytes));
  REQUIRE(base::run_process({.arguments = {"gzip", "-9n", (folder.path() / "f").string()}, .folder = {}, .environment = {}, .log = {}}));
  return base::read_file(folder.path() / "f.gz").value();
}

Code code_of(const std::string& bytes, std::uint64_t limit = io::kMaxIdxBytes) {
  const auto array = io::parse_idx(bytes, "f", limit);
  REQUIRE_FALSE(array);
  return array.error().code;
}

}  // namespace

TEST_CASE("plain and packed files give the same array", "[io][idx][property]") {
  test::property([](const std::vector<std::uint8_t>& values) {
    const std::string bytes = idx_of({static_cast<std::uint32_t>(values.size()), 1}, {values.begin(), values.end()});
    for (const std::string& file : {bytes, packed(bytes)}) {
      const auto array = io::parse_idx(file, "f");
      RC_ASSERT(array.has_value());
      RC_ASSERT(std::equal(values.begin(), values.end(), array->values.begin(), array->values.end()));
      RC_ASSERT(array->shape == std::vector<std::uint32_t>({static_cast<std::uint32_t>(values.size()), 1}));
    }
  });
}

TEST_CASE("a file cut anywhere is refused, plain or packed", "[io][idx]") {
  const std::string bytes = idx_of({2, 3}, "abcdef");
  for (const std::string& file : {bytes, packed(bytes)}) {
    for (std::size_t length = 0; length < file.size(); ++length) CHECK_FALSE(io::parse_idx(file.substr(0, length), "f"));
  }
}

TEST_CASE("each fault of an IDX file has its code", "[io][idx]") {
  CHECK(code_of("") == Code::idx_truncated);
  CHECK(code_of("PK\x08\x01") == Code::idx_bad_start);
  CHECK(code_of(std::string("\0\0\x0d\x01", 4)) == Code::idx_bad_type);
  CHECK(code_of(idx_of({2}, "a")) == Code::idx_truncated);
  CHECK(code_of(idx_of({2}, "abc")) == Code::idx_trailing);
  CHECK(code_of(packed(idx_of({2}, "abc"))) == Code::idx_trailing);
  CHECK(code_of(packed(idx_of({2}, "ab")) + "x") == Code::idx_bad_gzip);
  CHECK(code_of(idx_of({4294967295u, 4294967295u, 4294967295u}, "")) == Code::idx_too_large);
}

TEST_CASE("a damaged packed file is found by its checksum", "[io][idx]") {
  std::string file = packed(idx_of({6}, "abcdef"));
  file[file.size() - 8] ^= 1;  // CRC-32 of the gzip trailer
  CHECK(code_of(file) == Code::idx_bad_gzip);
}

TEST_CASE("a gzip bomb is refused before it is unpacked", "[io][idx]") {
  const std::string bomb = packed(idx_of({1}, std::string(5'000'000, '\0')));
  CHECK(code_of(bomb) == Code::idx_trailing);
  CHECK(code_of(packed(idx_of({5'000'000}, std::string(5'000'000, '\0'))), 1000) == Code::idx_too_large);
  // 60 bytes cannot hold a billion values, so that nothing is allocated for them.
  const auto lie = io::parse_idx(packed(idx_of({1'000'000'000}, "a")), "f");
  REQUIRE_FALSE(lie);
  CHECK(lie.error().code == Code::idx_truncated);
}
