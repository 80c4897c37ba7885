// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/safetensors.hpp"

#include <list>

#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

/// A file of a header text and data, whatever they say.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return bytes + header + data;
}

std::string error_of(const std::string& bytes) {
  const auto file = io::parse_safetensors(bytes, "f");
  REQUIRE_FALSE(file);
  return to_text(file.error());
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape, offsets);
}

}  // namespace

TEST_CASE("tensors are views into the file's bytes", "[io][safetensors]") {
  const std::string bytes = file_of("{" + entry("a", "U8", "[3]", "[0,3]") + "," + entry("b", "I32", "[1,1]", "[3,7]") +
                                        R"(,"__metadata__":{"k":"v"}} )",
                                    std::string("\x01\x02\x03\xfe\xff\xff\xff", 7));
  const auto file = io::parse_safetensors(bytes, "f");
  REQUIRE(file);
  CHECK(file->metadata.at("k") == "v");
  CHECK(file->tensors.at("a").u8(2) == 3);
  CHECK(file->tensors.at("b").i32(0) == -2);
  CHECK(file->tensors.at("a").bytes.data() == bytes.data() + bytes.size() - 7);
}

TEST_CASE("a dtype that is not known is kept", "[io][safetensors]") {
  const auto file = io::parse_safetensors(file_of("{" + entry("a", "F4", "[3]", "[0,2]") + "}", "xy"), "f");
  REQUIRE(file);
  CHECK(file->tensors.at("a").dtype == "F4");
}

TEST_CASE("what is written reads back the same, and writes the same bytes", "[io][safetensors][property]") {
  test::property([](const std::map<std::string, std::vector<std::uint8_t>>& content) {
    io::Safetensors file;
    std::list<std::string> storage;
    for (const auto& [name, values] : content) {
      storage.emplace_back(values.begin(), values.end());
      const bool wide = values.size() % 4 == 0;
      // A name need not be UTF-8 in C++, but must be in a file.
      file.tensors["t" + std::to_string(storage.size())] = {wide ? "I32" : "U8", {wide ? values.size() / 4 : values.size()}, storage.back()};
    }
    file.metadata["m"] = std::to_string(content.size());
    const std::string bytes = io::serialize_safetensors(file);
    const auto again = io::parse_safetensors(bytes, "f");
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->metadata == file.metadata);
    RC_ASSERT(again->tensors.size() == file.tensors.size());
    for (const auto& [name, tensor] : file.tensors) {
      const io::Tensor& other = again->tensors.at(name);
      RC_ASSERT(other.dtype == tensor.dtype && other.shape == tensor.shape && other.bytes == tensor.bytes);
    }
    RC_ASSERT(io::serialize_safetensors(*again) == bytes);
  });
}

TEST_CASE("values are aligned in what is written", "[io][safetensors]") {
  io::Safetensors file;
  file.tensors["a"] = {"U8", {3}, "abc"};
  file.tensors["b"] = {"I32", {1}, "abcd"};
  const std::string bytes = io::serialize_safetensors(file);
  const auto again = io::parse_safetensors(bytes, "f");
  CHECK((again->tensors.at("b").bytes.data() - bytes.data()) % 8 == 0);
}

TEST_CASE("a header that lies about its length is refused before anything is read", "[io][safetensors]") {
  CHECK(error_of("abc").find("error[safetensors_truncated]: expected at least 8 bytes") != std::string::npos);
  CHECK(error_of(std::string("\x05\0\0\0\0\0\0\0{}", 10)) ==
        "f: error[safetensors_truncated]: the first 8 bytes promise a header of 5 bytes, the file has 2 after them\n"
        "  hint: is this a safetensors file, and was it copied to its end?\n");
  CHECK(error_of(std::string(8, '\xff') + "{}").find("error[safetensors_header_too_large]") != std::string::npos);
  CHECK(error_of(file_of("", "")).find("error[safetensors_bad_header]") != std::string::npos);
  CHECK(error_of(file_of("[]", "")).find("error[safetensors_bad_header]") != std::string::npos);
  CHECK(error_of(file_of("{", "")).find("f (header):1:2: error[json_syntax]") == 0);
}

TEST_CASE("a tensor must be a range inside the data", "[io][safetensors]") {
  for (const char* offsets : {"[0,5]", "[3,2]", "[0]", "[0,1,2]", "[0,18446744073709551615]"}) {
    CHECK(error_of(file_of("{" + entry("a", "U8", "[4]", offsets) + "}", "abcd")).find("error[safetensors_bad_offsets]") !=
          std::string::npos);
  }
}

TEST_CASE("a tensor has the bytes that its dtype and shape ask for", "[io][safetensors]") {
  CHECK(error_of(file_of("{" + entry("a", "I32", "[2]", "[0,4]") + "}", "abcd")) ==
        "f: tensor \"a\": error[safetensors_size_mismatch]: expected 8 bytes for I32 of shape [2], got 4 (data_offsets [0, 4])\n");
  // 2^62 * 8 is 0 when it overflows.
  CHECK(error_of(file_of("{" + entry("a", "I64", "[4611686018427387904]", "[0,0]") + "}", "")).find("more bytes than 64 bits can count") !=
        std::string::npos);
  CHECK(io::parse_safetensors(file_of("{" + entry("a", "I64", "[4611686018427387904,0]", "[0,0]") + "}", ""), "f"));
}

TEST_CASE("tensors cover the data without overlap and without gap", "[io][safetensors]") {
  const auto two = [](const std::string& a, const std::string& b) {
    return file_of("{" + entry("a", "U8", "[2]", a) + "," + entry("b", "U8", "[2]", b) + "}", "abcd");
  };
  CHECK(io::parse_safetensors(two("[2,4]", "[0,2]"), "f"));
  CHECK(error_of(two("[0,2]", "[1,3]")) ==
        "f: error[safetensors_overlap]: tensors \"a\" and \"b\" overlap: expected the second to begin at byte 2 or later, got 1\n"
        "  hint: each byte of the data belongs to one tensor\n");
  CHECK(error_of(file_of("{" + entry("a", "U8", "[2]", "[1,3]") + "}", "abc")).find("error[safetensors_gap]") != std::string::npos);
  CHECK(error_of(file_of("{}", "abc")).find("error[safetensors_gap]") != std::string::npos);
}

TEST_CASE("metadata is text", "[io][safetensors]") {
  CHECK(error_of(file_of(R"({"__metadata__":{"k":1}})", "")).find("f (header), __metadata__: error[json_wrong_type]") == 0);
  CHECK(error_of(file_of(R"({"__metadata__":1})", "")).find("f (header): error[json_wrong_type]") == 0);
}
