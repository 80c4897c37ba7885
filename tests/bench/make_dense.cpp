// SPDX-License-Identifier: Apache-2.0
// Writes a layer of dense threshold neurons as a model file: what the sharing of terms between sums is measured on.
// usage: make_dense FILE [NEURONS [INPUTS [MOST_WEIGHT [BASES [OWN [SEED]]]]]]
#include <cstdio>
#include <cstdlib>

#include "tests/support/dense_model.hpp"

int main(int count, char** arguments) {
  const auto number = [&](int index, std::uint32_t otherwise) {
    return count > index ? static_cast<std::uint32_t>(std::strtoul(arguments[index], nullptr, 10)) : otherwise;
  };
  if (count < 2 || count > 8) {
    std::fprintf(stderr, "usage: make_dense FILE [NEURONS [INPUTS [MOST_WEIGHT [BASES [OWN [SEED]]]]]]\n");
    return 2;
  }
  const lutgen::test::DenseShape shape{.neurons = number(2, 32), .inputs = number(3, 200), .most_weight = number(4, 1),
                                       .bases = number(5, 0), .own = number(6, 8)};
  auto model = lutgen::test::dense_model(shape, number(7, 1));
  if (const auto valid = lutgen::model::validate_model(model, "dense"); !valid) {
    std::fprintf(stderr, "%s", to_text(valid.error()).c_str());
    return 1;
  }
  if (const auto written = lutgen::model::write_model(model, arguments[1]); !written) {
    std::fprintf(stderr, "%s", to_text(written.error()).c_str());
    return 1;
  }
  return 0;
}
