// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace lutgen::base {

/// Memory of at least `bytes` bytes, at a multiple of 64; from kLargeBytes on at a multiple of that, and the system is asked to
/// back it with pages of that size. Free it with `free_large` and the same number. Fails as operator new does.
[[nodiscard]] void* allocate_large(std::size_t bytes);
/// Gives memory of `allocate_large` back.
void free_large(void* memory, std::size_t bytes) noexcept;

/// A large page of x86, and of AArch64 with small pages of 4 KB.
inline constexpr std::size_t kLargeBytes = std::size_t{2} << 20;

/// An allocator for arrays that are larger than caches and read here and there: with pages of 4 KB the processor would look
/// up a page for almost every read, and the system would hand out (and clear) 512 times as many.
template <class T>
struct LargeAllocator {
  using value_type = T;
  LargeAllocator() = default;
  template <class U>
  explicit(false) LargeAllocator(const LargeAllocator<U>&) noexcept {}
  /// As many as a vector asks for: it has seen to it that their bytes can be counted.
  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(allocate_large(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t count) noexcept { free_large(memory, count * sizeof(T)); }
  friend bool operator==(const LargeAllocator&, const LargeAllocator&) { return true; }
};

/// A vector for such arrays; elements need an alignment of 64 bytes at most.
template <class T>
using LargeVector = std::vector<T, LargeAllocator<T>>;

}  // namespace lutgen::base
