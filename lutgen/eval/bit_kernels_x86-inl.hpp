// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

#include "lutgen/eval/bit_kernels.hpp"

// The kernels of bit_kernels.cpp with AVX2, and with AVX-512 (BW, VBMI, GFNI); bit_kernels() chooses at run time.

namespace lutgen::eval::avx2 {

/// As BitKernels::compare_bytes, words in order.
__attribute__((target("avx2"))) inline void compare_bytes(const std::uint8_t* rows, std::size_t stride, std::size_t samples,
                                                          std::size_t width, const std::uint8_t* thresholds,
                                                          std::uint64_t* words) {
  const auto at = [](const std::uint8_t* bytes) { return reinterpret_cast<const __m256i*>(bytes); };
  const __m256i low = _mm256_loadu_si256(at(thresholds));
  const __m256i high = _mm256_loadu_si256(at(thresholds + 32));
  const __m256i zero = _mm256_setzero_si256();
  for (std::size_t s = 0; s < samples; ++s) {
    std::array<std::uint8_t, kTile> padded{};
    const std::uint8_t* row = rows + s * stride;
    if (width < kTile) {
      std::memcpy(padded.data(), row, width);
      row = padded.data();
    }
    // What saturates to 0 when the threshold is subtracted does not exceed it.
    const __m256i below = _mm256_cmpeq_epi8(_mm256_subs_epu8(_mm256_loadu_si256(at(row)), low), zero);
    const __m256i above = _mm256_cmpeq_epi8(_mm256_subs_epu8(_mm256_loadu_si256(at(row + 32)), high), zero);
    const std::uint64_t not_high = static_cast<std::uint32_t>(_mm256_movemask_epi8(above));
    words[s] = ~(not_high << 32 | static_cast<std::uint32_t>(_mm256_movemask_epi8(below)));
  }
  for (std::size_t s = samples; s < kTile; ++s) words[s] = 0;
  transpose_bits(words);
}

/// As BitKernels::compare_floats, words in order.
__attribute__((target("avx2"))) inline void compare_floats(const float* rows, std::size_t stride, std::size_t samples,
                                                           std::size_t width, const float* thresholds, std::uint64_t* words) {
  for (std::size_t s = 0; s < kTile; ++s) {
    words[s] = 0;
    if (s >= samples) continue;
    std::array<float, kTile> padded{};
    const float* row = rows + s * stride;
    if (width < kTile) {
      std::memcpy(padded.data(), row, width * sizeof(float));
      row = padded.data();
    }
    for (std::size_t f = 0; f < kTile; f += 8) {
      const __m256 above = _mm256_cmp_ps(_mm256_loadu_ps(row + f), _mm256_loadu_ps(thresholds + f), _CMP_GT_OQ);
      words[s] |= static_cast<std::uint64_t>(_mm256_movemask_ps(above)) << f;
    }
  }
  transpose_bits(words);
}

}  // namespace lutgen::eval::avx2

// GCC 12 takes the undefined vectors of its own header for uninitialised ones (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"

namespace lutgen::eval::avx512 {

/// Where `transpose` leaves the word of feature f: each 128-bit part holds 16 features, two in each of eight registers.
constexpr std::array<std::uint8_t, kTile> position() {
  std::array<std::uint8_t, kTile> result{};
  for (std::size_t f = 0; f < kTile; ++f) result[f] = static_cast<std::uint8_t>((f % 16 / 2) * 8 + f / 16 * 2 + f % 2);
  return result;
}

/// Transposes 64 by 64 bits; words end at `position`.
__attribute__((target("avx512f,avx512bw,avx512vbmi,gfni"))) inline void transpose(std::uint64_t* words) {
  // Byte 8b + q of a register of eight samples: byte b of sample 7 - q. As rows of an 8 by 8 matrix, multiplied by the
  // eight unit vectors, they give byte 8b + i: the eight samples' bits of feature 8b + i.
  alignas(64) std::array<std::uint8_t, 64> order{};
  for (std::size_t i = 0; i < 64; ++i) order[i] = static_cast<std::uint8_t>(8 * (7 - i % 8) + i / 8);
  const __m512i permute = _mm512_load_si512(order.data());
  const __m512i units = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  __m512i by8[8];
  for (std::size_t k = 0; k < 8; ++k) {
    const __m512i samples = _mm512_permutexvar_epi8(permute, _mm512_loadu_si512(words + 8 * k));
    by8[k] = _mm512_gf2p8affine_epi64_epi8(units, samples, 0);
  }
  // Eight by eight bytes in each 64 bytes of two features' words.
  __m512i pairs[8];
  for (std::size_t k = 0; k < 4; ++k) {
    pairs[k] = _mm512_unpacklo_epi8(by8[2 * k], by8[2 * k + 1]);
    pairs[4 + k] = _mm512_unpackhi_epi8(by8[2 * k], by8[2 * k + 1]);
  }
  for (std::size_t half = 0; half < 2; ++half) {
    const __m512i low01 = _mm512_unpacklo_epi16(pairs[4 * half], pairs[4 * half + 1]);
    const __m512i low23 = _mm512_unpacklo_epi16(pairs[4 * half + 2], pairs[4 * half + 3]);
    const __m512i high01 = _mm512_unpackhi_epi16(pairs[4 * half], pairs[4 * half + 1]);
    const __m512i high23 = _mm512_unpackhi_epi16(pairs[4 * half + 2], pairs[4 * half + 3]);
    std::uint64_t* to = words + 32 * half;
    _mm512_storeu_si512(to, _mm512_unpacklo_epi32(low01, low23));
    _mm512_storeu_si512(to + 8, _mm512_unpackhi_epi32(low01, low23));
    _mm512_storeu_si512(to + 16, _mm512_unpacklo_epi32(high01, high23));
    _mm512_storeu_si512(to + 24, _mm512_unpackhi_epi32(high01, high23));
  }
}

/// As BitKernels::compare_bytes.
__attribute__((target("avx512f,avx512bw,avx512vbmi,gfni"))) inline void compare_bytes(
    const std::uint8_t* rows, std::size_t stride, std::size_t samples, std::size_t width, const std::uint8_t* thresholds,
    std::uint64_t* words) {
  const __mmask64 wanted = ~std::uint64_t{0} >> (kTile - width);
  const __m512i threshold = _mm512_loadu_si512(thresholds);
  for (std::size_t s = 0; s < samples; ++s) {
    const __m512i row = _mm512_maskz_loadu_epi8(wanted, rows + s * stride);
    words[s] = _mm512_cmpgt_epu8_mask(row, threshold);
  }
  for (std::size_t s = samples; s < kTile; ++s) words[s] = 0;
  transpose(words);
}

/// As BitKernels::compare_floats.
__attribute__((target("avx512f,avx512bw,avx512vbmi,gfni"))) inline void compare_floats(
    const float* rows, std::size_t stride, std::size_t samples, std::size_t width, const float* thresholds,
    std::uint64_t* words) {
  const std::uint64_t wanted = ~std::uint64_t{0} >> (kTile - width);
  for (std::size_t s = 0; s < kTile; ++s) {
    words[s] = 0;
    if (s >= samples) continue;
    for (std::size_t f = 0; f < kTile; f += 16) {
      const __m512 row = _mm512_maskz_loadu_ps(static_cast<__mmask16>(wanted >> f), rows + s * stride + f);
      words[s] |= std::uint64_t{_mm512_cmp_ps_mask(row, _mm512_loadu_ps(thresholds + f), _CMP_GT_OQ)} << f;
    }
  }
  transpose(words);
}

/// As BitKernels::spread.
__attribute__((target("avx512f,avx512bw"))) inline void spread(const std::uint64_t* planes, std::size_t stride,
                                                               std::size_t count, std::uint8_t* values) {
  __m512i sum = _mm512_setzero_si512();
  for (std::size_t p = 0; p < count; ++p) {
    sum = _mm512_or_si512(sum, _mm512_maskz_set1_epi8(planes[p * stride], static_cast<char>(1u << p)));
  }
  _mm512_storeu_si512(values, sum);
}

}  // namespace lutgen::eval::avx512

#pragma GCC diagnostic pop
