// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/synthetic_digits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "lutgen/base/rng.hpp"

namespace lutgen::data {
namespace {

/// Ends a stroke of a glyph: the pen is lifted.
constexpr std::int8_t kLift = -1;

// Pen paths: x and y in percent of the glyph's box, y downwards.
constexpr std::int8_t kZero[] = {50, 0, 72, 6, 90, 28, 94, 52, 88, 76, 72, 94, 48, 100, 26, 94, 10, 74, 6, 50, 11, 26, 27, 7, 50, 0};
constexpr std::int8_t kOne[] = {56, 0, 53, 34, 49, 68, 46, 100};
constexpr std::int8_t kOneHook[] = {34, 22, 58, 0, 54, 50, 50, 100};
constexpr std::int8_t kTwo[] = {12, 24, 24, 7, 48, 0, 74, 8, 84, 26, 76, 46, 54, 66, 28, 84, 8, 98, 40, 95, 94, 96};
constexpr std::int8_t kThree[] = {12, 12, 34, 1, 64, 2, 80, 16, 74, 36, 52, 46, 36, 48, 58, 50, 80, 60, 88, 78, 72, 95, 44, 100, 20, 95, 8, 84};
constexpr std::int8_t kFourOpen[] = {22, 2, 15, 28, 14, 50, 34, 56, 62, 53, 84, 46, kLift, 80, 0, 76, 34, 72, 68, 70, 100};
constexpr std::int8_t kFourClosed[] = {70, 0, 40, 32, 8, 64, 50, 64, 96, 62, kLift, 70, 0, 68, 50, 66, 100};
constexpr std::int8_t kFive[] = {86, 2, 56, 3, 28, 5, 24, 24, 20, 44, 48, 38, 74, 45, 86, 64, 76, 86, 48, 100, 22, 95, 8, 84};
constexpr std::int8_t kSix[] = {70, 2, 46, 16, 26, 40, 14, 68, 22, 92, 48, 100, 74, 92, 84, 74, 72, 56, 46, 54, 26, 66, 17, 78};
constexpr std::int8_t kSeven[] = {6, 16, 48, 12, 92, 12, 76, 36, 56, 66, 40, 100};
constexpr std::int8_t kSevenBar[] = {6, 10, 48, 8, 92, 8, 74, 38, 54, 68, 40, 100, kLift, 42, 56, 82, 50};
constexpr std::int8_t kEight[] = {50, 46, 28, 36, 18, 20, 30, 5, 54, 0, 76, 7, 80, 22, 70, 36, 50, 46, 26, 60, 14, 80, 28, 96, 52, 100, 76, 94, 84, 78, 72, 60, 50, 46};
constexpr std::int8_t kNine[] = {82, 18, 60, 10, 34, 14, 14, 34, 24, 50, 52, 48, 76, 30, 82, 18, 72, 56, 56, 100};
constexpr std::int8_t kNineRound[] = {80, 22, 64, 5, 42, 4, 18, 22, 20, 42, 40, 50, 64, 44, 80, 22, 76, 52, 66, 76, 52, 100};

struct Glyph {
  std::uint32_t digit;
  std::span<const std::int8_t> path;
};

constexpr Glyph kGlyphs[] = {{0, kZero}, {1, kOne}, {1, kOneHook}, {2, kTwo}, {3, kThree}, {4, kFourOpen}, {4, kFourClosed},
                             {5, kFive}, {6, kSix}, {7, kSeven}, {7, kSevenBar}, {8, kEight}, {9, kNine}, {9, kNineRound}};

constexpr std::uint32_t kDigits = 10;

/// Lengths are in 1/256 of a pixel.
constexpr std::int64_t kPixel = 256;
constexpr std::int64_t kSide = kDigitSide;

struct Point {
  std::int64_t x;
  std::int64_t y;
};

/// Uniform in [low, high].
std::int64_t between(base::Rng& rng, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// What one writer does to a glyph: all that differs between two drawings of a digit.
struct Hand {
  std::int64_t width;      // of the glyph's box
  std::int64_t height;
  std::int64_t slant;      // x moves by slant/256 of y
  std::int64_t turn;       // y moves by turn/256 of x
  Point centre;
  std::int64_t tremble;    // most that a point of the path is off
  std::int64_t pen;        // half the stroke's width
  std::int64_t ink;        // 255 is black

  explicit Hand(base::Rng& rng)
      : width(between(rng, 10 * kPixel, 15 * kPixel)), height(between(rng, 17 * kPixel, 20 * kPixel)),
        slant(between(rng, -80, 30)), turn(between(rng, -25, 25)),
        centre{kSide * kPixel / 2 + between(rng, -300, 300), kSide * kPixel / 2 + between(rng, -300, 300)},
        tremble(between(rng, 20, 140)), pen(between(rng, 210, 380)), ink(between(rng, 215, 255)) {}

  [[nodiscard]] Point place(std::int64_t x_percent, std::int64_t y_percent, base::Rng& rng) const {
    const std::int64_t x = (x_percent - 50) * width / 100 + between(rng, -tremble, tremble);
    const std::int64_t y = (y_percent - 50) * height / 100 + between(rng, -tremble, tremble);
    return {centre.x + x - slant * y / 256, centre.y + y + turn * x / 256};
  }
};

/// Squared distance of each pixel's centre to the nearest stroke.
class Canvas {
 public:
  Canvas() { distance_.fill(std::numeric_limits<std::int64_t>::max()); }

  /// Looks only at pixels within `reach` of the line's box.
  void line(Point a, Point b, std::int64_t reach) {
    const Point along{b.x - a.x, b.y - a.y};
    const std::int64_t length = std::max<std::int64_t>(along.x * along.x + along.y * along.y, 1);
    for (std::int64_t row = pixel(std::min(a.y, b.y) - reach); row <= pixel(std::max(a.y, b.y) + reach); ++row) {
      for (std::int64_t column = pixel(std::min(a.x, b.x) - reach); column <= pixel(std::max(a.x, b.x) + reach); ++column) {
        const Point from{column * kPixel + kPixel / 2 - a.x, row * kPixel + kPixel / 2 - a.y};
        const std::int64_t part = std::clamp<std::int64_t>(from.x * along.x + from.y * along.y, 0, length);
        const std::int64_t dx = from.x - along.x * part / length;
        const std::int64_t dy = from.y - along.y * part / length;
        std::int64_t& nearest = distance_[static_cast<std::size_t>(row * kSide + column)];
        nearest = std::min(nearest, dx * dx + dy * dy);
      }
    }
  }

  /// Ink of a pixel, 0..ink: full inside the pen's width, fading out over one pixel.
  [[nodiscard]] std::int64_t ink(std::size_t index, const Hand& hand) const {
    const std::int64_t squared = distance_[index];
    if (squared > 100 * kPixel * kPixel) return 0;
    const auto distance = static_cast<std::int64_t>(std::sqrt(static_cast<double>(squared)));  // exactly rounded
    return std::clamp<std::int64_t>(hand.pen + kPixel / 2 - distance, 0, kPixel) * hand.ink / kPixel;
  }

 private:
  static std::int64_t pixel(std::int64_t at) { return std::clamp<std::int64_t>(at / kPixel, 0, kSide - 1); }

  std::array<std::int64_t, kDigitSide * kDigitSide> distance_;
};

void draw_path(std::span<const std::int8_t> path, const Hand& hand, base::Rng& rng, Canvas& canvas) {
  bool pen_down = false;
  Point last{};
  for (std::size_t i = 0; i < path.size();) {
    if (path[i] == kLift) {
      pen_down = false;
      ++i;
      continue;
    }
    const Point next = hand.place(path[i], path[i + 1], rng);
    if (pen_down) canvas.line(last, next, hand.pen + kPixel);
    last = next;
    pen_down = true;
    i += 2;
  }
}

const Glyph& choose_glyph(std::uint32_t digit, base::Rng& rng) {
  const auto is_digit = [digit](const Glyph& glyph) { return glyph.digit == digit; };
  const auto first = std::find_if(std::begin(kGlyphs), std::end(kGlyphs), is_digit);
  const auto variants = static_cast<std::uint64_t>(std::count_if(first, std::end(kGlyphs), is_digit));
  return first[rng.below(variants)];
}

}  // namespace

DrawnDigit draw_digit(std::uint64_t seed, Split split, std::uint64_t index) {
  // Three draws mix the arguments, so that neighbouring samples have nothing in common.
  base::Rng rng(base::Rng(base::Rng(seed).next() + static_cast<std::uint64_t>(split)).next() + index);
  rng = base::Rng(rng.next());
  DrawnDigit digit;
  digit.label = static_cast<std::uint32_t>(rng.below(kDigits));
  const Hand hand(rng);
  Canvas canvas;
  draw_path(choose_glyph(digit.label, rng).path, hand, rng, canvas);
  for (std::size_t i = 0; i < digit.pixels.size(); ++i) {
    const std::int64_t ink = canvas.ink(i, hand);
    digit.pixels[i] = static_cast<std::uint8_t>(ink == 0 ? 0 : std::clamp<std::int64_t>(ink - between(rng, 0, 24), 1, 255));
  }
  for (std::uint64_t specks = rng.below(3); specks > 0; --specks) {
    std::uint8_t& pixel = digit.pixels[rng.below(digit.pixels.size())];
    pixel = std::max(pixel, static_cast<std::uint8_t>(between(rng, 20, 90)));
  }
  return digit;
}

Dataset make_synthetic_digits(std::uint64_t seed, Split split, std::size_t samples) {
  Dataset dataset;
  dataset.name = "synthetic-digits";
  dataset.split = split;
  dataset.shape = {kDigitSide, kDigitSide};
  dataset.class_count = kDigits;
  ByteFeatures pixels;
  pixels.reserve(samples * kDigitSide * kDigitSide);
  for (std::size_t i = 0; i < samples; ++i) {
    const DrawnDigit digit = draw_digit(seed, split, i);
    dataset.labels.push_back(digit.label);
    pixels.insert(pixels.end(), digit.pixels.begin(), digit.pixels.end());
  }
  dataset.features = std::move(pixels);
  return dataset;
}

}  // namespace lutgen::data
