// SPDX-License-Identifier: Apache-2.0
// Answers a black and a white image with a network of bytes: predict MODEL.
#include <cstdint>
#include <iostream>
#include <vector>

#include "lutgen/eval/compiled_network.hpp"
#include "lutgen/model/model_file.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto model = lutgen::model::read_model(argv[1]);
  if (!model) {
    std::cerr << lutgen::to_text(model.error());
    return 1;
  }
  const auto network = lutgen::eval::CompiledNetwork::compile(*model, lutgen::eval::best_target());
  if (!network) {
    std::cerr << lutgen::to_text(network.error());
    return 1;
  }
  std::vector<std::uint8_t> samples(2 * network->feature_count(), 0);  // [2][features]
  std::fill(samples.begin() + static_cast<std::ptrdiff_t>(network->feature_count()), samples.end(), std::uint8_t{255});
  std::vector<std::uint32_t> classes(2);
  network->predict(std::span<const std::uint8_t>(samples), 2, {.classes = classes, .scores = {}, .bits = {}}, {.threads = 1});
  std::cout << model->name << ": black is a " << classes[0] << ", white is a " << classes[1] << "\n";
}
