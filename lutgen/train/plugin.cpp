// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/plugin.hpp"

extern "C" void lutgen_train_native(const lutgen::train::TrainJob* job, std::optional<lutgen::Result<lutgen::train::Trained>>* result) {
  *result = lutgen::train::train_native(*job->training, *job->validation, *job->options);
}
