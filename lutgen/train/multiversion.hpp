// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Compiles a function for several instruction sets; the program takes the best at run time (GCC's manual, "Function
/// Multiversioning"). The files that use it are compiled without contraction of products and sums, so that all give the same.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define LUTGEN_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LUTGEN_MULTIVERSION
#endif

namespace lutgen::train {

/// 16 lanes: one register of AVX-512, two of AVX2. Unaligned, may alias plain floats.
typedef float Floats __attribute__((vector_size(64), aligned(4), may_alias));

}  // namespace lutgen::train
