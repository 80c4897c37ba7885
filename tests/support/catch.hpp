// SPDX-License-Identifier: Apache-2.0
#pragma once

// Catch2 2.x (Debian 12) and 3.x (newer) under one include.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <string>

#include <catch2/catch.hpp>

namespace Catch::Matchers {
/// The name that 3.x has for it; its `Contains` is about the elements of a range.
inline auto ContainsSubstring(const std::string& text) { return Contains(text); }
}  // namespace Catch::Matchers
#endif
