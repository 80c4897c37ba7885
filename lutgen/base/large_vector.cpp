// SPDX-License-Identifier: Apache-2.0
#include "lutgen/base/large_vector.hpp"

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace lutgen::base {
namespace {

constexpr std::align_val_t kSmallAlignment{64};

std::size_t rounded(std::size_t bytes) { return (bytes + kLargeBytes - 1) / kLargeBytes * kLargeBytes; }

}  // namespace

void* allocate_large(std::size_t bytes) {
  if (bytes < kLargeBytes) return ::operator new(bytes, kSmallAlignment);
  void* memory = ::operator new(rounded(bytes), std::align_val_t{kLargeBytes});
#ifdef __linux__
  // A wish only: where it is not granted, everything works as before.
  static_cast<void>(madvise(memory, rounded(bytes), MADV_HUGEPAGE));
#endif
  return memory;
}

void free_large(void* memory, std::size_t bytes) noexcept {
  if (bytes < kLargeBytes) return ::operator delete(memory, kSmallAlignment);
  ::operator delete(memory, std::align_val_t{kLargeBytes});
}

}  // namespace lutgen::base
