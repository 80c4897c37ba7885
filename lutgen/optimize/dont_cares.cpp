// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "lutgen/optimize/free_entries.hpp"
#include "lutgen/optimize/id_table.hpp"
#include "lutgen/optimize/passes.hpp"
#include "lutgen/optimize/rewriter.hpp"
#include "lutgen/optimize/signatures.hpp"
#include "lutgen/optimize/unseen_entries.hpp"
#include "lutgen/optimize/window.hpp"

namespace lutgen::optimize {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::index_of;

/// Leaves of a window for what may occur, and for the equality of two bits.
constexpr std::size_t kMostLeaves = 10;
constexpr std::size_t kMostLeavesOfTwo = 12;

/// So often a signature may promise an equality that is not shown.
constexpr std::uint8_t kMostFailures = 4;

/// Entries that cannot occur, and equal bits: a walk over the old graph with windows in the new one, in which all bits keep
/// their values.
class Reaching {
 public:
  explicit Reaching(const logic::Graph& graph)
      : graph_(graph), rewriter_(graph), finder_(rewriter_.graph()), signatures_(rewriter_.graph()), reads_(graph.bit_count(), 0) {
    signatures_.reserve(graph.bit_count());
    made_reads_.reserve(graph.bit_count());
    for (std::uint32_t i = 2; i < graph.bit_count(); ++i) {
      for (const BitId fanin : graph.fanins(BitId{i})) ++reads_[index_of(fanin)];
      if (graph.kind(BitId{i}) != BitKind::compare) continue;
      for (const logic::Term& term : graph.terms(graph.compared_sum(BitId{i}))) reads_[index_of(term.bit)] += 2;
    }
    for (const BitId bit : graph.outputs.bits) reads_[index_of(bit)] += 2;
    for (const logic::SumId sum : graph.outputs.scores) {
      for (const logic::Term& term : graph.terms(sum)) reads_[index_of(term.bit)] += 2;
    }
  }

  Step run() {
    for (std::uint32_t i = 0; i < graph_.bit_count(); ++i) {
      if (graph_.kind(BitId{i}) == BitKind::input || graph_.kind(BitId{i}) == BitKind::constant) note(BitId{i});
    }
    rewriter_.for_each_bit([&](BitId id) {
      graph_.kind(id) == BitKind::lut ? add_table(id) : rewriter_.copy(id);
      note(id);
    });
    return rewriter_.finish();
  }

 private:
  /// Keeps account of the new bit that the old one is now.
  void note(BitId id) {
    signatures_.update();
    const BitId made = rewriter_.at(id).bit;
    if (made_reads_.size() <= index_of(made)) made_reads_.resize(index_of(made) + 1);
    made_reads_[index_of(made)] += reads_[index_of(id)];
    if (find_class(signatures_.at(made)) == logic::kNoBit) classes_.add(hash_of(normal(signatures_.at(made))), made);
  }

  /// The first bit with this signature or its complement.
  [[nodiscard]] BitId find_class(const Signature& signature) const {
    const Signature wanted = normal(signature);
    return classes_.find(hash_of(wanted), [&](BitId made) { return normal(signatures_.at(made)) == wanted; });
  }

  /// The form that is 0 at the first sample stands for both.
  static Signature normal(Signature signature) {
    const std::uint64_t mask = (signature[0] & 1) != 0 ? ~std::uint64_t{0} : 0;
    for (auto& word : signature) word ^= mask;
    return signature;
  }

  /// Samples are drawn: their words are as good as a hash already.
  static std::uint64_t hash_of(const Signature& signature) {
    std::uint64_t hash = 0;
    for (const std::uint64_t word : signature) hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    return hash ^ (hash >> 32);
  }

  void add_table(BitId id) {
    const Function raw = rewriter_.function_of(id);
    Function function = simplify(raw);
    rewriter_.count_change(raw.fanins.size() - function.fanins.size());
    if (function.fanins.empty()) return rewriter_.relate(id, {function.table.bit(0) ? BitId::one : BitId::zero, false});
    // What was dropped here is behind no window: the rest of it waits for the next run.
    if (function.fanins.size() > kMostLeaves || function.fanins.size() < raw.fanins.size()) return rewriter_.replace(id, function);
    if (try_equal(id, function)) return rewriter_.count_change();
    const Window window = finder_.find(function.fanins, kMostLeaves);
    if (window.is_related) drop_inputs(id, function, window);
    rewriter_.replace(id, function);
  }

  /// Takes away inputs that what cannot occur makes superfluous.
  void drop_inputs(BitId id, Function& function, const Window& window) {
    const WindowValues values(rewriter_.graph(), window);
    truth::TruthTable care(function.table.inputs());
    std::vector<std::span<const std::uint64_t>> inputs;
    for (const BitId fanin : function.fanins) inputs.push_back(values.at(fanin));
    mark_addresses(care, inputs, values.possible());
    if (care.constant_value() == 1) return;
    std::vector<std::uint32_t> costs;
    for (const BitId fanin : function.fanins) costs.push_back(cost_of(fanin));
    const Reduced reduced = find_reduced({function.table, care}, costs);
    const std::size_t before = function.fanins.size();
    function = keep_inputs(function, reduced);
    if (function.fanins.size() == before) return;
    rewriter_.count_change(before - function.fanins.size());
    rewriter_.show_on(id, window.leaves);
  }

  /// A table that nothing else reads would be gone, too.
  std::uint32_t cost_of(BitId made) const {
    return rewriter_.graph().kind(made) == BitKind::lut && made_reads_[index_of(made)] == 1 ? 8 : 1;
  }

  /// Whether the function was found to be a bit that there is, or its complement; relates it then.
  bool try_equal(BitId id, const Function& function) {
    const Signature signature = signatures_.evaluate(function.table, function.fanins);
    const BitId first = find_class(signature);
    if (first == logic::kNoBit) return false;
    if (failures_.size() <= index_of(first)) failures_.resize(made_reads_.size());
    if (failures_[index_of(first)] >= kMostFailures) return false;
    const Literal twin{first, ((signatures_.at(first)[0] ^ signature[0]) & 1) != 0};
    std::vector<BitId> tops = function.fanins;
    const bool is_constant = twin.bit == BitId::zero || twin.bit == BitId::one;
    if (!is_constant && std::find(tops.begin(), tops.end(), twin.bit) == tops.end()) tops.push_back(twin.bit);
    const Window window = finder_.find(tops, kMostLeavesOfTwo);
    if (window.is_related && equals(function, twin, window)) {
      rewriter_.relate(id, twin);
      rewriter_.show_on(id, window.leaves);
      return true;
    }
    ++failures_[index_of(first)];
    return false;
  }

  bool equals(const Function& function, Literal twin, const Window& window) const {
    const WindowValues values(rewriter_.graph(), window);
    const auto mine = values.evaluate(function.table, function.fanins);
    const std::vector<std::uint64_t> constant(values.words(), twin.bit == BitId::one ? ~std::uint64_t{0} : 0);
    const bool is_constant = twin.bit == BitId::zero || twin.bit == BitId::one;
    const auto other = is_constant ? std::span<const std::uint64_t>(constant) : values.at(twin.bit);
    for (std::size_t w = 0; w < values.words(); ++w) {
      const std::uint64_t difference = mine[w] ^ other[w] ^ (twin.inverted ? ~std::uint64_t{0} : 0);
      if ((difference & values.possible()[w]) != 0) return false;
    }
    return true;
  }

  const logic::Graph& graph_;
  Rewriter rewriter_;
  WindowFinder finder_;
  Signatures signatures_;
  std::vector<std::uint32_t> reads_;       // [old bits]: by tables; 2 for a sum or an output
  std::vector<std::uint32_t> made_reads_;  // [new bits]: of all old bits that it stands for
  IdTable classes_;                        // the first bit of each signature
  std::vector<std::uint8_t> failures_;     // [new bits]: how often equality with it could not be shown
};

}  // namespace

Step use_dont_cares(const logic::Graph& graph) {
  Step step = Reaching(graph).run();
  return step.changes != 0 ? std::move(step) : use_unseen_entries(graph);
}

}  // namespace lutgen::optimize
