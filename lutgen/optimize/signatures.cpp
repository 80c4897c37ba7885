// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/signatures.hpp"

#include "lutgen/base/rng.hpp"

namespace lutgen::optimize {

using logic::BitId;
using logic::BitKind;

namespace {

Signature filled(bool value) {
  Signature signature;
  signature.fill(value ? ~std::uint64_t{0} : 0);
  return signature;
}

}  // namespace

void Signatures::update() {
  for (auto i = static_cast<std::uint32_t>(signatures_.size()); i < graph_.bit_count(); ++i) {
    const BitId bit{i};
    Signature signature{};
    switch (graph_.kind(bit)) {
      case BitKind::constant: signature = filled(bit == BitId::one); break;
      case BitKind::input: signature = draw(graph_.input_index(bit)); break;
      case BitKind::lut: signature = evaluate(graph_.table(bit), graph_.fanins(bit)); break;
      case BitKind::compare: {
        const Sums& sums = values(graph_.compared_sum(bit));
        for (std::size_t s = 0; s < sums.size(); ++s) {
          signature[s / 64] |= std::uint64_t{sums[s] > graph_.compared_constant(bit) ? 1u : 0u} << (s % 64);
        }
        break;
      }
    }
    signatures_.push_back(signature);
  }
}

Signature Signatures::draw(std::uint32_t input) const {
  base::Rng rng(0x5EED0000u + std::uint64_t{input});
  return {rng.next(), rng.next(), rng.next(), rng.next()};
}

Signature Signatures::evaluate(const truth::TruthTable& table, std::span<const BitId> fanins) const {
  if (fanins.empty()) return filled(table.bit(0));
  // The first input chooses between neighbouring entries, the second between what came out, and so on; four words at a time.
  std::array<Signature, 32> narrow;
  std::vector<Signature> wide(table.entries() / 2 > narrow.size() ? table.entries() / 2 : 0);
  const std::span<Signature> layer = wide.empty() ? std::span<Signature>(narrow) : std::span<Signature>(wide);
  const Signature& first = at(fanins[0]);
  std::size_t left = table.entries() / 2;
  for (std::size_t i = 0; i < left; ++i) {
    const std::uint32_t pair = (table.words()[i / 32] >> (2 * i % 64)) & 3;
    const std::uint64_t low = (pair & 1) != 0 ? ~std::uint64_t{0} : 0;
    const std::uint64_t differs = pair == 1 || pair == 2 ? ~std::uint64_t{0} : 0;
    for (std::size_t w = 0; w < first.size(); ++w) layer[i][w] = low ^ (first[w] & differs);
  }
  for (const BitId fanin : fanins.subspan(1)) {
    const Signature& value = at(fanin);
    left /= 2;
    for (std::size_t i = 0; i < left; ++i) {
      for (std::size_t w = 0; w < value.size(); ++w) layer[i][w] = layer[2 * i][w] ^ (value[w] & (layer[2 * i][w] ^ layer[2 * i + 1][w]));
    }
  }
  return layer[0];
}

const Signatures::Sums& Signatures::values(logic::SumId sum) {
  if (latest_ == sum) return sums_;
  latest_ = sum;
  sums_.fill(graph_.sum(sum).constant);
  for (const logic::Term& term : graph_.terms(sum)) {
    const Signature& signature = at(term.bit);
    for (std::size_t s = 0; s < sums_.size(); ++s) sums_[s] += term.weight * static_cast<std::int64_t>((signature[s / 64] >> (s % 64)) & 1);
  }
  return sums_;
}

}  // namespace lutgen::optimize
