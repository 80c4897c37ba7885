// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/graph_program.hpp"

#include <algorithm>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/table_ops.hpp"
#include "lutgen/eval/word_sum.hpp"

namespace lutgen::eval {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::Graph;
using logic::SumId;

constexpr Lit kUnknown{0xFFFFFFFF};

/// Walks the graph from its outputs, with a stack of its own: networks may be deep.
class Walk {
 public:
  Walk(const Graph& graph, const std::vector<bool>& encoded, Basis basis)
      : graph_(graph),
        encoded_(encoded),
        builder_(basis, count_inputs()),
        bits_(graph.bit_count(), kUnknown),
        sums_(graph.sum_count()) {
    bits_[0] = Lit::zero;
    bits_[1] = Lit::one;
  }

  GraphProgram run() {
    std::vector<Lit> outputs;
    for (const BitId bit : graph_.outputs.bits) outputs.push_back(make_bit(bit));
    result_.bits = static_cast<std::uint32_t>(outputs.size());
    if (!graph_.outputs.scores.empty()) add_scores(outputs);
    result_.program = builder_.finish(std::move(outputs), static_cast<std::uint32_t>(result_.inputs.size()));
    return std::move(result_);
  }

 private:
  /// A bit or a sum that waits for what it reads.
  struct Frame {
    bool is_sum = false;
    std::uint32_t id = 0;
    std::uint32_t next = 0;
  };
  struct SumState {
    std::optional<WordSum> sum;
    Planes planes;
    bool done = false;
  };

  [[nodiscard]] bool is_input(std::uint32_t bit) const {
    return graph_.kind(BitId{bit}) == BitKind::input || (!encoded_.empty() && encoded_[bit]);
  }

  /// At least as many as the bits from outside that the walk comes to.
  [[nodiscard]] std::uint32_t count_inputs() const {
    const std::vector<bool> live = graph_.compute_live_bits();
    std::uint32_t count = 0;
    for (std::uint32_t bit = 2; bit < graph_.bit_count(); ++bit) count += live[bit] && is_input(bit) ? 1 : 0;
    return count;
  }

  Lit make_bit(BitId bit) {
    push_bit(bit);
    work();
    return bits_[index_of(bit)];
  }

  WordSum& make_sum(SumId sum) {
    push_sum(sum);
    work();
    return *sums_[index_of(sum)].sum;
  }

  /// Whether the bit is there already; otherwise it is next.
  bool push_bit(BitId bit) {
    const std::uint32_t id = index_of(bit);
    if (bits_[id] != kUnknown) return true;
    if (is_input(id)) {
      bits_[id] = ProgramBuilder::input(static_cast<std::uint32_t>(result_.inputs.size()));
      result_.inputs.push_back(bit);
      return true;
    }
    stack_.push_back({false, id, 0});
    return false;
  }

  bool push_sum(SumId sum) {
    SumState& state = sums_[index_of(sum)];
    if (state.done) return true;
    state.sum.emplace(builder_);
    state.sum->add_constant(graph_.sum(sum).constant);
    stack_.push_back({true, index_of(sum), 0});
    return false;
  }

  void work() {
    while (!stack_.empty()) {
      if (stack_.back().is_sum) {
        advance_sum();
      } else if (graph_.kind(BitId{stack_.back().id}) == BitKind::compare) {
        advance_compare();
      } else {
        advance_lut();
      }
    }
  }

  void advance_lut() {
    const std::size_t at = stack_.size() - 1;
    const BitId bit{stack_[at].id};
    const auto fanins = graph_.fanins(bit);
    while (stack_[at].next < fanins.size()) {
      if (!push_bit(fanins[stack_[at].next])) return;
      ++stack_[at].next;
    }
    operands_.clear();
    for (const BitId fanin : fanins) operands_.push_back(bits_[index_of(fanin)]);
    bits_[index_of(bit)] = add_table(builder_, graph_.table_words(bit), operands_);
    stack_.pop_back();
  }

  void advance_sum() {
    const std::size_t at = stack_.size() - 1;
    const SumId id{stack_[at].id};
    const auto terms = graph_.terms(id);
    SumState& state = sums_[stack_[at].id];
    while (stack_[at].next < terms.size()) {
      const logic::Term& term = terms[stack_[at].next];
      if (!push_bit(term.bit)) return;
      state.sum->add(bits_[index_of(term.bit)], term.weight);
      ++stack_[at].next;
    }
    state.done = true;
    stack_.pop_back();
  }

  void advance_compare() {
    const BitId bit{stack_.back().id};
    const SumId id = graph_.compared_sum(bit);
    if (!push_sum(id)) return;
    SumState& state = sums_[index_of(id)];
    // Several comparisons read one sum; a score that is compared too is counted anew.
    if (state.planes.empty()) {
      WordSum copy = *state.sum;
      state.planes = copy.finish(copy.offset());
    }
    bits_[index_of(bit)] =
        add_exceeds(builder_, state.planes, graph_.compared_constant(bit) - state.sum->offset());
    stack_.pop_back();
  }

  void add_scores(std::vector<Lit>& outputs) {
    std::vector<WordSum> sums;
    for (const SumId sum : graph_.outputs.scores) sums.push_back(make_sum(sum));
    const auto less = [](const WordSum& x, const WordSum& y) { return x.offset() < y.offset(); };
    result_.score_offset = std::min_element(sums.begin(), sums.end(), less)->offset();
    std::vector<Planes> scores;
    std::size_t width = 1;
    for (WordSum& sum : sums) {
      scores.push_back(sum.finish(result_.score_offset));
      width = std::max(width, scores.back().size());
    }
    for (Planes& score : scores) score.resize(width, Lit::zero);
    const Planes index = add_argmax(builder_, scores);
    result_.class_planes = static_cast<std::uint32_t>(index.size());
    result_.scores = static_cast<std::uint32_t>(scores.size());
    result_.score_planes = static_cast<std::uint32_t>(width);
    outputs.insert(outputs.end(), index.begin(), index.end());
    for (const Planes& score : scores) outputs.insert(outputs.end(), score.begin(), score.end());
  }

  const Graph& graph_;
  const std::vector<bool>& encoded_;
  ProgramBuilder builder_;
  base::LargeVector<Lit> bits_;
  std::vector<SumState> sums_;
  std::vector<Frame> stack_;
  std::vector<Lit> operands_;
  GraphProgram result_;
};

}  // namespace

GraphProgram build_program(const Graph& graph, const std::vector<bool>& encoded, Basis basis) {
  LUTGEN_CHECK(encoded.empty() || encoded.size() == graph.bit_count());
  return Walk(graph, encoded, basis).run();
}

}  // namespace lutgen::eval
