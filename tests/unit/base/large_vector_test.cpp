// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/large_vector.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "tests/support/catch.hpp"

using namespace lutgen;
using base::LargeVector;

namespace {

std::size_t misalignment(const void* memory, std::size_t alignment) { return reinterpret_cast<std::uintptr_t>(memory) % alignment; }

}  // namespace

TEST_CASE("a large vector keeps its elements while it grows past a large page", "[base][large_vector]") {
  LargeVector<std::uint64_t> numbers;
  const std::size_t count = 3 * base::kLargeBytes / sizeof(std::uint64_t);
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(i * i);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) wrong += numbers[i] == i * i ? 0 : 1;
  CHECK(wrong == 0);
  CHECK(misalignment(numbers.data(), base::kLargeBytes) == 0);
  LargeVector<std::uint64_t> taken = std::move(numbers);
  CHECK(taken.size() == count);
  CHECK(taken.back() == (count - 1) * (count - 1));
}

TEST_CASE("a small large vector is zeroed, and aligned to a line of the cache", "[base][large_vector]") {
  struct alignas(64) Line {
    std::uint32_t words[16];
  };
  for (const std::size_t count : {1, 3, 100}) {
    const LargeVector<Line> lines(count);
    CHECK(misalignment(lines.data(), 64) == 0);
    CHECK(std::all_of(lines.begin(), lines.end(), [](const Line& line) { return std::accumulate(line.words, line.words + 16, 0u) == 0; }));
  }
  CHECK(LargeVector<Line>().empty());
}
