// SPDX-License-Identifier: Apache-2.0
#include "lutgen/optimize/signatures.hpp"

#include "lutgen/base/rng.hpp"

namespace lutgen::optimize {

using logic::BitId;
using logic::BitKind;

void Signatures::update() {
  for (auto i = static_cast<std::uint32_t>(signatures_.size()); i < graph_.bit_count(); ++i) {
    const BitId bit{i};
    Signature signature{};
    switch (graph_.kind(bit)) {
      case BitKind::constant: signature.fill(bit == BitId::one ? ~std::uint64_t{0} : 0); break;
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
  Signature result{};
  std::vector<std::uint64_t> layer(table.entries());
  for (std::size_t w = 0; w < result.size(); ++w) {
    for (std::uint32_t a = 0; a < table.entries(); ++a) layer[a] = table.bit(a) ? ~std::uint64_t{0} : 0;
    std::size_t left = layer.size();
    for (const BitId fanin : fanins) {
      const std::uint64_t value = at(fanin)[w];
      left /= 2;
      for (std::size_t i = 0; i < left; ++i) layer[i] = layer[2 * i] ^ (value & (layer[2 * i] ^ layer[2 * i + 1]));
    }
    result[w] = layer[0];
  }
  return result;
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
