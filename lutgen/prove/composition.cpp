// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/composition.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

namespace lutgen::prove {
namespace {

using map::SumClaim;
using map::WeightedNet;
using netlist::NetId;

struct Range {
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;

  /// weight * bit joins.
  void add(std::int64_t weight) { (weight < 0 ? minimum : maximum) += weight; }
};

Range range_of(const LinearForm& form) {
  // A net that stands several times is one bit.
  std::map<NetId, std::int64_t> weights;
  for (const WeightedNet& term : form.terms) weights[term.net] += term.weight;
  Range range{form.constant, form.constant};
  for (const auto& [net, weight] : weights) {
    if (net == NetId::zero) continue;
    if (net == NetId::one) {
      range.minimum += weight;
      range.maximum += weight;
    } else {
      range.add(weight);
    }
  }
  return range;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// constant + sum of coefficient * bit, with the coefficients in `bits`; known to lie within `outer` as a whole.
Range bound_rest(std::int64_t constant, std::span<const std::int64_t> bits, const Range& outer) {
  Range all{constant, constant};
  for (const std::int64_t c : bits) all.add(c);
  Range best{std::max(all.minimum, outer.minimum), std::min(all.maximum, outer.maximum)};
  std::set<std::int64_t> moduli;
  for (const std::int64_t c : bits) moduli.insert(std::abs(c));
  for (const std::int64_t modulus : moduli) {
    // low + modulus * k: what is no multiple of the modulus stays low; bounds of k from its bits, and from outside.
    Range low{constant, constant};
    Range k;
    for (const std::int64_t c : bits) {
      if (c % modulus == 0) {
        k.add(c / modulus);
      } else {
        low.add(c);
      }
    }
    k.minimum = std::max(k.minimum, -floor_divide(low.maximum - outer.minimum, modulus));
    k.maximum = std::min(k.maximum, floor_divide(outer.maximum - low.minimum, modulus));
    if (k.minimum > k.maximum) continue;  // cannot be: the ranges are true
    best.minimum = std::max(best.minimum, low.minimum + modulus * k.minimum);
    best.maximum = std::min(best.maximum, low.maximum + modulus * k.maximum);
  }
  return best;
}

/// What an equation says when it is about one net being another one, or its complement.
std::optional<Composer::Alias> find_alias(const SumClaim& equation) {
  if (equation.outputs.size() != 1 || equation.outputs[0].weight != 1 || !equation.dropped.empty()) return std::nullopt;
  std::optional<Composer::Alias> alias;
  for (const WeightedNet& input : equation.inputs) {
    if (input.weight == 0) continue;
    if (alias || std::abs(input.weight) != 1 || input.net >= equation.outputs[0].net) return std::nullopt;
    alias = {input.net, input.weight, equation.constant};
  }
  return alias;
}

/// The same form over nets that are no aliases. Sources come before what is named after them, so this ends.
LinearForm resolve(const LinearForm& form, const Composer::Aliases& aliases) {
  LinearForm result{{}, form.constant};
  for (WeightedNet term : form.terms) {
    for (auto at = aliases.find(index_of(term.net)); at != aliases.end(); at = aliases.find(index_of(term.net))) {
      result.constant += term.weight * at->second.constant;
      term = {at->second.source, term.weight * at->second.weight};
    }
    result.terms.push_back(term);
  }
  return result;
}

/// The difference while it is being reduced.
class Reduction {
 public:
  Reduction(std::span<const SumClaim> equations,
            const std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>& producers, const Composer::Aliases& aliases)
      : equations_(equations), producers_(producers), aliases_(aliases) {}

  /// The nets of a form stay as they are, whatever gives them.
  void keep(const LinearForm& form) {
    for (const WeightedNet& term : form.terms) kept_.insert(index_of(term.net));
  }

  void add(const LinearForm& form, std::int64_t factor) {
    for (const WeightedNet& term : form.terms) add(term.net, factor * term.weight);
    constant_ += factor * form.constant;
  }

  /// Replaces the highest net by what it is made of, until no net is left that can be.
  void run() {
    while (!open_.empty()) {
      const auto [net, coefficient] = *open_.rbegin();
      open_.erase(std::prev(open_.end()));
      if (coefficient == 0) continue;
      if (const SumClaim* equation = choose(net, coefficient)) {
        // The net comes back and cancels.
        open_[net] = coefficient;
        apply(*equation, coefficient / weight_of(*equation, net));
      } else {
        loose_[net] += coefficient;
      }
    }
  }

  [[nodiscard]] Difference finish(const Range& outer) const {
    Difference difference;
    std::vector<std::int64_t> bits = existential_;
    for (const auto& [net, coefficient] : loose_) {
      if (coefficient == 0) continue;
      bits.push_back(coefficient);
      difference.loose = net;
    }
    std::sort(bits.begin(), bits.end());
    const Range range = bound_rest(constant_, bits, outer);
    difference.minimum = range.minimum;
    difference.maximum = range.maximum;
    return difference;
  }

 private:
  static std::int64_t weight_of(const SumClaim& equation, NetId net) {
    std::int64_t weight = 0;
    for (const WeightedNet& output : equation.outputs) weight += output.net == net ? output.weight : 0;
    return weight;
  }

  void add(NetId net, std::int64_t coefficient) {
    if (aliases_.contains(index_of(net))) {
      add(resolve({{{net, 1}}, 0}, aliases_), coefficient);
      return;
    }
    if (net == NetId::zero) return;
    if (net == NetId::one) {
      constant_ += coefficient;
      return;
    }
    // What has been given up before only changes its coefficient.
    const auto given_up = loose_.find(net);
    (given_up != loose_.end() ? given_up->second : open_[net]) += coefficient;
  }

  /// An equation that gives `net`, not used yet, whose weight divides its coefficient: the one that takes away most
  /// nets with it.
  const SumClaim* choose(NetId net, std::int64_t coefficient) {
    const auto found = producers_.find(index_of(net));
    if (found == producers_.end() || kept_.contains(index_of(net))) return nullptr;
    const auto& list = found->second;
    const bool has_composed = std::any_of(list.begin(), list.end(), [&](std::uint32_t e) { return equations_[e].is_composed; });
    const SumClaim* best = nullptr;
    std::tuple<std::size_t, bool, bool> best_worth{};
    std::uint32_t best_index = 0;
    for (const std::uint32_t e : list) {
      const SumClaim& equation = equations_[e];
      const std::int64_t weight = weight_of(equation, net);
      if (used_.contains(e) || weight == 0 || coefficient % weight != 0) continue;
      // A wire is an input as well and does not go away: worth it where its coefficient becomes smaller.
      std::int64_t stays = 0;
      for (const WeightedNet& input : equation.inputs) stays += input.net == net ? input.weight : 0;
      if (std::abs(coefficient / weight * stays) >= std::abs(coefficient)) continue;
      std::size_t count = 1;
      for (const WeightedNet& output : equation.outputs) {
        const auto at = open_.find(output.net);
        count += at != open_.end() && at->second == coefficient / weight * output.weight ? 1 : 0;
      }
      // Beside a composed one a wire comes first: only with its smaller coefficient does the net fit that.
      const std::tuple worth(count, has_composed && stays != 0, equation.is_composed);
      if (worth <= best_worth) continue;
      best = &equation;
      best_worth = worth;
      best_index = e;
    }
    if (best != nullptr) used_.insert(best_index);
    return best;
  }

  /// factor * outputs = factor * (inputs + constant) - factor * dropped.
  void apply(const SumClaim& equation, std::int64_t factor) {
    for (const WeightedNet& output : equation.outputs) {
      // A net that comes in as an output only would lead back to where this equation came from.
      if (!open_.contains(output.net)) loose_.emplace(output.net, 0);
      add(output.net, -factor * output.weight);
    }
    for (const WeightedNet& input : equation.inputs) add(input.net, factor * input.weight);
    constant_ += factor * equation.constant;
    for (const std::int64_t weight : equation.dropped) {
      if (weight != 0) existential_.push_back(-factor * weight);
    }
  }

  std::span<const SumClaim> equations_;
  const std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>& producers_;
  const Composer::Aliases& aliases_;
  std::map<NetId, std::int64_t> open_;
  std::map<NetId, std::int64_t> loose_;
  std::vector<std::int64_t> existential_;
  std::unordered_set<std::uint32_t> used_;  // looked up, never iterated
  std::unordered_set<std::uint32_t> kept_;
  std::int64_t constant_ = 0;
};

}  // namespace

Composer::Composer(std::span<const SumClaim> equations) {
  for (const SumClaim& equation : equations) add(equation);
}

void Composer::add(const SumClaim& equation) {
  if (const auto alias = find_alias(equation)) {
    aliases_.emplace(index_of(equation.outputs[0].net), *alias);
    return;
  }
  const auto e = static_cast<std::uint32_t>(equations_.size());
  LinearForm inputs = resolve({equation.inputs, equation.constant}, aliases_);
  LinearForm outputs = resolve({equation.outputs, 0}, aliases_);
  for (const WeightedNet& output : outputs.terms) {
    auto& list = producers_[index_of(output.net)];
    if (list.empty() || list.back() != e) list.push_back(e);
  }
  equations_.push_back({std::move(inputs.terms), inputs.constant - outputs.constant, std::move(outputs.terms), equation.dropped, equation.is_composed});
}

Difference Composer::bound(const LinearForm& left, const LinearForm& right) const {
  const LinearForm sum = resolve(left, aliases_);
  const LinearForm number = resolve(right, aliases_);
  const Range l = range_of(sum);
  const Range r = range_of(number);
  Reduction reduction(equations_, producers_, aliases_);
  reduction.keep(sum);
  reduction.add(sum, 1);
  reduction.add(number, -1);
  reduction.run();
  return reduction.finish({l.minimum - r.maximum, l.maximum - r.minimum});
}

}  // namespace lutgen::prove
