// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

#include "lutgen/eval/bit_kernels.hpp"

// The kernels of bit_kernels.cpp with SSE2, AVX2 and AVX-512 (BW); bit_kernels() chooses at run time. All compare alike: eight
// rows of bytes become one vector whose byte f holds the eight samples' bits of feature f; eight such vectors are transposed,
// eight bytes by eight bytes, so that the 64 bits of a feature stand together.

namespace lutgen::eval::x86 {

/// Where a feature's word ends up: transposing works within 128 bits, `parts` of which make a vector.
constexpr std::array<std::uint8_t, kTile> position(std::size_t parts) {
  std::array<std::uint8_t, kTile> result{};
  for (std::size_t f = 0; f < kTile; ++f) {
    const std::size_t vector = f / (16 * parts);
    result[f] = static_cast<std::uint8_t>(vector * 16 * parts + f % 16 / 2 * 2 * parts + f / 16 % parts * 2 + f % 2);
  }
  return result;
}

/// Rows of a tile that all have 64 values: those of the samples, or copies of them, padded with zeroes.
template <class Value>
struct PaddedRows {
  /// At most eight rows from row `first` on; rows beyond `samples` are zeroes.
  PaddedRows(const Value* rows, std::size_t stride, std::size_t samples, std::size_t width, std::size_t first) {
    for (std::size_t r = 0; r < 8; ++r) {
      start[r] = rows + (first + r) * stride;
      if (first + r < samples && width == kTile) continue;
      copies[r].fill(0);
      if (first + r < samples) std::memcpy(copies[r].data(), start[r], width * sizeof(Value));
      start[r] = copies[r].data();
    }
  }

  std::array<const Value*, 8> start;
  alignas(64) std::array<std::array<Value, kTile>, 8> copies;  // written where they are needed
};

/// Fetches what lies `bytes` further into the second-level cache: the next tile's row. There need not be anything there.
inline void fetch_ahead(const std::uint8_t* row, std::size_t bytes) {
  __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(row) + bytes), 0, 2);
}

/// Bits of samples that are there.
constexpr std::uint64_t valid_bits(std::size_t samples) { return ~std::uint64_t{0} >> (kTile - samples); }

/// Clears the bits of samples that are not there.
inline void clear_beyond(std::size_t samples, std::uint64_t* words) {
  if (samples == kTile) return;
  for (std::size_t f = 0; f < kTile; ++f) words[f] &= valid_bits(samples);
}

}  // namespace lutgen::eval::x86

namespace lutgen::eval::sse2 {

/// As BitKernels::compare_bytes.
inline void compare_bytes(const std::uint8_t* rows, std::size_t stride, std::size_t samples, std::size_t width,
                          const std::uint8_t* thresholds, std::uint64_t* words) {
  __m128i by8[4][8];
  const __m128i zero = _mm_setzero_si128();
  for (std::size_t k = 0; k < 8; ++k) {
    const x86::PaddedRows<std::uint8_t> padded(rows, stride, samples, width, 8 * k);
    for (std::size_t part = 0; part < 4; ++part) {
      const __m128i threshold = _mm_loadu_si128(reinterpret_cast<const __m128i*>(thresholds + 16 * part));
      __m128i not_above = zero;
      for (std::size_t r = 0; r < 8; ++r) {
        if (part == 0) x86::fetch_ahead(padded.start[r], kTile * stride);
        const __m128i row = _mm_loadu_si128(reinterpret_cast<const __m128i*>(padded.start[r] + 16 * part));
        // What saturates to 0 when the threshold is subtracted is not above it.
        const __m128i is_zero = _mm_cmpeq_epi8(_mm_subs_epu8(row, threshold), zero);
        not_above = _mm_or_si128(not_above, _mm_and_si128(is_zero, _mm_set1_epi8(static_cast<char>(1u << r))));
      }
      by8[part][k] = _mm_xor_si128(not_above, _mm_set1_epi8(-1));
    }
  }
  for (std::size_t part = 0; part < 4; ++part) {
    for (std::size_t half = 0; half < 2; ++half) {
      __m128i pairs[4];
      for (std::size_t k = 0; k < 4; ++k) {
        pairs[k] = half == 0 ? _mm_unpacklo_epi8(by8[part][2 * k], by8[part][2 * k + 1])
                             : _mm_unpackhi_epi8(by8[part][2 * k], by8[part][2 * k + 1]);
      }
      const __m128i low01 = _mm_unpacklo_epi16(pairs[0], pairs[1]);
      const __m128i low23 = _mm_unpacklo_epi16(pairs[2], pairs[3]);
      const __m128i high01 = _mm_unpackhi_epi16(pairs[0], pairs[1]);
      const __m128i high23 = _mm_unpackhi_epi16(pairs[2], pairs[3]);
      auto* to = reinterpret_cast<__m128i*>(words + 16 * part + 8 * half);
      _mm_storeu_si128(to, _mm_unpacklo_epi32(low01, low23));
      _mm_storeu_si128(to + 1, _mm_unpackhi_epi32(low01, low23));
      _mm_storeu_si128(to + 2, _mm_unpacklo_epi32(high01, high23));
      _mm_storeu_si128(to + 3, _mm_unpackhi_epi32(high01, high23));
    }
  }
  x86::clear_beyond(samples, words);
}

}  // namespace lutgen::eval::sse2

namespace lutgen::eval::avx2 {

/// As BitKernels::compare_bytes.
__attribute__((target("avx2"))) inline void compare_bytes(const std::uint8_t* rows, std::size_t stride, std::size_t samples,
                                                          std::size_t width, const std::uint8_t* thresholds,
                                                          std::uint64_t* words) {
  __m256i by8[2][8];
  const __m256i zero = _mm256_setzero_si256();
  for (std::size_t k = 0; k < 8; ++k) {
    const x86::PaddedRows<std::uint8_t> padded(rows, stride, samples, width, 8 * k);
    for (std::size_t part = 0; part < 2; ++part) {
      const __m256i threshold = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(thresholds + 32 * part));
      __m256i not_above = zero;
      for (std::size_t r = 0; r < 8; ++r) {
        if (part == 0) x86::fetch_ahead(padded.start[r], kTile * stride);
        const __m256i row = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(padded.start[r] + 32 * part));
        const __m256i is_zero = _mm256_cmpeq_epi8(_mm256_subs_epu8(row, threshold), zero);
        not_above = _mm256_or_si256(not_above, _mm256_and_si256(is_zero, _mm256_set1_epi8(static_cast<char>(1u << r))));
      }
      by8[part][k] = _mm256_xor_si256(not_above, _mm256_set1_epi8(-1));
    }
  }
  for (std::size_t part = 0; part < 2; ++part) {
    for (std::size_t half = 0; half < 2; ++half) {
      __m256i pairs[4];
      for (std::size_t k = 0; k < 4; ++k) {
        pairs[k] = half == 0 ? _mm256_unpacklo_epi8(by8[part][2 * k], by8[part][2 * k + 1])
                             : _mm256_unpackhi_epi8(by8[part][2 * k], by8[part][2 * k + 1]);
      }
      const __m256i low01 = _mm256_unpacklo_epi16(pairs[0], pairs[1]);
      const __m256i low23 = _mm256_unpacklo_epi16(pairs[2], pairs[3]);
      const __m256i high01 = _mm256_unpackhi_epi16(pairs[0], pairs[1]);
      const __m256i high23 = _mm256_unpackhi_epi16(pairs[2], pairs[3]);
      auto* to = reinterpret_cast<__m256i*>(words + 32 * part + 16 * half);
      _mm256_storeu_si256(to, _mm256_unpacklo_epi32(low01, low23));
      _mm256_storeu_si256(to + 1, _mm256_unpackhi_epi32(low01, low23));
      _mm256_storeu_si256(to + 2, _mm256_unpacklo_epi32(high01, high23));
      _mm256_storeu_si256(to + 3, _mm256_unpackhi_epi32(high01, high23));
    }
  }
  x86::clear_beyond(samples, words);
}

/// As BitKernels::compare_floats; words in order.
__attribute__((target("avx2"))) inline void compare_floats(const float* rows, std::size_t stride, std::size_t samples,
                                                           std::size_t width, const float* thresholds, std::uint64_t* words) {
  for (std::size_t k = 0; k < 8; ++k) {
    const x86::PaddedRows<float> padded(rows, stride, samples, width, 8 * k);
    for (std::size_t r = 0; r < 8; ++r) {
      std::uint64_t bits = 0;
      for (std::size_t f = 0; f < kTile; f += 8) {
        const __m256 above = _mm256_cmp_ps(_mm256_loadu_ps(padded.start[r] + f), _mm256_loadu_ps(thresholds + f), _CMP_GT_OQ);
        bits |= static_cast<std::uint64_t>(_mm256_movemask_ps(above)) << f;
      }
      words[8 * k + r] = bits;
    }
  }
  transpose_bits(words);
  x86::clear_beyond(samples, words);
}

}  // namespace lutgen::eval::avx2

// GCC 12 takes the undefined vectors of its own header for uninitialised ones (GCC bug 105593).
#ifndef __clang__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

namespace lutgen::eval::avx512 {

/// As BitKernels::compare_bytes.
__attribute__((target("avx512f,avx512bw"))) inline void compare_bytes(const std::uint8_t* rows, std::size_t stride,
                                                                      std::size_t samples, std::size_t width,
                                                                      const std::uint8_t* thresholds, std::uint64_t* words) {
  const __mmask64 wanted = ~std::uint64_t{0} >> (kTile - width);
  const __m512i threshold = _mm512_loadu_si512(thresholds);
  __m512i bits[8];
  for (std::size_t r = 0; r < 8; ++r) bits[r] = _mm512_set1_epi8(static_cast<char>(1u << r));
  __m512i by8[8];
  const std::uint8_t* row = rows;
  if (samples == kTile && width == kTile) {
#pragma GCC unroll 8
    for (std::size_t k = 0; k < 8; ++k) {
      __m512i sum = _mm512_setzero_si512();
#pragma GCC unroll 8
      for (std::size_t r = 0; r < 8; ++r, row += stride) {
        x86::fetch_ahead(row, kTile * stride);
        sum = _mm512_mask_add_epi8(sum, _mm512_cmpgt_epu8_mask(_mm512_loadu_si512(row), threshold), sum, bits[r]);
      }
      by8[k] = sum;
    }
  } else {
    for (std::size_t k = 0; k < 8; ++k) {
      by8[k] = _mm512_setzero_si512();
      for (std::size_t r = 0; r < 8 && 8 * k + r < samples; ++r, row += stride) {
        const __mmask64 above = _mm512_cmpgt_epu8_mask(_mm512_maskz_loadu_epi8(wanted, row), threshold);
        by8[k] = _mm512_mask_add_epi8(by8[k], above, by8[k], bits[r]);
      }
    }
  }
  for (std::size_t half = 0; half < 2; ++half) {
    __m512i pairs[4];
    for (std::size_t k = 0; k < 4; ++k) {
      pairs[k] = half == 0 ? _mm512_unpacklo_epi8(by8[2 * k], by8[2 * k + 1]) : _mm512_unpackhi_epi8(by8[2 * k], by8[2 * k + 1]);
    }
    const __m512i low01 = _mm512_unpacklo_epi16(pairs[0], pairs[1]);
    const __m512i low23 = _mm512_unpacklo_epi16(pairs[2], pairs[3]);
    const __m512i high01 = _mm512_unpackhi_epi16(pairs[0], pairs[1]);
    const __m512i high23 = _mm512_unpackhi_epi16(pairs[2], pairs[3]);
    std::uint64_t* to = words + 32 * half;
    _mm512_storeu_si512(to, _mm512_unpacklo_epi32(low01, low23));
    _mm512_storeu_si512(to + 8, _mm512_unpackhi_epi32(low01, low23));
    _mm512_storeu_si512(to + 16, _mm512_unpacklo_epi32(high01, high23));
    _mm512_storeu_si512(to + 24, _mm512_unpackhi_epi32(high01, high23));
  }
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

#ifndef __clang__
#pragma GCC diagnostic pop
#endif
