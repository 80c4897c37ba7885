// SPDX-License-Identifier: Apache-2.0
// Writes a LUTNet-like layer as a model file: what the area of counters is measured on.
// usage: make_lutnet FILE [NEURONS [LANES [BITS [SEED]]]]
#include <cstdio>
#include <cstdlib>

#include "tests/support/lutnet_model.hpp"

int main(int count, char** arguments) {
  const auto number = [&](int index, std::uint32_t otherwise) {
    return count > index ? static_cast<std::uint32_t>(std::strtoul(arguments[index], nullptr, 10)) : otherwise;
  };
  if (count < 2 || count > 6) {
    std::fprintf(stderr, "usage: make_lutnet FILE [NEURONS [LANES [BITS [SEED]]]]\n");
    return 2;
  }
  auto model = lutgen::test::lutnet_model({number(2, 64), number(3, 576), number(4, 1)}, number(5, 1));
  if (const auto valid = lutgen::model::validate_model(model, "lutnet-like"); !valid) {
    std::fprintf(stderr, "%s", to_text(valid.error()).c_str());
    return 1;
  }
  if (const auto written = lutgen::model::write_model(model, arguments[1]); !written) {
    std::fprintf(stderr, "%s", to_text(written.error()).c_str());
    return 1;
  }
  return 0;
}
