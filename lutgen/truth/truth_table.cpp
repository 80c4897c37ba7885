// SPDX-License-Identifier: Apache-2.0
#include "lutgen/truth/truth_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/core.h>

#include "lutgen/base/result.hpp"

namespace lutgen::truth {
namespace {

/// Entries of a word at which input k is 1: the projections of 6 inputs.
constexpr std::array<std::uint64_t, kWordInputs> kProjections = {
    0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
    0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};

std::uint64_t entry_mask(int inputs) {
  return inputs >= kWordInputs ? ~std::uint64_t{0} : (std::uint64_t{1} << (1u << inputs)) - 1;
}

/// Packs the entries of `word` at which input k is 0 into the lower half, in order.
std::uint64_t squeeze(std::uint64_t word, int k) {
  word &= ~kProjections[static_cast<std::size_t>(k)];
  for (int step = k; step < kWordInputs - 1; ++step) {
    // Blocks of 2^step entries at distance 2^(step+1) move together pairwise.
    const unsigned shift = 1u << step;
    const std::uint64_t keep = ~kProjections[static_cast<std::size_t>(step + 1)];
    word = (word | (word >> shift)) & keep;
  }
  return word;
}

}  // namespace

TruthTable::TruthTable(int inputs) : inputs_(inputs) {
  LUTGEN_CHECK(inputs >= 0 && inputs <= kMaxInputs);
  if (inputs > kWordInputs) wide_.resize(std::size_t{1} << (inputs - kWordInputs));
}

std::span<const std::uint64_t> TruthTable::words() const {
  if (inputs_ <= kWordInputs) return {&word_, 1};
  return wide_;
}

std::span<std::uint64_t> TruthTable::mutable_words() {
  if (inputs_ <= kWordInputs) return {&word_, 1};
  return wide_;
}

std::uint64_t TruthTable::word() const {
  LUTGEN_CHECK(inputs_ <= kWordInputs);
  return word_;
}

TruthTable TruthTable::from_word(int inputs, std::uint64_t bits) {
  LUTGEN_CHECK(inputs <= kWordInputs);
  TruthTable table(inputs);
  table.word_ = bits & entry_mask(inputs);
  return table;
}

TruthTable TruthTable::from_bytes(int inputs, std::span<const std::uint8_t> bytes) {
  TruthTable table(inputs);
  LUTGEN_CHECK(bytes.size() == std::max<std::size_t>(1, (std::size_t{1} << inputs) / 8));
  const auto words = table.mutable_words();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
  }
  words[0] &= entry_mask(inputs);
  return table;
}

TruthTable TruthTable::projection(int inputs, int input) {
  LUTGEN_CHECK(input >= 0 && input < inputs);
  TruthTable table(inputs);
  const auto words = table.mutable_words();
  for (std::size_t w = 0; w < words.size(); ++w) {
    if (input < kWordInputs) {
      words[w] = kProjections[static_cast<std::size_t>(input)] & entry_mask(inputs);
    } else if ((w >> (input - kWordInputs)) & 1) {
      words[w] = ~std::uint64_t{0};
    }
  }
  return table;
}

void TruthTable::set_bit(std::uint32_t address, bool value) {
  LUTGEN_CHECK(address < entries());
  std::uint64_t& word = mutable_words()[address >> 6];
  const std::uint64_t mask = std::uint64_t{1} << (address & 63);
  word = value ? (word | mask) : (word & ~mask);
}

int TruthTable::constant_value() const {
  const std::uint64_t first = words()[0];
  if (first != 0 && first != entry_mask(inputs_)) return -1;
  for (const std::uint64_t word : words()) {
    if (word != first) return -1;
  }
  return first != 0 ? 1 : 0;
}

bool TruthTable::depends_on(int input) const {
  LUTGEN_CHECK(input >= 0 && input < inputs_);
  const auto all = words();
  if (input < kWordInputs) {
    const auto ones = kProjections[static_cast<std::size_t>(input)];
    const unsigned shift = 1u << input;
    return std::any_of(all.begin(), all.end(), [&](std::uint64_t word) {
      return ((word & ones) >> shift) != (word & ~ones);
    });
  }
  const std::size_t block = std::size_t{1} << (input - kWordInputs);
  for (std::size_t w = 0; w < all.size(); ++w) {
    if ((w & block) == 0 && all[w] != all[w | block]) return true;
  }
  return false;
}

std::uint32_t TruthTable::support() const {
  std::uint32_t mask = 0;
  for (int k = 0; k < inputs_; ++k) {
    if (depends_on(k)) mask |= 1u << k;
  }
  return mask;
}

TruthTable TruthTable::cofactor(int input, bool value) const {
  LUTGEN_CHECK(input >= 0 && input < inputs_);
  TruthTable result(inputs_ - 1);
  const auto source = words();
  const auto target = result.mutable_words();
  if (input >= kWordInputs) {
    const std::size_t block = std::size_t{1} << (input - kWordInputs);
    std::size_t next = 0;
    for (std::size_t w = 0; w < source.size(); ++w) {
      if (((w & block) != 0) == value) target[next++] = source[w];
    }
    return result;
  }
  const unsigned shift = value ? 1u << input : 0u;
  for (std::size_t w = 0; w < source.size(); ++w) {
    const std::uint64_t half = squeeze(source[w] >> shift, input);
    target[w / 2] |= half << (32 * (w % 2));
  }
  target[0] &= entry_mask(inputs_ - 1);
  return result;
}

TruthTable TruthTable::complement() const {
  TruthTable result = *this;
  for (std::uint64_t& word : result.mutable_words()) word = ~word & entry_mask(inputs_);
  return result;
}

TruthTable TruthTable::flipped(int input) const {
  LUTGEN_CHECK(input >= 0 && input < inputs_);
  TruthTable result(inputs_);
  const auto source = words();
  const auto target = result.mutable_words();
  if (input >= kWordInputs) {
    const std::size_t block = std::size_t{1} << (input - kWordInputs);
    for (std::size_t w = 0; w < source.size(); ++w) target[w] = source[w ^ block];
    return result;
  }
  const std::uint64_t ones = kProjections[static_cast<std::size_t>(input)];
  const unsigned shift = 1u << input;
  for (std::size_t w = 0; w < source.size(); ++w) {
    target[w] = ((source[w] & ones) >> shift) | ((source[w] & ~ones) << shift);
  }
  return result;
}

TruthTable TruthTable::swapped(int low, int high) const {
  LUTGEN_CHECK(low >= 0 && low < high && high < inputs_);
  TruthTable result(inputs_);
  if (inputs_ <= kWordInputs) {
    // Entries with input `low` 1 and `high` 0 go up, and their counterparts down.
    const std::uint64_t lower = kProjections[static_cast<std::size_t>(low)] & ~kProjections[static_cast<std::size_t>(high)];
    const unsigned shift = (1u << high) - (1u << low);
    result.word_ = (word_ & ~(lower | lower << shift)) | (word_ & lower) << shift | ((word_ >> shift) & lower);
    return result;
  }
  for (std::uint32_t address = 0; address < entries(); ++address) {
    const std::uint32_t differs = ((address >> low) ^ (address >> high)) & 1;
    if (bit(address ^ (differs << low | differs << high))) result.set_bit(address, true);
  }
  return result;
}

TruthTable TruthTable::merged(int low, int high) const {
  LUTGEN_CHECK(low >= 0 && low < high && high < inputs_);
  TruthTable result(inputs_ - 1);
  const std::uint32_t below = (std::uint32_t{1} << high) - 1;
  for (std::uint32_t address = 0; address < result.entries(); ++address) {
    const std::uint32_t tied = (address >> low) & 1;
    const std::uint32_t full = (address & below) | (tied << high) | ((address & ~below) << 1);
    if (bit(full)) result.set_bit(address, true);
  }
  return result;
}

TruthTable TruthTable::extended(int extra) const {
  TruthTable result(inputs_ + extra);
  for (std::uint32_t address = 0; address < result.entries(); ++address) {
    if (bit(address & (entries() - 1))) result.set_bit(address, true);
  }
  return result;
}

std::string TruthTable::to_hex() const {
  if (inputs_ < kWordInputs) {
    return fmt::format("{:0{}X}", word_, std::max<std::uint32_t>(1, entries() / 4));
  }
  std::string text;
  const auto all = words();
  for (std::size_t w = all.size(); w-- > 0;) text += fmt::format("{:016X}", all[w]);
  return text;
}

Simplified simplify(const TruthTable& table, std::span<const std::uint32_t> signals,
                    std::span<const std::uint32_t, 2> constants) {
  LUTGEN_CHECK(signals.size() == static_cast<std::size_t>(table.inputs()));
  Simplified result{table, {signals.begin(), signals.end()}};
  const auto drop = [&result](int k) { result.signals.erase(result.signals.begin() + k); };
  for (int k = result.table.inputs() - 1; k >= 0; --k) {
    const std::uint32_t signal = result.signals[static_cast<std::size_t>(k)];
    if (signal == constants[0] || signal == constants[1]) {
      result.table = result.table.cofactor(k, signal == constants[1]);
      drop(k);
      continue;
    }
    const auto end = result.signals.begin() + k;
    const auto twin = std::find(result.signals.begin(), end, signal);
    if (twin != end) {
      result.table = result.table.merged(static_cast<int>(twin - result.signals.begin()), k);
      drop(k);
    }
  }
  for (int k = result.table.inputs() - 1; k >= 0; --k) {
    if (!result.table.depends_on(k)) {
      result.table = result.table.cofactor(k, false);
      drop(k);
    }
  }
  return result;
}

}  // namespace lutgen::truth
