// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lutgen/eval/program.hpp"

namespace lutgen::eval {

/// What evaluates a word program: generated code of one instruction set, or, on every machine, an interpreter.
enum class Target : std::uint8_t { portable, word64, sse2, avx2, avx512 };

/// Every target, the slowest first.
inline constexpr std::array<Target, 5> kTargets{Target::portable, Target::word64, Target::sse2, Target::avx2, Target::avx512};

/// "portable", "word64", "sse2", "avx2" or "avx512". Static storage.
[[nodiscard]] std::string_view target_name(Target target);
/// The target of that name; none when there is no such target.
[[nodiscard]] std::optional<Target> find_target(std::string_view name);
/// Whether this machine has the instructions. O(1).
[[nodiscard]] bool is_supported(Target target);
/// The widest target that this machine has.
[[nodiscard]] Target best_target();
/// 64-bit parts of a word: 1, 2, 4 or 8; 8 when interpreted.
[[nodiscard]] std::size_t lanes_of(Target target);
/// What its operations are.
[[nodiscard]] Basis basis_of(Target target);

}  // namespace lutgen::eval
