// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/target.hpp"

namespace lutgen::eval {

std::string_view target_name(Target target) {
  switch (target) {
    case Target::portable: return "portable";
    case Target::word64: return "word64";
    case Target::sse2: return "sse2";
    case Target::avx2: return "avx2";
    case Target::avx512: return "avx512";
  }
  return "";
}

std::optional<Target> find_target(std::string_view name) {
  for (const Target target : kTargets) {
    if (target_name(target) == name) return target;
  }
  return std::nullopt;
}

bool is_supported(Target target) {
  switch (target) {
    case Target::portable: return true;
#ifdef __x86_64__
    case Target::word64:
    case Target::sse2: return true;
    case Target::avx2: return __builtin_cpu_supports("avx2") != 0;
    case Target::avx512: return __builtin_cpu_supports("avx512f") != 0;
#else
    default: break;
#endif
  }
  return false;
}

Target best_target() {
  Target best = Target::portable;
  for (const Target target : kTargets) {
    if (is_supported(target)) best = target;
  }
  return best;
}

std::size_t lanes_of(Target target) {
  switch (target) {
    case Target::word64: return 1;
    case Target::sse2: return 2;
    case Target::avx2: return 4;
    case Target::avx512:
    case Target::portable: break;
  }
  return 8;
}

Basis basis_of(Target target) {
  return target == Target::avx512 || target == Target::portable ? Basis::ternary : Basis::binary;
}

}  // namespace lutgen::eval
