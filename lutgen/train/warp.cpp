// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/warp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "lutgen/base/result.hpp"

namespace lutgen::train {
namespace {

constexpr int kGrid = 4;  // cells a side

/// Uniform in -limit..limit.
double draw(base::Rng& rng, double limit) { return (2 * rng.unit() - 1) * limit; }

using Grid = std::array<std::array<double, kGrid + 1>, kGrid + 1>;

/// Bilinear within a cell; `row` and `column` in 0..kGrid.
double between(const Grid& grid, double row, double column) {
  const auto r = static_cast<std::size_t>(std::min(kGrid - 1.0, std::floor(row)));
  const auto c = static_cast<std::size_t>(std::min(kGrid - 1.0, std::floor(column)));
  const double y = row - static_cast<double>(r);
  const double x = column - static_cast<double>(c);
  return (grid[r][c] * (1 - x) + grid[r][c + 1] * x) * (1 - y) + (grid[r + 1][c] * (1 - x) + grid[r + 1][c + 1] * x) * y;
}

struct Image {
  std::span<const float> pixels;
  int rows;
  int columns;

  [[nodiscard]] double at(int row, int column) const {
    const bool inside = row >= 0 && column >= 0 && row < rows && column < columns;
    return inside ? static_cast<double>(pixels[static_cast<std::size_t>(row * columns + column)]) : 0.0;
  }
  [[nodiscard]] double between(double row, double column) const {
    const int r = static_cast<int>(std::floor(row));
    const int c = static_cast<int>(std::floor(column));
    const double y = row - r;
    const double x = column - c;
    return (at(r, c) * (1 - x) + at(r, c + 1) * x) * (1 - y) + (at(r + 1, c) * (1 - x) + at(r + 1, c + 1) * x) * y;
  }
};

void shift(const Image& image, int down, int right, std::span<float> moved) {
  for (int row = 0; row < image.rows; ++row) {
    for (int column = 0; column < image.columns; ++column) {
      moved[static_cast<std::size_t>(row * image.columns + column)] = static_cast<float>(image.at(row - down, column - right));
    }
  }
}

}  // namespace

void warp_image(std::span<const float> image, std::uint32_t rows, std::uint32_t columns, const WarpOptions& options, base::Rng& rng,
                std::span<float> warped) {
  LUTGEN_CHECK(image.size() == std::size_t{rows} * columns && warped.size() == image.size());
  const Image from{image, static_cast<int>(rows), static_cast<int>(columns)};
  if (rng.unit() >= options.share) {
    const bool stays = rng.unit() >= options.step;
    const auto side = static_cast<int>(rng.below(4));
    const int by = side % 2 == 0 ? 1 : -1;
    shift(from, stays || side < 2 ? 0 : by, stays || side >= 2 ? 0 : by, warped);
    return;
  }
  const double angle = draw(rng, options.rotation_deg) * std::numbers::pi / 180;
  const double width = 1 + draw(rng, options.scale);
  const double height = 1 + draw(rng, options.scale);
  const double shear = draw(rng, options.shear);
  const double down = draw(rng, options.move);
  const double right = draw(rng, options.move);
  Grid down_by;
  Grid right_by;
  for (auto* grid : {&down_by, &right_by}) {
    for (auto& line : *grid) {
      for (double& value : line) value = draw(rng, options.elastic);
    }
  }
  const double middle_row = (rows - 1) / 2.0;
  const double middle_column = (columns - 1) / 2.0;
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      const double y = r - middle_row;
      const double x = c - middle_column;
      const double grid_row = rows > 1 ? r * kGrid / (rows - 1.0) : 0;
      const double grid_column = columns > 1 ? c * kGrid / (columns - 1.0) : 0;
      const double source_row = std::sin(angle) * width * x + std::cos(angle) * height * y + middle_row + down + between(down_by, grid_row, grid_column);
      const double source_column = std::cos(angle) * width * x + (shear - std::sin(angle) * height) * y + middle_column + right +
                                   between(right_by, grid_row, grid_column);
      warped[std::size_t{r} * columns + c] = static_cast<float>(from.between(source_row, source_column));
    }
  }
}

}  // namespace lutgen::train
