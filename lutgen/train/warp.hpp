// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "lutgen/base/rng.hpp"

namespace lutgen::train {

/// How images are changed while training sees them, each time in another way.
///
/// share          part of the images that is warped; all others are moved by whole pixels or left alone
/// rotation_deg   largest turn, degrees
/// scale          largest relative change of width and of height
/// shear          largest horizontal shear
/// move           largest shift, pixels
/// elastic        largest shift of each point of a 5 x 5 grid, pixels, bilinear between them (after Simard, Steinkraus,
///                Platt, "Best practices for convolutional neural networks", ICDAR 2003)
/// step           part of the images not warped that is moved by one pixel to a side
struct WarpOptions {
  double share = 0;
  double rotation_deg = 5;
  double scale = 0.05;
  double shear = 0.05;
  double move = 0.8;
  double elastic = 0.3;
  double step = 0;
};

/// Draws a changed image.
///
/// image   [rows][columns]
/// warped  the same shape, written; what comes from outside is 0
/// Cost    O(rows * columns), about 5 us for 28 x 28
void warp_image(std::span<const float> image, std::uint32_t rows, std::uint32_t columns, const WarpOptions& options, base::Rng& rng,
                std::span<float> warped);

}  // namespace lutgen::train
