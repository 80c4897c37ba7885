// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/function4.hpp"

#include "lutgen/eval/function3.hpp"

namespace lutgen::eval {
namespace {

constexpr std::array<std::uint32_t, 4> kInput4{0xAAAA, 0xCCCC, 0xF0F0, 0xFF00};

/// A function of three inputs as one of four: its inputs are `from`.
std::uint32_t spread3(unsigned table, const std::array<std::uint32_t, 3>& from) {
  std::uint32_t result = 0;
  for (unsigned a = 0; a < 8; ++a) {
    if (((table >> a) & 1) == 0) continue;
    std::uint32_t minterm = 0xFFFF;
    for (unsigned k = 0; k < 3; ++k) minterm &= ((a >> k) & 1) != 0 ? from[k] : ~from[k];
    result |= minterm;
  }
  return result & 0xFFFF;
}

/// The inputs of four but `last`.
std::array<std::uint32_t, 3> others(std::uint8_t last) {
  std::array<std::uint32_t, 3> result{};
  std::size_t next = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    if (k != last) result[next++] = kInput4[k];
  }
  return result;
}

class Tables {
 public:
  explicit Tables(Basis basis) : basis_(basis) {
    result_.cost4.assign(65536, 255);
    result_.recipes.resize(65536);
    for (unsigned table = 0; table < 256; ++table) {
      const int support = depends3(table, 0) + depends3(table, 1) + depends3(table, 2);
      const unsigned normal = (table & 1) != 0 ? table ^ 0xFF : table;
      const std::size_t chain = shortest_chains()[normal / 2].size();
      result_.cost3[table] = static_cast<std::uint8_t>(basis == Basis::binary ? chain : support > 1 ? 1 : 0);
    }
    for (std::uint8_t last = 0; last < 4; ++last) {
      for (unsigned table = 0; table < 256; ++table) {
        result_.cost4[spread3(table, others(last))] = result_.cost3[table];
      }
    }
    for (std::uint8_t last = 0; last < 4; ++last) {
      for (std::uint8_t again = 0; again < 3; ++again) add_nested(last, again);
    }
    for (std::uint32_t table = 0; table < 65536; ++table) add_joins(table);
  }

  Functions4 take() { return std::move(result_); }

 private:
  /// All functions outer(inner(others), last, others[again]).
  void add_nested(std::uint8_t last, std::uint8_t again) {
    const auto inputs = others(last);
    std::array<std::uint32_t, 256> made{};  // by the outer table
    for (unsigned inner = 0; inner < 256; inner += 2) {  // the complement gives nothing new
      if (result_.cost3[inner] == 0) continue;
      const std::uint32_t word = spread3(inner, inputs);
      for (unsigned outer = 1; outer < 256; ++outer) {
        const std::uint32_t before = made[outer & (outer - 1)];
        const auto a = static_cast<unsigned>(__builtin_ctz(outer));
        made[outer] = before;
        if ((outer & (outer - 1)) == 0) {
          made[outer] = ((a & 1) != 0 ? word : ~word) & ((a & 2) != 0 ? kInput4[last] : ~kInput4[last]) &
                        ((a & 4) != 0 ? inputs[again] : ~inputs[again]) & 0xFFFF;
        } else {
          made[outer] |= made[outer & (0u - outer)];
        }
        const unsigned cost = result_.cost3[inner] + 0u + result_.cost3[outer];
        if (cost >= result_.cost4[made[outer]]) continue;
        result_.cost4[made[outer]] = static_cast<std::uint8_t>(cost);
        result_.recipes[made[outer]] = {true,  Join::choose, last, again, static_cast<std::uint8_t>(inner),
                                        static_cast<std::uint8_t>(outer)};
      }
    }
  }

  void add_joins(std::uint32_t table) {
    std::uint8_t& best = result_.cost4[table];
    if (best <= (basis_ == Basis::ternary ? 2 : 3)) return;
    for (std::uint8_t last = 0; last < 4; ++last) {
      const std::uint32_t swapped = swap_top4(table, last);
      const unsigned low = result_.cost3[swapped & 0xFF];
      const unsigned high = result_.cost3[swapped >> 8];
      const unsigned change = result_.cost3[(swapped ^ (swapped >> 8)) & 0xFF];
      const auto offer = [&](Join join, unsigned parts) {
        const unsigned cost = parts + join_cost(basis_, join);
        if (cost >= best) return;
        best = static_cast<std::uint8_t>(cost);
        result_.recipes[table] = {false, join, last, 0, 0, 0};
      };
      offer(Join::choose, low + high);
      offer(Join::low_change, low + change);
      offer(Join::high_change, high + change);
    }
  }

  Basis basis_;
  Functions4 result_;
};

}  // namespace

const Functions4& functions4(Basis basis) {
  static const Functions4 ternary = Tables(Basis::ternary).take();
  if (basis == Basis::ternary) return ternary;
  static const Functions4 binary = Tables(Basis::binary).take();
  return binary;
}

}  // namespace lutgen::eval
