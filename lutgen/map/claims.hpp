// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lutgen/logic/graph.hpp"
#include "lutgen/netlist/netlist.hpp"
#include "lutgen/truth/truth_table.hpp"

namespace lutgen::map {

/// A net as a summand: weight * value, where the value is 0 or 1. Constants are allowed as nets.
struct WeightedNet {
  netlist::NetId net = netlist::NetId::zero;
  std::int64_t weight = 1;
};

/// What a piece of adding hardware does, as an equation between nets:
///
///     sum(weight * net in `inputs`) + constant = sum(weight * net in `outputs`) + sum(w * d for w in `dropped`)
///
/// for every value of the inputs, where each d is a bit of its own, 0 or 1, that hardware does not hold: a sum bit
/// or a carry that is not built. Every cell between the inputs and the outputs reads nothing but inputs (and
/// constants); a net that such a cell reads without being added stands with weight 0. At most 16 different inputs,
/// better 9: all their values are tried.
///
/// Weights are local to the claim (a full adder says 1, 1, 1 = 1, 2, wherever it stands); negative ones are allowed
/// (an inverted bit is 1 - x: weight -1 and 1 more in the constant). One claim for each counter and for each position
/// of a carry chain: small claims are quick to prove. Example, a column of a chain whose sum bit nothing reads:
/// inputs a, b, carry in; outputs {carry out, 2}; dropped {1}. A column with the pins' own nets for both: outputs
/// {sum, 1}, {carry out, 2}.
/// An output that remove_dead_cells takes away counts as dropped: nothing has to be done about it.
///
/// is_composed  of any number of inputs, nothing dropped: it has to follow from the claims before it. For a number that
///              several sums read, so that each of them need not take it apart again.
struct SumClaim {
  std::vector<WeightedNet> inputs = {};
  std::int64_t constant = 0;
  std::vector<WeightedNet> outputs = {};
  std::vector<std::int64_t> dropped = {};
  bool is_composed = false;
};

/// Which nets hold a sum of the logic graph:
///
///     value of `sum` = sum(weight * net in `bits`) + constant + r,  0 <= r <= rest_maximum
///
/// It follows from the SumClaims behind `bits`, whose inputs must lead to the nets of the sum's terms; r stands for
/// sum bits that are not built. Carries that are dropped since they cannot occur need no mention. Examples:
///   whole sum s of n bits      bits {s[i], 2^i}, constant 0, rest_maximum 0
///   low m bits not built       bits {s[i], 2^i} for i >= m, rest_maximum 2^m - 1
///   only the carry out of      bits {carry, 2^m}, constant -k, rest_maximum 2^m - 1:
///   sum + k at 2^m             the net is the comparison sum > 2^m - 1 - k
struct NumberClaim {
  logic::SumId sum = logic::SumId{0};
  std::vector<WeightedNet> bits = {};
  std::int64_t constant = 0;
  std::int64_t rest_maximum = 0;
};

/// No number: see BitClaim.
inline constexpr std::uint32_t kNoNumber = 0xFFFFFFFF;

/// `net` holds `bit` of the logic graph. For a table it is a function of the nets that hold the table's inputs. For a
/// comparison it is a function of the bits of a NumberClaim for the compared sum, which decides it whatever that
/// claim's r is: `number` is what Builder::claim gave for it. The net may be one of the number's bits itself.
struct BitClaim {
  netlist::NetId net = netlist::NetId::zero;
  logic::BitId bit = logic::BitId::zero;
  std::uint32_t number = kNoNumber;
};

/// A logic value without a net of its own, since a cell computes it inside: `net` (made with Builder::add_net, driven
/// and read by no cell) stands for table(inputs). With a BitClaim it can be a term of a sum, and SumClaims have it
/// among their inputs; their cells then read its inputs. Example: a counter whose LUT takes a & b as one of its bits.
///
/// inputs  nets that cells drive, ports or constants, not virtual ones
struct VirtualNet {
  netlist::NetId net = netlist::NetId::zero;
  truth::TruthTable table{0};
  std::vector<netlist::NetId> inputs = {};
};

/// One match of the argmax tournament between the best of some classes each; the classes of a player come before those
/// of the next.
///
/// players     score nets and index nets; least significant bit first, scores unsigned, equal widths
/// later_wins  for each pair i < j, in the order (0, 1), (0, 2), (1, 2), (0, 3), ...: holds score i < score j
/// winner      score nets (empty where nothing needs them) and index nets, bit by bit the OR over all players i of the
///             player's bit and `i wins`: all its pairs with earlier players are 1, all with later ones 0
struct MatchClaim {
  struct Player {
    std::vector<netlist::NetId> score = {};
    std::vector<netlist::NetId> index = {};
  };
  std::vector<Player> players = {};
  std::vector<netlist::NetId> later_wins = {};
  Player winner = {};

  /// Where the pair i < j stands in `later_wins`.
  [[nodiscard]] static std::size_t pair_index(std::size_t i, std::size_t j) { return j * (j - 1) / 2 + i; }
};

/// What the mapper says about the nets that it makes. The prover takes it as hints of how to cut the proof into small
/// pieces and believes none of it.
///
/// Claims hold for the netlist without registers: insert_registers changes none of the values, only when they are
/// there. Nets keep the ids that they have here; a cell behind a register reads a delayed copy, whose name differs
/// in `delay` only, and which counts as the same net.
/// SumClaims stand in evaluation order: what a claim's inputs depend on is claimed before.
struct Claims {
  std::vector<SumClaim> sums;
  std::vector<NumberClaim> numbers;
  std::vector<BitClaim> bits;
  std::vector<VirtualNet> virtual_nets;
  std::vector<MatchClaim> matches;
};

}  // namespace lutgen::map
