// SPDX-License-Identifier: Apache-2.0
#include "lutgen/map/claims.hpp"

#include <algorithm>
#include <map>

#include "lutgen/eval/reference.hpp"
#include "lutgen/map/map.hpp"
#include "lutgen/netlist/simulate.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"

using namespace lutgen;
using map::WeightedNet;
using netlist::NetId;

namespace {

/// A combinational netlist with random values on all inputs, settled; sample by sample.
class Settled {
 public:
  Settled(const map::Mapped& mapped, base::Rng& rng)
      : driven_(compute_driven_nets(mapped.netlist)), simulator_(mapped.netlist) {
    for (std::size_t i = 0; i < mapped.netlist.feature_bits.size(); ++i) simulator_.set_feature_bit(i, rng.next());
    simulator_.settle();
    for (const map::VirtualNet& net : mapped.claims.virtual_nets) {
      if (!driven_[netlist::index_of(net.net)]) virtual_nets_.emplace(netlist::index_of(net.net), &net);
    }
  }

  [[nodiscard]] bool is_driven(NetId net) const {
    return driven_[netlist::index_of(net)] || virtual_nets_.contains(netlist::index_of(net));
  }
  [[nodiscard]] std::int64_t bit(NetId net, unsigned sample) const {
    const auto found = virtual_nets_.find(netlist::index_of(net));
    if (found == virtual_nets_.end()) return static_cast<std::int64_t>((simulator_.value(net) >> sample) & 1);
    std::uint32_t address = 0;
    const auto& inputs = found->second->inputs;
    for (std::size_t k = 0; k < inputs.size(); ++k) address |= static_cast<std::uint32_t>(bit(inputs[k], sample)) << k;
    return found->second->table.bit(address) ? 1 : 0;
  }
  [[nodiscard]] std::int64_t add_up(const std::vector<WeightedNet>& nets, unsigned sample) const {
    std::int64_t total = 0;
    for (const WeightedNet& term : nets) total += term.weight * bit(term.net, sample);
    return total;
  }

 private:
  std::vector<bool> driven_;
  std::map<std::uint32_t, const map::VirtualNet*> virtual_nets_;
  netlist::Simulator simulator_;
};

/// Whether the equation holds for some value of the dropped bits.
bool holds(const map::SumClaim& claim, const Settled& nets, unsigned sample) {
  std::vector<std::int64_t> missing = claim.dropped;
  std::int64_t total = nets.add_up(claim.inputs, sample) + claim.constant;
  for (const WeightedNet& output : claim.outputs) {
    if (nets.is_driven(output.net)) {
      total -= output.weight * nets.bit(output.net, sample);
    } else {
      missing.push_back(output.weight);
    }
  }
  for (std::uint32_t values = 0; values < (1u << missing.size()); ++values) {
    std::int64_t rest = total;
    for (std::size_t i = 0; i < missing.size(); ++i) rest -= ((values >> i) & 1) != 0 ? missing[i] : 0;
    if (rest == 0) return true;
  }
  return false;
}

bool holds(const map::MatchClaim& claim, const Settled& nets, unsigned sample) {
  const auto number = [&](const std::vector<NetId>& bits) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < bits.size(); ++i) value |= nets.bit(bits[i], sample) << i;
    return value;
  };
  std::size_t best = 0;
  bool pairs_hold = true;
  for (std::size_t j = 1; j < claim.players.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const NetId net = claim.later_wins[map::MatchClaim::pair_index(i, j)];
      const bool later_wins = number(claim.players[i].score) < number(claim.players[j].score);
      if (nets.is_driven(net)) pairs_hold = pairs_hold && nets.bit(net, sample) == (later_wins ? 1 : 0);
    }
    if (number(claim.players[best].score) < number(claim.players[j].score)) best = j;
  }
  // What nothing needs was taken away.
  const auto same = [&](const std::vector<NetId>& found, const std::vector<NetId>& wanted) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (nets.is_driven(found[i]) && nets.bit(found[i], sample) != nets.bit(wanted[i], sample)) return false;
    }
    return true;
  };
  return pairs_hold && same(claim.winner.index, claim.players[best].index) &&
         same(claim.winner.score, claim.players[best].score);
}

}  // namespace

TEST_CASE("what the mapper claims about its cells holds in simulation", "[map][claims][property]") {
  test::property([](std::uint64_t seed) {
    auto model = test::random_model(seed);
    RC_ASSERT(model::validate_model(model, "random").has_value());
    const auto lowered = logic::lower(model, {});
    RC_ASSERT(lowered.has_value());
    const map::MapOptions options{*rc::gen::elementOf(tech::kFamilies), {map::PipelineMode::none}, true,
                                  *rc::gen::element(map::Goal::area, map::Goal::balanced, map::Goal::delay)};
    const auto mapped = map::map_to_netlist(*lowered, options);
    base::Rng rng(seed);
    const Settled nets(mapped, rng);
    for (unsigned s = 0; s < 64; ++s) {
      for (const auto& claim : mapped.claims.sums) RC_ASSERT(holds(claim, nets, s));
      for (const auto& claim : mapped.claims.matches) RC_ASSERT(holds(claim, nets, s));
    }
    RC_ASSERT(mapped.claims.numbers.size() >= lowered->graph.outputs.scores.size());
    for (const auto& number : mapped.claims.numbers) {
      for (const WeightedNet& bit : number.bits) {
        if (mapped.netlist.name(bit.net).tag != netlist::Tag::sum || !nets.is_driven(bit.net)) continue;
        RC_ASSERT(std::any_of(mapped.claims.sums.begin(), mapped.claims.sums.end(), [&](const map::SumClaim& claim) {
          return std::any_of(claim.outputs.begin(), claim.outputs.end(), [&](const auto& o) { return o.net == bit.net; });
        }));
      }
    }
  });
}
