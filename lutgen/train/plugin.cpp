// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/plugin.hpp"

extern "C" void lutgen_train_run(const lutgen::train::TrainJob* job, std::optional<lutgen::Result<lutgen::train::Trained>>* result) {
  const bool is_native = job->options->recipe == lutgen::train::Recipe::native;
  *result = (is_native ? lutgen::train::train_native : lutgen::train::train_lutnet)(*job->training, *job->validation, *job->options);
}
