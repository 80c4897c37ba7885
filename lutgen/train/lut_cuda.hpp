// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lutgen/train/lut_device.hpp"

namespace lutgen::train {

/// The present GPU, on CUDA's default stream: the one that libtorch uses, too, unless it is told otherwise, so that steps and tensor
/// operations run in the order in which they are called. What a step returns, if not 0, is a cudaError_t.
///
/// Only where the component was built with LUTGEN_CUDA
[[nodiscard]] std::unique_ptr<LutDevice> make_cuda_device();

}  // namespace lutgen::train
