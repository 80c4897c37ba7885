// SPDX-License-Identifier: Apache-2.0
// Writes layers of random tables of six inputs as a model file: what the scale of the generator is measured on.
// usage: make_layers FILE TABLES [LAYERS [SEED]]
#include <cstdio>
#include <cstdlib>

#include "lutgen/model/model_file.hpp"
#include "lutgen/model/validate.hpp"
#include "tests/bench/networks.hpp"

int main(int count, char** arguments) {
  const auto number = [&](int index, std::uint32_t otherwise) {
    return count > index ? static_cast<std::uint32_t>(std::strtoul(arguments[index], nullptr, 10)) : otherwise;
  };
  const std::uint32_t tables = number(2, 0);
  const std::uint32_t layers = number(3, 4);
  if (count < 3 || count > 5 || layers == 0 || tables < layers) {
    std::fprintf(stderr, "usage: make_layers FILE TABLES [LAYERS [SEED]]\n");
    return 2;
  }
  auto model = lutgen::bench::layer_network(tables, layers, number(4, 1));
  if (const auto valid = lutgen::model::validate_model(model, "layers"); !valid) {
    std::fprintf(stderr, "%s", to_text(valid.error()).c_str());
    return 1;
  }
  if (const auto written = lutgen::model::write_model(model, arguments[1]); !written) {
    std::fprintf(stderr, "%s", to_text(written.error()).c_str());
    return 1;
  }
  return 0;
}
