// SPDX-License-Identifier: Apache-2.0
// Lists of megabytes lie on large pages in the whole program. Where the system gives these only on request, a network of a million
// tables takes a fifth longer without: most of its lists are read here and there, and each page of 4 KB is made and looked up
// for itself. The library leaves the decision to whoever links it and asks for its largest arrays only (base::LargeVector).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "lutgen/base/large_pages.hpp"
#include "lutgen/base/large_vector.hpp"

namespace {

/// What is rounded up to large pages stays below one and a half times its size.
constexpr std::size_t kLeastBytes = 2 * lutgen::base::kLargeBytes;

void* allocate(std::size_t bytes) {
  namespace base = lutgen::base;
  if (bytes < kLeastBytes || bytes > SIZE_MAX - base::kLargeBytes) return std::malloc(bytes == 0 ? 1 : bytes);
  void* memory = std::aligned_alloc(base::kLargeBytes, base::round_to_large(bytes));
  if (memory != nullptr) base::ask_large_pages(memory, base::round_to_large(bytes));
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) {
  for (;;) {
    if (void* memory = allocate(bytes)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
