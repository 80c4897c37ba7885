// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/claim_check.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "lutgen/base/result.hpp"
#include "lutgen/prove/claim_text.hpp"
#include "lutgen/prove/composition.hpp"

namespace lutgen::prove {
namespace {

using logic::BitId;
using logic::BitKind;
using logic::SumId;
using netlist::NetId;
using netlist::NetName;
using netlist::Unit;

class ClaimCheck {
 public:
  ClaimCheck(const ClaimJob& job, Gates& gates)
      : job_(job), gates_(gates), local_(gates, job.features, job.limits), bit_nodes_(job.graph.bit_count()),
        bit_nets_(job.graph.bit_count(), kNowhere) {}

  ClaimResult run() {
    bit_nodes_[0] = NodeId::zero;
    bit_nodes_[1] = NodeId::one;
    bit_nets_[0] = NetId::zero;
    bit_nets_[1] = NetId::one;
    for (std::uint32_t i = 2; i < job_.graph.bit_count(); ++i) {
      if (job_.graph.kind(BitId{i}) != BitKind::input) continue;
      bit_nodes_[i] = job_.features[job_.graph.input_index(BitId{i})];
      bit_nets_[i] = job_.claim_nets.feature_bits[job_.graph.input_index(BitId{i})];
    }
    add_virtual_nets();
    for (const map::BitClaim& claim : job_.claims.bits) {
      bit_nets_[logic::index_of(claim.bit)] = claim.net;
      if (!node(claim.net)) given_.insert(index_of(claim.net));
    }
    check_sums();
    check_bits();
    check_output_bits();
    check_output_scores();
    if (job_.graph.outputs.argmax) check_argmax();
    result_.patterns = local_.patterns();
    result_.conflicts = local_.conflicts();
    return std::move(result_);
  }

 private:
  /// The values with which the last check failed: "l0_f3_t0_y = 1, ...".
  [[nodiscard]] std::string failure_text() const {
    const auto& failure = local_.failure();
    std::string text;
    for (std::size_t k = 0; k < failure.leaves.size(); ++k) {
      text += fmt::format("{}{} = {}", k == 0 ? "" : ", ", job_.describe(failure.leaves[k]), failure.assignment >> k & 1);
    }
    return text;
  }

  void fault(Fault fault) {
    if (is_deferred_) {
      deferred_.push_back(std::move(fault));
      return;
    }
    ++result_.fault_count;
    if (result_.faults.size() < kMaxFaults) result_.faults.push_back(std::move(fault));
  }

  void progress(std::string_view stage, std::size_t done, std::size_t total) const {
    if (job_.progress != nullptr && (done % 256 == 0 || done == total)) job_.progress->update(stage, done, total);
  }

  static void count(ClaimCounts& counts, Shown shown) {
    switch (shown) {
      case Shown::structure: ++counts.structure; break;
      case Shown::exhaustive: ++counts.exhaustive; break;
      case Shown::sat: ++counts.sat; break;
      case Shown::failed: ++counts.failed; break;
    }
  }

  // ---- nets

  [[nodiscard]] std::optional<NodeId> node(NetId net) const {
    const std::uint32_t n = index_of(net);
    return job_.nodes[n] ? job_.nodes[n] : virtual_nodes_[n];
  }

  /// The node of a net. A net that is missing (nothing needs it) becomes an input of the graph: nothing is known of it,
  /// so what is proven holds whatever it would be.
  NodeId node_or_unknown(NetId net) {
    if (const auto found = node(net)) return *found;
    const auto [at, is_new] = unknown_.try_emplace(index_of(net), NodeId::zero);
    if (is_new) at->second = gates_.add_input();
    return at->second;
  }

  std::vector<NodeId> nodes_or_unknown(std::span<const NetId> nets) {
    std::vector<NodeId> nodes;
    for (const NetId net : nets) nodes.push_back(node_or_unknown(net));
    return nodes;
  }

  /// Values that a cell computes inside have a node of their own, which claims may name.
  void add_virtual_nets() {
    virtual_nodes_.resize(job_.claim_nets.net_count());
    virtual_leaves_.resize(job_.claim_nets.net_count());
    for (const map::VirtualNet& claim : job_.claims.virtual_nets) {
      if (job_.nodes[index_of(claim.net)]) continue;  // it is there after all
      const std::vector<NodeId> inputs = nodes_or_unknown(claim.inputs);
      virtual_nodes_[index_of(claim.net)] = add_table(gates_, claim.table, inputs);
      virtual_leaves_[index_of(claim.net)] = inputs;
    }
  }

  // ---- counters and adders

  void check_sums() {
    const auto& sums = job_.claims.sums;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      progress("prove: counters", i + 1, sums.size());
      sums[i].is_composed ? check_composed(sums[i]) : check_sum(sums[i]);
    }
  }

  /// The number that several sums share. It has to follow from the counters before it, exactly; where it does not, those
  /// that use it show it.
  void check_composed(const map::SumClaim& claim) {
    const Difference difference = composer_.bound({claim.inputs, claim.constant}, {claim.outputs, 0});
    ++result_.numbers;
    if (difference.minimum == 0 && difference.maximum == 0) composer_.add(claim);
  }

  /// An output that is missing is a bit that makes the equation true: a value of its own, which other equations may
  /// go on to use. Each such net gets its value from one equation only.
  void check_sum(const map::SumClaim& claim) {
    Equation equation{{}, claim.constant, {}, claim.dropped};
    std::vector<NodeId> leaves;
    for (const map::WeightedNet& input : claim.inputs) {
      const NodeId id = node_or_unknown(input.net);
      if (input.weight != 0) equation.inputs.push_back({id, input.weight});
      const auto& inner = virtual_leaves_[index_of(input.net)];
      if (inner.empty()) {
        leaves.push_back(id);
      } else {
        leaves.insert(leaves.end(), inner.begin(), inner.end());
      }
    }
    map::SumClaim built{claim.inputs, claim.constant, {}, claim.dropped};
    NetId first_output = NetId::zero;
    for (const map::WeightedNet& output : claim.outputs) {
      // An input may be an output as it is.
      const bool is_wire = std::any_of(claim.inputs.begin(), claim.inputs.end(), [&](const auto& in) { return in.net == output.net; });
      const auto found = is_wire ? node_or_unknown(output.net) : node(output.net);
      if (found) {
        equation.outputs.push_back({*found, output.weight});
        if (index_of(first_output) <= 1) first_output = output.net;
      } else {
        equation.dropped.push_back(output.weight);
      }
      if (found || given_.insert(index_of(output.net)).second) {
        built.outputs.push_back(output);
      } else {
        built.dropped.push_back(output.weight);
      }
    }
    const Shown shown = local_.check_equation(equation, leaves);
    if (shown != Shown::failed) {
      composer_.add(built);
    } else {
      failed_sums_.push_back({job_.claim_nets.name(first_output), sum_fault(claim, equation, first_output)});
    }
    if (!equation.outputs.empty()) count(result_.sums, shown);
  }

  Fault sum_fault(const map::SumClaim& claim, const Equation& equation, NetId first_output) {
    Fault fault{FaultKind::sum, place_of(job_, job_.claim_nets.name(first_output)), net_text(job_, first_output), "", ""};
    const auto text = [&](const std::vector<map::WeightedNet>& terms) {
      std::string result;
      for (const map::WeightedNet& term : terms) {
        if (term.weight == 0) continue;
        result += fmt::format("{}{}{}", result.empty() ? "" : " + ",
                              term.weight == 1 ? "" : fmt::format("{} * ", term.weight), net_text(job_, term.net));
      }
      return result;
    };
    fault.expected = fmt::format("{}{} = {}", text(claim.outputs), claim.dropped.empty() ? "" : " + bits not built",
                                 text(claim.inputs));
    if (claim.constant != 0) fault.expected += fmt::format(" + {}", claim.constant);
    std::int64_t total = 0;
    for (const WeightedNode& output : equation.outputs) {
      total += local_.value_in_failure(output.node).value_or(false) ? output.weight : 0;
    }
    fault.found = local_.failure().leaves.empty() ? "outputs that read other nets"
                                                  : fmt::format("{} with {}", total, failure_text());
    return fault;
  }

  // ---- tables and comparisons

  void check_bits() {
    std::vector<const map::BitClaim*> order;
    for (const map::BitClaim& claim : job_.claims.bits) order.push_back(&claim);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->bit < b->bit; });
    for (std::size_t i = 0; i < order.size(); ++i) {
      progress("prove: tables and comparisons", i + 1, order.size());
      const auto found = node(order[i]->net);
      if (!found) continue;  // nothing reads it, or what does fails
      if (job_.graph.kind(order[i]->bit) == BitKind::lut) {
        check_table(*order[i], *found);
      } else {
        check_comparison(*order[i], *found);
      }
      bit_nodes_[logic::index_of(order[i]->bit)] = *found;
    }
  }

  /// The node that holds a bit of the graph; an unknown one where none does.
  NodeId bit_node(BitId bit) {
    const auto& found = bit_nodes_[logic::index_of(bit)];
    const NetId net = bit_nets_[logic::index_of(bit)];
    return found ? *found : net != kNowhere ? node_or_unknown(net) : gates_.add_input();
  }

  void check_table(const map::BitClaim& claim, NodeId found) {
    std::vector<NodeId> inputs;
    for (const BitId fanin : job_.graph.fanins(claim.bit)) inputs.push_back(bit_node(fanin));
    const NodeId wanted = add_table(gates_, job_.graph.table(claim.bit), inputs);
    const Shown shown = local_.check_zero(add_difference(gates_, found, wanted), inputs);
    count(result_.values, shown);
    if (shown != Shown::failed) return;
    report_value(FaultKind::value, claim, found, wanted);
  }

  void report_value(FaultKind kind, const map::BitClaim& claim, NodeId found, NodeId wanted) {
    const auto expected_value = local_.value_in_failure(wanted);
    const auto found_value = local_.value_in_failure(found);
    const auto origin = job_.graph.origin(claim.bit);
    const NetName& name = job_.claim_nets.name(claim.net);
    const bool own = name.unit != Unit::input && name.layer == origin.layer;
    Fault value{kind, own ? place_of(job_, name) : place_of(job_, origin), net_text(job_, claim.net), "the model's function", "another"};
    if (expected_value && found_value) {
      value.expected = fmt::format("{} with {}", *expected_value ? 1 : 0, failure_text());
      value.found = *found_value ? "1" : "0";
    }
    fault(std::move(value));
  }

  /// Terms of a sum, as nets; those without one count as one more net that nothing is known of.
  LinearForm form_of(SumId sum) {
    LinearForm form{{}, job_.graph.sum(sum).constant};
    for (const logic::Term& term : job_.graph.terms(sum)) {
      form.terms.push_back({bit_nets_[logic::index_of(term.bit)], term.weight});
    }
    return form;
  }

  /// Shows sum = number + r with 0 <= r <= rest_maximum; faults of the counters behind it where it is not.
  bool check_number(SumId sum, const LinearForm& number, std::int64_t rest_maximum, const std::string& place,
                    const std::string& net) {
    const Difference difference = composer_.bound(form_of(sum), number);
    ++result_.numbers;
    if (difference.minimum >= 0 && difference.maximum <= rest_maximum) return true;
    const auto origin = job_.graph.sum(sum).origin;
    bool explained = false;
    for (auto& [name, why] : failed_sums_) {
      if (name.layer != origin.layer || name.index != origin.index) continue;
      explained = true;
      if (!why.net.empty()) fault(std::exchange(why, {}));
    }
    if (!explained) {
      const std::string loose = difference.loose ? net_text(job_, *difference.loose) : "";
      fault({FaultKind::sum, place, net, "the sum of all its bits, each once",
             loose.empty() ? fmt::format("a number that may be off by {} to {}", difference.minimum, difference.maximum)
                           : fmt::format("a number in which {} does not count as it should", loose)});
    }
    return false;
  }

  /// Whether sum > constant has the same value whatever the terms are.
  bool is_always(SumId sum, std::int64_t constant, bool value) {
    const Difference range = composer_.bound(form_of(sum), {});
    return value ? range.minimum > constant : range.maximum <= constant;
  }

  void check_comparison(const map::BitClaim& claim, NodeId found) {
    LUTGEN_CHECK(claim.number < job_.claims.numbers.size());
    const map::NumberClaim& number = job_.claims.numbers[claim.number];
    const SumId sum = job_.graph.compared_sum(claim.bit);
    LUTGEN_CHECK(number.sum == sum);
    if (gates_.is_constant(found) && is_always(sum, job_.graph.compared_constant(claim.bit), found == NodeId::one)) {
      ++result_.numbers;
      ++result_.comparisons.structure;
      return;
    }
    std::vector<WeightedNode> terms;
    std::vector<NodeId> leaves;
    for (const map::WeightedNet& bit : number.bits) {
      leaves.push_back(node_or_unknown(bit.net));
      terms.push_back({leaves.back(), bit.weight});
    }
    if (!check_number(sum, {number.bits, number.constant}, number.rest_maximum, place_of(job_, job_.claim_nets.name(claim.net)), net_text(job_, claim.net))) {
      ++result_.comparisons.failed;
      return;
    }
    // sum > c, sum = number + r: for the smallest and for the largest r.
    const std::int64_t limit = job_.graph.compared_constant(claim.bit) - number.constant;
    Shown worst = Shown::structure;
    for (const std::int64_t rest : {std::int64_t{0}, number.rest_maximum}) {
      const NodeId wanted = add_exceeds(gates_, terms, limit - rest);
      const Shown shown = local_.check_zero(add_difference(gates_, found, wanted), leaves);
      worst = std::max(worst, shown);
      if (shown == Shown::failed) {
        report_value(FaultKind::comparison, claim, found, wanted);
        break;
      }
      if (number.rest_maximum == 0) break;
    }
    count(result_.comparisons, worst);
  }

  // ---- outputs

  void check_output_bits() {
    const auto& wanted = job_.graph.outputs.bits;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto known = bit_nodes_[logic::index_of(wanted[i])];
      if (known && *known == job_.bits[i]) continue;
      fault({FaultKind::output, fmt::format("port bits, bit {}", i), job_.describe(job_.bits[i]),
             known ? job_.describe(*known) : "the value of " + place_of(job_, job_.graph.origin(wanted[i])), "another net"});
    }
  }

  void check_output_scores() {
    const auto& sums = job_.graph.outputs.scores;
    if (job_.scores.empty() || sums.empty()) return;
    const std::size_t width = job_.scores.size() / sums.size();
    for (std::size_t c = 0; c < sums.size(); ++c) {
      const std::string place = fmt::format("port scores, class {}", c);
      const std::vector<NetId> nets = score_nets(sums[c]);
      LUTGEN_CHECK(nets.size() <= width);
      if (!check_score(sums[c], nets, place)) continue;
      for (std::size_t i = 0; i < width; ++i) {
        const NodeId found = job_.scores[c * width + i];
        const auto wanted = i < nets.size() ? node(nets[i]) : NodeId::zero;
        if (wanted == found) continue;
        fault({FaultKind::output, fmt::format("{}, bit {}", place, i), job_.describe(found),
               i < nets.size() ? net_text(job_, nets[i]) : "1'b0", "another net"});
      }
    }
  }

  /// The nets that are claimed to hold a sum as a whole, least significant bit first.
  [[nodiscard]] std::vector<NetId> score_nets(SumId sum) const {
    std::vector<NetId> nets;
    for (const map::NumberClaim& number : job_.claims.numbers) {
      if (number.sum != sum || number.constant != 0 || number.rest_maximum != 0) continue;
      nets.clear();
      for (const map::WeightedNet& bit : number.bits) {
        if (bit.weight == std::int64_t{1} << nets.size()) nets.push_back(bit.net);
      }
      if (nets.size() == number.bits.size()) break;
    }
    return nets;
  }

  /// Whether nets hold a sum as an unsigned number; asked once for each.
  bool check_score(SumId sum, std::span<const NetId> nets, const std::string& place) {
    const std::pair key{sum, std::vector(nets.begin(), nets.end())};
    if (const auto known = known_scores_.find(key); known != known_scores_.end()) return known->second;
    LinearForm form;
    for (std::size_t i = 0; i < nets.size(); ++i) form.terms.push_back({nets[i], std::int64_t{1} << i});
    const auto origin = job_.graph.sum(sum).origin;
    const std::string group = fmt::format("{}, group {} ({})", layer_text(job_, origin.layer), origin.index, place);
    return known_scores_[key] = check_number(sum, form, 0, group, nets.empty() ? "" : net_text(job_, nets[0]));
  }

  /// A player of the tournament: the best of the classes first to last, both included. `known`: its nets were proven to
  /// hold that; else nothing is assumed of them.
  struct Player {
    std::size_t first = 0;
    std::size_t last = 0;
    bool known = false;
    std::vector<NodeId> score;
    std::vector<NodeId> index;
  };
  using Nets = std::pair<std::vector<NetId>, std::vector<NetId>>;

  /// The player behind nets: a winner of an earlier match, or a single class by its constant index.
  std::optional<Player> player_of(const map::MatchClaim::Player& nets) {
    const auto& sums = job_.graph.outputs.scores;
    Player player;
    if (const auto winner = winners_.find({nets.score, nets.index}); winner != winners_.end()) {
      player = winner->second;
    } else {
      std::size_t index = 0;
      for (std::size_t i = 0; i < nets.index.size(); ++i) {
        if (index_of(nets.index[i]) > 1) return std::nullopt;
        index |= std::size_t{index_of(nets.index[i])} << i;
      }
      if (index >= sums.size()) return std::nullopt;
      player.first = player.last = index;
      player.known = check_score(sums[index], nets.score, fmt::format("score of class {}", index));
    }
    player.score = player.known ? nodes_or_unknown(nets.score) : unknown(nets.score.size());
    // The index of a single class is a constant whatever becomes of its score.
    player.index = player.known || player.first == player.last ? nodes_or_unknown(nets.index) : unknown(nets.index.size());
    return player;
  }

  std::vector<NodeId> unknown(std::size_t count) {
    std::vector<NodeId> nodes(count);
    for (NodeId& id : nodes) id = gates_.add_input();
    return nodes;
  }

  /// Every score is a number of `width` bits, also where no net holds it.
  [[nodiscard]] bool scores_fit(std::size_t width) {
    const std::int64_t limit = std::int64_t{1} << width;
    return std::all_of(job_.graph.outputs.scores.begin(), job_.graph.outputs.scores.end(), [&](SumId sum) {
      std::int64_t low = job_.graph.sum(sum).constant;
      std::int64_t high = low;
      for (const logic::Term& term : job_.graph.terms(sum)) (term.weight < 0 ? low : high) += term.weight;
      return low >= 0 && high < limit;
    });
  }

  void check_argmax() {
    const std::size_t classes = job_.graph.outputs.scores.size();
    std::optional<Nets> champion;
    // Scores and matches that nothing needs are gone or in pieces: what does not hold matters only if it is missed.
    is_deferred_ = true;
    for (std::size_t m = 0; m < job_.claims.matches.size(); ++m) {
      const map::MatchClaim& match = job_.claims.matches[m];
      progress("prove: argmax", m + 1, job_.claims.matches.size());
      const auto players = players_of(match);
      if (players.empty()) continue;  // it would show at the end
      const bool holds = check_match(match, players);
      const Nets nets{match.winner.score, match.winner.index};
      // A winner without a score can win the last match only.
      if (!match.winner.score.empty()) winners_[nets] = {players.front().first, players.back().last, holds, {}, {}};
      if (holds && players.front().first == 0 && players.back().last + 1 == classes) champion = nets;
    }
    is_deferred_ = false;
    if (classes == 1) champion = Nets{{}, {NetId::zero}};
    if (!champion) {
      for (Fault& missed : deferred_) {
        result_.matches.failed += missed.kind == FaultKind::match ? 1 : 0;
        fault(std::move(missed));
      }
      if (result_.fault_count == 0) {
        fault({FaultKind::match, layer_text(job_, job_.graph.outputs.argmax_layer), "", "matches between all classes", "fewer"});
      }
      return;
    }
    const std::vector<NodeId> index = nodes_or_unknown(champion->second);
    LUTGEN_CHECK(index.size() <= job_.class_index.size());
    for (std::size_t i = 0; i < job_.class_index.size(); ++i) {
      const NodeId wanted = i < index.size() ? index[i] : NodeId::zero;
      if (job_.class_index[i] == wanted) continue;
      fault({FaultKind::output, fmt::format("port class_index, bit {}", i), job_.describe(job_.class_index[i]),
             job_.describe(wanted), "another net"});
    }
  }

  /// All players of a match; none where one is not known or they are no neighbours.
  std::vector<Player> players_of(const map::MatchClaim& match) {
    std::vector<Player> players;
    for (const auto& nets : match.players) {
      auto player = player_of(nets);
      if (!player || (!players.empty() && players.back().last + 1 != player->first)) return {};
      players.push_back(std::move(*player));
    }
    return players;
  }

  static bool has_equal_widths(const map::MatchClaim& match) {
    const auto& first = match.players[0];
    const auto is_equal = [&](const map::MatchClaim::Player& player) {
      return player.score.size() == first.score.size() && player.index.size() == first.index.size();
    };
    return match.later_wins.size() == match.players.size() * (match.players.size() - 1) / 2 && is_equal({first.score, match.winner.index}) &&
           (match.winner.score.empty() || is_equal(match.winner)) && std::all_of(match.players.begin(), match.players.end(), is_equal);
  }

  bool check_match(const map::MatchClaim& match, const std::vector<Player>& players) {
    LUTGEN_CHECK(has_equal_widths(match) && scores_fit(match.players[0].score.size()));
    Shown worst = Shown::structure;
    std::vector<NodeId> pairs;
    std::vector<NodeId> wins(players.size(), NodeId::one);
    for (std::size_t j = 1; j < players.size(); ++j) {
      for (std::size_t i = 0; i < j; ++i) {
        pairs.push_back(node_or_unknown(match.later_wins[map::MatchClaim::pair_index(i, j)]));
        worst = std::max(worst, check_pair(match, i, j, players[i].score, players[j].score));
        wins[i] = add_choice(gates_, pairs.back(), wins[i], NodeId::zero);
        wins[j] = add_choice(gates_, pairs.back(), NodeId::zero, wins[j]);
      }
    }
    const auto choose = [&](std::vector<NodeId> Player::* part, const std::vector<NetId>& winner) {
      for (std::size_t b = 0; b < winner.size(); ++b) {
        if (!node(winner[b])) continue;  // nothing reads it
        NodeId wanted = NodeId::zero;
        std::vector<NodeId> leaves = pairs;
        for (std::size_t i = 0; i < players.size(); ++i) {
          leaves.push_back((players[i].*part)[b]);
          wanted = add_choice(gates_, wins[i], wanted, leaves.back());
        }
        worst = std::max(worst, check_match_bit(match, *node(winner[b]), wanted, leaves, winner[b], "the bit of the player that wins"));
      }
    };
    choose(&Player::score, match.winner.score);
    choose(&Player::index, match.winner.index);
    if (worst != Shown::failed) count(result_.matches, worst);
    return worst != Shown::failed;
  }

  /// One pair of players; a net that nothing reads holds nothing.
  Shown check_pair(const map::MatchClaim& match, std::size_t i, std::size_t j, const std::vector<NodeId>& left,
                   const std::vector<NodeId>& right) {
    const NetId net = match.later_wins[map::MatchClaim::pair_index(i, j)];
    if (!node(net)) return Shown::structure;
    std::vector<WeightedNode> terms;
    std::vector<NodeId> leaves;
    for (std::size_t b = 0; b < left.size(); ++b) {
      leaves.insert(leaves.end(), {left[b], right[b]});
      terms.insert(terms.end(), {{right[b], std::int64_t{1} << b}, {left[b], -(std::int64_t{1} << b)}});
    }
    return check_match_bit(match, node_or_unknown(net), add_exceeds(gates_, std::move(terms), 0), leaves, net, "left < right");
  }

  Shown check_match_bit(const map::MatchClaim& match, NodeId found, NodeId wanted, std::vector<NodeId> leaves, NetId net,
                        const char* rule) {
    const Shown shown = local_.check_zero(add_difference(gates_, found, wanted), leaves);
    if (shown != Shown::failed) return shown;
    const NetName& name = job_.claim_nets.name(index_of(net) > 1 ? net : match.later_wins[0]);
    Fault why{FaultKind::match, place_of(job_, name), net_text(job_, net), rule, "another function"};
    const auto expected_value = local_.value_in_failure(wanted);
    if (const auto found_value = local_.value_in_failure(found); found_value && expected_value) {
      why.expected = fmt::format("{}: {} with {}", rule, *expected_value ? 1 : 0, failure_text());
      why.found = *found_value ? "1" : "0";
    }
    fault(std::move(why));
    return shown;
  }

  const ClaimJob& job_;
  Gates& gates_;
  LocalChecker local_;
  std::vector<std::optional<NodeId>> bit_nodes_;
  std::vector<NetId> bit_nets_;
  std::vector<std::optional<NodeId>> virtual_nodes_;
  std::vector<std::vector<NodeId>> virtual_leaves_;
  std::unordered_map<std::uint32_t, NodeId> unknown_;  // looked up, never iterated
  std::unordered_set<std::uint32_t> given_;            // missing nets whose value is settled; never iterated
  std::vector<std::pair<NetName, Fault>> failed_sums_;
  Composer composer_;
  std::map<std::pair<SumId, std::vector<NetId>>, bool> known_scores_;
  std::map<Nets, Player> winners_;
  std::vector<Fault> deferred_;
  bool is_deferred_ = false;
  ClaimResult result_;
};

}  // namespace

ClaimResult check_claims(const ClaimJob& job, Gates& gates) { return ClaimCheck(job, gates).run(); }

}  // namespace lutgen::prove
