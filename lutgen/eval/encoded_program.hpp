// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/graph_program.hpp"
#include "lutgen/eval/packing.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::eval {

/// A model as a word program whose inputs are comparisons of features.
///
/// graph  its outputs as build_program says
/// bits   [graph.program.input_count]: input i of the program is bits[i]; a feature of bit type is compared with 0.5
struct EncodedProgram {
  GraphProgram graph;
  std::vector<EncodedBit> bits;
};

/// Lowers a validated model and turns everything behind its encoders into a program.
///
/// Errors  lower_several_encoders (f32 features with several thermometer layers)
/// Cost    O(size of the model)
[[nodiscard]] Result<EncodedProgram> build_encoded_program(const model::Model& model, Basis basis);

}  // namespace lutgen::eval
