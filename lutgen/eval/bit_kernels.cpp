// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/bit_kernels.hpp"

#include <bit>
#include <cstring>

#ifdef __x86_64__
#include "lutgen/eval/bit_kernels_x86-inl.hpp"
#endif

namespace lutgen::eval {
namespace {

constexpr std::uint64_t kHigh = 0x8080808080808080;

/// Eight bytes, the first the least significant.
std::uint64_t load8(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, 8);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

/// Bit i: byte i of x > byte i of y.
std::uint64_t exceeds8(std::uint64_t x, std::uint64_t y) {
  // x > y is not (y >= x); y - x without borrows between bytes decides where their highest bits are equal.
  const std::uint64_t difference = (y | kHigh) - (x & ~kHigh);
  const std::uint64_t not_less = (y & ~x) | (~(x ^ y) & difference);
  const std::uint64_t ones = (~not_less & kHigh) >> 7;
  return (ones * 0x0102040810204080) >> 56;  // byte i's 1 goes to bit 56 + i
}

void compare_bytes(const std::uint8_t* rows, std::size_t stride, std::size_t samples, std::size_t width,
                   const std::uint8_t* thresholds, std::uint64_t* words) {
  for (std::size_t s = 0; s < kTile; ++s) {
    words[s] = 0;
    if (s >= samples) continue;
    std::array<std::uint8_t, kTile> padded{};
    const std::uint8_t* row = rows + s * stride;
    if (width < kTile) {
      std::memcpy(padded.data(), row, width);
      row = padded.data();
    }
    for (std::size_t f = 0; f < kTile; f += 8) words[s] |= exceeds8(load8(row + f), load8(thresholds + f)) << f;
  }
  transpose_bits(words);
}

void compare_floats(const float* rows, std::size_t stride, std::size_t samples, std::size_t width,
                    const float* thresholds, std::uint64_t* words) {
  for (std::size_t s = 0; s < kTile; ++s) {
    words[s] = 0;
    if (s >= samples) continue;
    const float* row = rows + s * stride;
    for (std::size_t f = 0; f < width; ++f) words[s] |= std::uint64_t{row[f] > thresholds[f]} << f;
  }
  transpose_bits(words);
}

void spread(const std::uint64_t* planes, std::size_t stride, std::size_t count, std::uint8_t* values) {
  for (std::size_t s = 0; s < kTile; s += 8) {
    std::uint64_t square = 0;  // byte p: plane p of eight samples
    for (std::size_t p = 0; p < count; ++p) square |= ((planes[p * stride] >> s) & 0xFF) << (8 * p);
    // Transposes 8 by 8 bits: exchanges blocks of 1, 2 and 4 bits across the diagonal.
    std::uint64_t change = (square ^ (square >> 7)) & 0x00AA00AA00AA00AA;
    square ^= change ^ (change << 7);
    change = (square ^ (square >> 14)) & 0x0000CCCC0000CCCC;
    square ^= change ^ (change << 14);
    change = (square ^ (square >> 28)) & 0x00000000F0F0F0F0;
    square ^= change ^ (change << 28);
    for (std::size_t i = 0; i < 8; ++i) values[s + i] = static_cast<std::uint8_t>(square >> (8 * i));
  }
}

constexpr std::array<std::uint8_t, kTile> in_order() {
  std::array<std::uint8_t, kTile> position{};
  for (std::size_t f = 0; f < kTile; ++f) position[f] = static_cast<std::uint8_t>(f);
  return position;
}

constexpr BitKernels kPortable{compare_bytes, compare_floats, spread, in_order(), in_order()};
#ifdef __x86_64__
constexpr BitKernels kSse2{sse2::compare_bytes, compare_floats, spread, x86::position(1), in_order()};
constexpr BitKernels kAvx2{avx2::compare_bytes, avx2::compare_floats, spread, x86::position(2), in_order()};
constexpr BitKernels kAvx512{avx512::compare_bytes, avx2::compare_floats, avx512::spread, x86::position(4), in_order()};
#endif

}  // namespace

void transpose_bits(std::uint64_t* words) {
  std::uint64_t mask = 0x00000000FFFFFFFF;
  for (std::size_t step = 32; step != 0; step >>= 1, mask ^= mask << step) {
    for (std::size_t i = 0; i < kTile; i = (i + step + 1) & ~step) {
      const std::uint64_t change = ((words[i] >> step) ^ words[i + step]) & mask;
      words[i] ^= change << step;
      words[i + step] ^= change;
    }
  }
}

const BitKernels& bit_kernels(Target target) {
#ifdef __x86_64__
  if (target == Target::avx512 && is_supported(target) && __builtin_cpu_supports("avx512bw") != 0) return kAvx512;
  if (target >= Target::avx2 && is_supported(Target::avx2)) return kAvx2;
  if (target != Target::portable) return kSse2;
#else
  (void)target;
#endif
  return kPortable;
}

}  // namespace lutgen::eval
