// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace lutgen {

/// Every way in which an input can be wrong, one code each; the list is `diagnostics.def`.
enum class Code : std::uint16_t {
#define LUTGEN_DIAGNOSTIC(name, meaning) name,
#include "lutgen/base/diagnostics.def"
#undef LUTGEN_DIAGNOSTIC
};

/// The code's name as it is printed, for example `safetensors_truncated`. Static storage.
[[nodiscard]] std::string_view code_name(Code code);

/// One sentence that says what the code stands for (the text of `diagnostics.def`). Static storage.
[[nodiscard]] std::string_view code_meaning(Code code);

/// What is wrong, where, and what to do about it.
///
/// place    file, file:line:column, or file and tensor: whatever finds the spot
/// message  what was expected and what was found, one sentence, no full stop
/// hint     what the reader can do; may be empty
struct Diagnostic {
  Code code;
  std::string place;
  std::string message;
  std::string hint;
};

/// The text a person reads: `place: error[code]: message`, then an indented hint on its own line.
[[nodiscard]] std::string to_text(const Diagnostic& diagnostic);

/// A value, or the diagnostic that says why there is none.
template <class T>
using Result = tl::expected<T, Diagnostic>;

/// Builds the error side of a `Result`.
[[nodiscard]] inline tl::unexpected<Diagnostic> fail(Code code, std::string place, std::string message,
                                                     std::string hint = {}) {
  return tl::make_unexpected(
      Diagnostic{code, std::move(place), std::move(message), std::move(hint)});
}

namespace base {
/// Prints the broken promise to stderr and aborts: a bug of lutgen, never of its input.
[[noreturn]] void report_broken_check(const char* expression, const char* file, int line);
}  // namespace base

}  // namespace lutgen

/// A promise of the program to itself; checked in release builds too.
#define LUTGEN_CHECK(expression) \
  (static_cast<bool>(expression) \
       ? static_cast<void>(0)    \
       : ::lutgen::base::report_broken_check(#expression, __FILE__, __LINE__))

#define LUTGEN_JOIN_(a, b) a##b
#define LUTGEN_JOIN(a, b) LUTGEN_JOIN_(a, b)

/// `LUTGEN_TRY(const auto x, f());` gives x the value, or returns f's diagnostic from here.
#define LUTGEN_TRY(declaration, ...)                                                 \
  auto LUTGEN_JOIN(lutgen_try_, __LINE__) = (__VA_ARGS__);                           \
  if (!LUTGEN_JOIN(lutgen_try_, __LINE__).has_value())                               \
    return tl::make_unexpected(std::move(LUTGEN_JOIN(lutgen_try_, __LINE__)).error()); \
  declaration = std::move(*LUTGEN_JOIN(lutgen_try_, __LINE__))

/// The same for `Result<void>`.
#define LUTGEN_TRY_VOID(...)                                       \
  if (auto lutgen_status = (__VA_ARGS__); !lutgen_status.has_value()) \
  return tl::make_unexpected(std::move(lutgen_status).error())
