// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/bitsliced.hpp"

#include <algorithm>
#include <array>

#include "lutgen/base/result.hpp"

namespace lutgen::eval {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::Graph;
using logic::SumId;
using Word = std::uint64_t;

/// Multiplexer tree over the table, most significant input last; 2^inputs - 1 steps.
Word evaluate_table(std::span<const Word> table, std::span<const Word> inputs,
                    std::vector<Word>& scratch) {
  std::size_t count = std::size_t{1} << inputs.size();
  scratch.resize(std::max<std::size_t>(1, count / 2));
  if (inputs.empty()) return (table[0] & 1) != 0 ? ~Word{0} : 0;
  const auto entry = [&](std::size_t a) { return Word{0} - ((table[a >> 6] >> (a & 63)) & 1); };
  count /= 2;
  for (std::size_t a = 0; a < count; ++a) {
    scratch[a] = (inputs[0] & entry(2 * a + 1)) | (~inputs[0] & entry(2 * a));
  }
  for (const Word select : inputs.subspan(1)) {
    count /= 2;
    for (std::size_t a = 0; a < count; ++a) {
      scratch[a] = (select & scratch[2 * a + 1]) | (~select & scratch[2 * a]);
    }
  }
  return scratch[0];
}

class Slice {
 public:
  Slice(const Graph& graph, std::span<const Word> inputs) : graph_(graph), values_(graph.bit_count()) {
    std::vector<Word> operands;
    std::vector<Word> scratch;
    values_[1] = ~Word{0};
    for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
      const BitId id{i};
      switch (graph.kind(id)) {
        case BitKind::constant: break;
        case BitKind::input: values_[i] = inputs[graph.input_index(id)]; break;
        case BitKind::lut:
          operands.clear();
          for (const BitId fanin : graph.fanins(id)) operands.push_back(value(fanin));
          values_[i] = evaluate_table(graph.table_words(id), operands, scratch);
          break;
        case BitKind::compare: values_[i] = compare(graph.compared_sum(id), graph.compared_constant(id));
      }
    }
  }

  [[nodiscard]] Word value(BitId id) const { return values_[logic::index_of(id)]; }

  /// The value of a sum for each of the 64 samples.
  [[nodiscard]] std::array<std::int64_t, 64> count(SumId id) const {
    std::array<std::int64_t, 64> totals;
    totals.fill(graph_.sum(id).constant);
    // Bits of equal weight are counted vertically (plane p holds bit p of 64 counters) before they
    // are spread out, which is what makes wide sums cheap.
    std::vector<logic::Term> terms(graph_.terms(id).begin(), graph_.terms(id).end());
    std::stable_sort(terms.begin(), terms.end(),
                     [](const auto& a, const auto& b) { return a.weight < b.weight; });
    std::vector<Word> planes;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      Word carry = value(terms[i].bit);
      for (std::size_t p = 0; carry != 0; ++p) {
        if (p == planes.size()) planes.push_back(0);
        const Word old = planes[p];
        planes[p] = old ^ carry;
        carry &= old;
      }
      if (i + 1 == terms.size() || terms[i + 1].weight != terms[i].weight) {
        spread(planes, terms[i].weight, totals);
        planes.clear();
      }
    }
    return totals;
  }

 private:
  static void spread(std::span<const Word> planes, std::int64_t weight,
                     std::array<std::int64_t, 64>& totals) {
    for (std::size_t s = 0; s < 64; ++s) {
      std::int64_t number = 0;
      for (std::size_t p = 0; p < planes.size(); ++p) {
        number |= static_cast<std::int64_t>((planes[p] >> s) & 1) << p;
      }
      totals[s] += number * weight;
    }
  }

  [[nodiscard]] Word compare(SumId sum, std::int64_t constant) const {
    const auto totals = count(sum);
    Word result = 0;
    for (std::size_t s = 0; s < 64; ++s) result |= Word{totals[s] > constant} << s;
    return result;
  }

  const Graph& graph_;
  std::vector<Word> values_;
};

}  // namespace

SliceOutputs evaluate_bitsliced(const Graph& graph, std::span<const std::uint64_t> inputs) {
  LUTGEN_CHECK(inputs.size() == graph.input_count());
  const Slice slice(graph, inputs);
  SliceOutputs outputs;
  for (const BitId bit : graph.outputs.bits) outputs.bits.push_back(slice.value(bit));
  for (const SumId sum : graph.outputs.scores) outputs.scores.push_back(slice.count(sum));
  if (graph.outputs.argmax) {
    for (std::size_t s = 0; s < 64; ++s) {
      for (std::uint32_t c = 1; c < outputs.scores.size(); ++c) {
        std::uint32_t& best = outputs.class_index[s];
        if (outputs.scores[c][s] > outputs.scores[best][s]) best = c;
      }
    }
  }
  return outputs;
}

}  // namespace lutgen::eval
