// SPDX-License-Identifier: Apache-2.0
#include "lutgen/truth/incomplete.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::truth {
namespace {

constexpr int kTryAllSets = 8;  // inputs

/// What is known of the entries that agree in the inputs kept.
struct Class {
  bool must_be_0 = false;
  bool must_be_1 = false;
  int balance = 0;  // entries of 1 less entries of 0
};

/// A table over the inputs in `kept` only, and how many entries it changes.
struct Completed {
  TruthTable table;
  std::uint32_t changes = 0;
};

/// Nothing where entries that matter contradict each other.
std::optional<Completed> complete_over(const TruthTable& table, const TruthTable& care, std::uint32_t kept) {
  std::vector<Class> classes(table.entries());  // by the address with all other inputs 0
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    Class& entry = classes[a & kept];
    const bool value = table.bit(a);
    entry.balance += value ? 1 : -1;
    if (!care.bit(a)) continue;
    (value ? entry.must_be_1 : entry.must_be_0) = true;
    if (entry.must_be_0 && entry.must_be_1) return std::nullopt;
  }
  Completed result{TruthTable(table.inputs())};
  for (std::uint32_t a = 0; a < table.entries(); ++a) {
    const Class& entry = classes[a & kept];
    const bool value = entry.must_be_1 || (!entry.must_be_0 && entry.balance > 0);
    result.table.set_bit(a, value);
    result.changes += value != table.bit(a) ? 1 : 0;
  }
  return result;
}

}  // namespace

TruthTable complete_table(const TruthTable& table, const TruthTable& care) {
  LUTGEN_CHECK(table.inputs() == care.inputs());
  const std::uint32_t support = table.support();
  if (table.inputs() > kTryAllSets) {
    std::uint32_t kept = support;
    TruthTable best = table;
    for (int input = table.inputs() - 1; input >= 0; --input) {
      const std::uint32_t fewer = kept & ~(std::uint32_t{1} << input);
      if (fewer == kept) continue;
      if (auto completed = complete_over(table, care, fewer)) {
        kept = fewer;
        best = std::move(completed->table);
      }
    }
    return best;
  }
  std::optional<Completed> best;
  int fewest = std::popcount(support);
  for (std::uint32_t kept = 0; kept < table.entries(); ++kept) {
    const int inputs = std::popcount(kept);
    if (inputs > fewest || (inputs == fewest && !best) || (kept & ~support) != 0) continue;
    auto completed = complete_over(table, care, kept);
    if (!completed || (inputs == fewest && completed->changes >= best->changes)) continue;
    fewest = inputs;
    best = std::move(completed);
  }
  return best ? best->table : table;
}

}  // namespace lutgen::truth
