// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/names.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/property.hpp"

using namespace lutgen::csource;

TEST_CASE("a model's name becomes what C names start with", "[csource][names]") {
  CHECK(legalize_prefix("mnist-lut6-1000") == "mnist_lut6_1000");
  CHECK(legalize_prefix("8-bit net") == "network_8_bit_net");
  CHECK(legalize_prefix("a.+ b.") == "a_b");
  CHECK(legalize_prefix("__a__b__") == "a_b");
  CHECK(legalize_prefix("int") == "int");
  CHECK(legalize_prefix("") == "network");
  CHECK(legalize_prefix("-+-") == "network");
  CHECK(legalize_prefix(std::string(200, 'x')).size() == kMaxPrefix);
  CHECK(macro_prefix("mnist_Lut6") == "MNIST_LUT6");
}

TEST_CASE("a legal prefix stays as it is, and what was made legal is", "[csource][names]") {
  CHECK(is_legal_prefix("net_2"));
  CHECK_FALSE(is_legal_prefix("2net"));
  CHECK_FALSE(is_legal_prefix("net__2"));
  CHECK_FALSE(is_legal_prefix("net_"));
  CHECK_FALSE(is_legal_prefix(""));
  lutgen::test::property([](std::uint64_t seed) {
    lutgen::base::Rng rng(seed);
    std::string name;
    for (std::uint64_t length = rng.below(150); length > 0; --length) name += static_cast<char>(32 + rng.below(95));
    RC_ASSERT(is_legal_prefix(legalize_prefix(name)));
  });
}
