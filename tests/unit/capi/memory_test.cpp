// SPDX-License-Identifier: Apache-2.0
// A program of its own: it takes the place of the allocator, and lets one allocation after the other fail.
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "lutgen/capi/lutgen.h"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

namespace {

constexpr const char* kModel = LUTGEN_SOURCE_DIR "/sim/models/optdigits-lut6-400.safetensors";

std::atomic<long> left{-1};  // allocations until one fails; negative: none does

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t byte_count) {
  if (left >= 0 && left-- == 0) throw std::bad_alloc();
  void* memory = std::malloc(byte_count == 0 ? 1 : byte_count);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

/// Allocations that reading the model takes. The JSON library allocates to free, which nothing can be done about: until the
/// model is read a failure may end the program (lutgen.h says so), and is not tried.
long count_reading() {
  constexpr long kMany = 1L << 40;
  left = kMany;
  const bool is_read = lutgen::model::read_model(kModel).has_value();
  const long count = kMany - left;
  left = -1;
  REQUIRE(is_read);
  return count;
}

TEST_CASE("whichever allocation fails once the model is read, C gets a status", "[capi]") {
  const long first = count_reading();
  long refused = 0;
  for (lutgen_status status = LUTGEN_OUT_OF_MEMORY; status != LUTGEN_OK; ++refused) {
    lutgen_network* network = nullptr;
    lutgen_error* error = nullptr;
    left = first + refused * (1 + refused / 50);
    status = lutgen_load(kModel, &network, &error);
    left = -1;
    lutgen_free(network);
    lutgen_error_free(error);
    REQUIRE((status == LUTGEN_OK || status == LUTGEN_OUT_OF_MEMORY));
  }
  CHECK(refused > 20);
}

TEST_CASE("whichever allocation of a prediction fails, on any thread, C gets a status, and the next call the answers", "[capi]") {
  lutgen_network* network = nullptr;
  REQUIRE(lutgen_load(kModel, &network, nullptr) == LUTGEN_OK);
  const std::vector<std::uint8_t> samples(64 * 2'000, 9);
  std::vector<std::uint32_t> classes(2'000);
  const lutgen_answers answers{classes.data(), nullptr, nullptr};
  long refused = 0;
  for (lutgen_status status = LUTGEN_OUT_OF_MEMORY; status != LUTGEN_OK; ++refused) {
    left = refused;
    status = lutgen_predict_bytes(network, samples.data(), 2'000, 3, &answers, nullptr);
    left = -1;
    REQUIRE((status == LUTGEN_OK || status == LUTGEN_OUT_OF_MEMORY));
  }
  CHECK(refused > 3);
  CHECK(classes == std::vector<std::uint32_t>(2'000, classes[0]));
  lutgen_free(network);
}
