// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/function3.hpp"

#include "lutgen/base/result.hpp"

namespace lutgen::eval {
namespace {

using Chains = std::array<std::vector<ChainStep>, 128>;

/// and, exclusive or, or, and the two and-nots.
constexpr std::array<std::uint8_t, 5> kSteps{0x8, 0x6, 0xE, 0x2, 0x4};

unsigned apply(unsigned table, unsigned x, unsigned y) {
  switch (table) {
    case 0x8: return x & y;
    case 0x6: return x ^ y;
    case 0xE: return x | y;
    case 0x2: return x & ~y & 0xFF;
    default: return ~x & y & 0xFF;
  }
}

class Search {
 public:
  /// Tries all chains of exactly `length` steps.
  void run(std::size_t length) {
    length_ = length;
    extend(0);
  }

  Chains chains;
  std::array<bool, 128> known{};

 private:
  void extend(std::size_t step) {
    const std::size_t count = 3 + step;
    for (std::uint8_t y = 1; y < count; ++y) {
      for (std::uint8_t x = 0; x < y; ++x) {
        for (const std::uint8_t table : kSteps) {
          const unsigned result = apply(table, values_[x], values_[y]);
          steps_[step] = {table, x, y};
          values_[count] = result;
          if (step + 1 < length_) {
            extend(step + 1);
          } else if (!known[result / 2]) {
            known[result / 2] = true;
            chains[result / 2].assign(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(length_));
          }
        }
      }
    }
  }

  std::size_t length_ = 0;
  std::array<unsigned, 8> values_{kInput3[0], kInput3[1], kInput3[2]};
  std::array<ChainStep, 4> steps_;
};

Chains find_chains() {
  Search search;
  search.known[0] = true;
  for (const unsigned input : kInput3) search.known[input / 2] = true;
  for (std::size_t length = 1; length <= 4; ++length) search.run(length);
  for (const bool known : search.known) LUTGEN_CHECK(known);
  return std::move(search.chains);
}

}  // namespace

const std::array<std::vector<ChainStep>, 128>& shortest_chains() {
  static const Chains chains = find_chains();
  return chains;
}

}  // namespace lutgen::eval
