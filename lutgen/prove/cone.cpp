// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/cone.hpp"

#include <algorithm>

namespace lutgen::prove {
namespace {

/// A local cone has tens of gates; one of more is no local cone.
constexpr std::size_t kMaxGates = 4096;

}  // namespace

bool Cone::collect(std::span<const NodeId> roots, std::span<const NodeId> leaves) {
  seen_.resize(gates_.node_count(), 0);
  values_.resize(gates_.node_count(), 0);
  values_[1] = ~std::uint64_t{0};
  ++round_;
  leaves_.clear();
  inner_.clear();
  for (const NodeId leaf : leaves) {
    if (gates_.is_constant(leaf) || seen_[index_of(leaf)] == round_) continue;
    seen_[index_of(leaf)] = round_;
    leaves_.push_back(leaf);
  }
  // A leaf that is a function of other leaves alone is no free value.
  const auto depends = [&](NodeId leaf) {
    const auto fanins = gates_.fanins(leaf);
    return !fanins.empty() && std::all_of(fanins.begin(), fanins.end(), [&](NodeId id) { return seen_[index_of(id)] == round_; });
  };
  const std::vector<NodeId> all = leaves_;
  std::erase_if(leaves_, depends);
  for (const NodeId leaf : all) {
    if (depends(leaf)) inner_.push_back(leaf);
  }
  if (leaves_.size() > kExhaustiveLeaves) return false;
  for (const NodeId root : roots) {
    if (!visit(root)) return false;
  }
  std::sort(inner_.begin(), inner_.end());  // ids grow in evaluation order
  return true;
}

bool Cone::visit(NodeId root) {
  stack_.assign(1, root);
  while (!stack_.empty()) {
    const NodeId id = stack_.back();
    stack_.pop_back();
    if (gates_.is_constant(id) || seen_[index_of(id)] == round_) continue;
    seen_[index_of(id)] = round_;
    if (gates_.is_input(id)) {
      leaves_.push_back(id);
      if (leaves_.size() > kExhaustiveLeaves) return false;
      continue;
    }
    inner_.push_back(id);
    if (inner_.size() > kMaxGates) return false;
    for (const NodeId fanin : gates_.fanins(id)) stack_.push_back(fanin);
  }
  return true;
}

std::uint32_t Cone::word_count() const {
  return leaves_.size() <= 6 ? 1 : std::uint32_t{1} << (leaves_.size() - 6);
}

void Cone::evaluate(std::uint32_t word) {
  for (std::size_t k = 0; k < leaves_.size(); ++k) {
    std::uint64_t pattern = 0;
    if (k < 6) {
      // Bit s is bit k of s.
      constexpr std::uint64_t kPatterns[6] = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                              0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};
      pattern = kPatterns[k];
    } else if ((word >> (k - 6) & 1) != 0) {
      pattern = ~std::uint64_t{0};
    }
    values_[index_of(leaves_[k])] = pattern;
  }
  std::array<std::uint64_t, kGateInputs> in{};
  for (const NodeId id : inner_) {
    const auto fanins = gates_.fanins(id);
    for (std::size_t k = 0; k < fanins.size(); ++k) in[k] = values_[index_of(fanins[k])];
    values_[index_of(id)] = evaluate_gate(gates_.gate(id).table, std::span(in).first(fanins.size()));
  }
}

}  // namespace lutgen::prove
