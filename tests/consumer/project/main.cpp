// SPDX-License-Identifier: Apache-2.0
// Reads a model with the installed library and asks it about one sample.
#include <iostream>
#include <vector>

#include <lutgen_sim/bench.hpp>

#include "lutgen/eval/reference.hpp"
#include "lutgen/model/model_file.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto model = lutgen::model::read_model(argv[1]);
  if (!model) {
    std::cerr << lutgen::to_text(model.error());
    return 1;
  }
  const std::vector<double> black(model->input.feature_count(), 0.0);
  const auto trace = lutgen::eval::evaluate_reference(*model, black);
  std::cout << model->name << ": " << black.size() << " features, " << model->class_count()
            << " classes, a black image is a " << trace.values.back().at(0) << "\n";
  return lutgen::sim::words_for(33) == 2 ? 0 : 1;
}
