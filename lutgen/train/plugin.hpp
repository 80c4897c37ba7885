// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "lutgen/train/train.hpp"

namespace lutgen::train {

/// What the program hands to the training component, which is a library of its own that is opened only when it is asked for:
/// libtorch takes a quarter of a second to load.
struct TrainJob {
  const data::Dataset* training = nullptr;
  const data::Dataset* validation = nullptr;
  const TrainOptions* options = nullptr;
};

/// Name of the entry point, and its type: it learns by the options' recipe and fills in the result.
inline constexpr const char* kTrainEntry = "lutgen_train_run";
using TrainEntry = void (*)(const TrainJob*, std::optional<Result<Trained>>*);

}  // namespace lutgen::train
