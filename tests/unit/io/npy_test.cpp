// SPDX-License-Identifier: Apache-2.0
#include "lutgen/io/npy.hpp"

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "tests/support/property.hpp"

using namespace lutgen;

namespace {

const std::filesystem::path kCorpus = std::filesystem::path(LUTGEN_SOURCE_DIR) / "tests/fuzz/corpus/npy";

std::string corpus(const char* name) { return base::read_file(kCorpus / name).value(); }

/// An NPY file, version 1, as numpy.save lays it out but for the padding.
std::string npy_of(const std::string& type, const std::string& shape, const std::string& values, const std::string& fortran = "False") {
  const std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", type, fortran, shape);
  std::string bytes = "\x93NUMPY";
  bytes += {'\x01', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  return bytes + header + values;
}

std::vector<double> values_of(const io::NpyArray& array) {
  std::vector<double> values;
  for (std::size_t i = 0; i < array.count(); ++i) values.push_back(array.value(i));
  return values;
}

std::string message_of(const std::string& bytes) {
  const auto array = io::parse_npy(bytes, "f.npy");
  REQUIRE_FALSE(array);
  CHECK(array.error().code == Code::npy_invalid);
  return array.error().message;
}

}  // namespace

TEST_CASE("arrays of every kind are read as the numbers that were written", "[io][npy]") {
  // Written by an independent program: struct.pack of Python, headers as numpy.save writes them.
  const auto bytes = io::parse_npy(corpus("u1.npy"), "f");
  REQUIRE(bytes);
  CHECK(bytes->shape == std::vector<std::uint64_t>{2, 3});
  CHECK(values_of(*bytes) == std::vector<double>{0, 1, 2, 253, 254, 255});
  CHECK(values_of(io::parse_npy(corpus("i2_swapped.npy"), "f").value()) == std::vector<double>{-2, 300, -32768});
  CHECK(values_of(io::parse_npy(corpus("f4.npy"), "f").value()) == std::vector<double>{0.5, -1.25, static_cast<double>(3e38F), 0});
  CHECK(values_of(io::parse_npy(corpus("f8_v2.npy"), "f").value()) == std::vector<double>{1e-3, -7});
  const auto scalar = io::parse_npy(corpus("bool_scalar.npy"), "f");
  REQUIRE(scalar);
  CHECK(scalar->shape.empty());
  CHECK(values_of(*scalar) == std::vector<double>{1});
}

TEST_CASE("integers of every width and order come back", "[io][npy][property]") {
  test::property([](std::int64_t number) {
    for (const std::size_t width : {1U, 2U, 4U, 8U}) {
      const std::int64_t value = width == 8 ? number >> 11 : number >> (64 - 8 * width);  // exact as a double
      std::string little;
      for (std::size_t i = 0; i < width; ++i) little += static_cast<char>(value >> (8 * i) & 0xff);
      const std::string big(little.rbegin(), little.rend());
      const auto text = fmt::format("i{}", width);
      const bool is_same = values_of(io::parse_npy(npy_of("<" + text, "(1,)", little), "f").value()) == std::vector{static_cast<double>(value)} &&
                           values_of(io::parse_npy(npy_of(">" + text, "(1,)", big), "f").value()) == std::vector{static_cast<double>(value)};
      if (!is_same) return false;
    }
    return true;
  });
}

TEST_CASE("an array that is written is read back, and laid out as numpy.save does", "[io][npy]") {
  io::NpyArray array;
  array.shape = {2, 3};
  array.type = io::NpyType::signed_integer;
  array.width = 2;
  array.bytes = std::string("\1\0\2\0\3\0\4\0\5\0\xFF\xFF", 12);
  const std::string text = io::npy_text(array);
  CHECK(text.find("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }") == 10);
  CHECK((text.size() - 12) % 64 == 0);
  const auto back = io::parse_npy(text, "f");
  REQUIRE(back);
  CHECK(back->shape == array.shape);
  CHECK(values_of(*back) == std::vector<double>{1, 2, 3, 4, 5, -1});
  array.shape = {12};
  array.type = io::NpyType::unsigned_integer;
  array.width = 1;
  CHECK(io::npy_text(array).find("'|u1', 'fortran_order': False, 'shape': (12,), }") != std::string::npos);
  CHECK(io::parse_npy(io::npy_text(array), "f")->shape == array.shape);
  array.shape = {0};
  array.bytes.clear();
  CHECK(io::parse_npy(io::npy_text(array), "f")->count() == 0);
}

TEST_CASE("what is no array of plain numbers is refused, with what was found", "[io][npy]") {
  CHECK_THAT(message_of("PK"), Catch::Matchers::Contains("expected an NPY array"));
  CHECK_THAT(message_of(npy_of("<c8", "(1,)", "12345678")), Catch::Matchers::Contains("found elements \"<c8\""));
  CHECK_THAT(message_of(npy_of("|O", "(1,)", "12345678")), Catch::Matchers::Contains("\"|O\""));
  CHECK_THAT(message_of(npy_of("|u1", "(2, 2)", "12345")), Catch::Matchers::Contains("expected 4 bytes of values for the shape [2, 2], found 5"));
  CHECK_THAT(message_of(npy_of("|u1", "(4294967296, 4294967296)", "")), Catch::Matchers::Contains("countless"));
  CHECK_THAT(message_of(npy_of("|u1", "(2, 1)", "12", "True")), Catch::Matchers::Contains("ascontiguousarray"));
  CHECK_THAT(message_of(npy_of("|u1", "(2", "12")), Catch::Matchers::Contains("expected a header"));
  const std::string whole = corpus("u1.npy");
  for (std::size_t length = 0; length < whole.size(); ++length) message_of(whole.substr(0, length));
}

TEST_CASE("archives give their arrays, stored or deflated", "[io][npy]") {
  const auto stored = io::parse_npz(corpus("stored.npz"), "f");
  REQUIRE(stored);
  CHECK(stored->size() == 4);
  CHECK(values_of(stored->at("y_train")) == std::vector<double>{1, 1, 0, 0});
  const auto deflated = io::parse_npz(corpus("deflated.npz"), "f");
  REQUIRE(deflated);
  CHECK(values_of(deflated->at("x")) == values_of(stored->at("x_train")));
}

TEST_CASE("archives that are damaged, or unpack to more than is accepted, are refused", "[io][npy]") {
  const auto large = io::parse_npz(corpus("zeros.npz"), "f", 80000);
  REQUIRE_FALSE(large);
  CHECK(large.error().code == Code::npz_invalid);
  CHECK(io::parse_npz(corpus("zeros.npz"), "f", 100000));
  std::string damaged = corpus("zeros.npz");
  damaged[60] = static_cast<char>(damaged[60] ^ 0x55);  // inside the deflated bytes
  const auto broken = io::parse_npz(damaged, "f");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == Code::npz_invalid);
  CHECK_FALSE(io::parse_npz("PK and no more", "f"));
  CHECK_FALSE(io::parse_npz("", "f"));
}
