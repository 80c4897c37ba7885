// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/large_vector.hpp"

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "lutgen/base/large_pages.hpp"

namespace lutgen::base {
namespace {

constexpr std::align_val_t kSmallAlignment{64};

}  // namespace

std::size_t round_to_large(std::size_t bytes) { return (bytes + kLargeBytes - 1) / kLargeBytes * kLargeBytes; }

void ask_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#ifdef __linux__
  static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
#endif
}

void* allocate_large(std::size_t bytes) {
  if (bytes < kLargeBytes) return ::operator new(bytes, kSmallAlignment);
  void* memory = ::operator new(round_to_large(bytes), std::align_val_t{kLargeBytes});
  ask_large_pages(memory, round_to_large(bytes));
  return memory;
}

void free_large(void* memory, std::size_t bytes) noexcept {
  if (bytes < kLargeBytes) return ::operator delete(memory, kSmallAlignment);
  ::operator delete(memory, std::align_val_t{kLargeBytes});
}

}  // namespace lutgen::base
