// SPDX-License-Identifier: Apache-2.0
#include "lutgen/prove/table_check.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <span>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/truth/word_values.hpp"

namespace lutgen::prove {
namespace {

using logic::BitId;
using netlist::CellId;
using netlist::index_of;
using netlist::NetId;
using netlist::Netlist;
using Word = std::uint64_t;

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr std::size_t kClaimsPerPiece = 65536;
/// More cells than this between a table's net and its inputs are not looked at.
constexpr std::size_t kMostCells = 4096;

/// What every table's check looks at, made once.
struct Index {
  const logic::Graph& graph;
  const Netlist& net;
  std::vector<std::uint32_t> driver;  // [nets]: the cell, or of a flop's output the net before it; kNone
  std::vector<bool> is_wire;          // [nets]: driven by a flop: `driver` is a net
  std::vector<NetId> net_of;          // [bits]: by the claims
  std::vector<bool> has_net;          // [bits]
  std::map<NetId, const map::VirtualNet*> inside;

  Index(const logic::Graph& logic, const map::Mapped& mapped)
      : graph(logic), net(mapped.netlist), driver(net.net_count(), kNone), is_wire(net.net_count(), false), net_of(logic.bit_count(), NetId::zero),
        has_net(logic.bit_count(), false) {
    for (std::uint32_t c = 0; c < net.cell_count(); ++c) {
      const bool is_flop = tech::cell_type(net.cell(CellId{c}).type).role == tech::CellRole::flop;
      for (const NetId output : net.output_pins(CellId{c})) {
        driver[index_of(output)] = is_flop ? index_of(data_of(CellId{c})) : c;
        is_wire[index_of(output)] = is_flop;
      }
    }
    for (std::uint32_t b = 0; b < logic.bit_count(); ++b) {
      const BitId bit{b};
      if (logic.kind(bit) == logic::BitKind::constant) set(bit, bit == BitId::one ? NetId::one : NetId::zero);
      if (logic.kind(bit) == logic::BitKind::input) set(bit, net.feature_bits[logic.input_index(bit)]);
    }
    for (const map::BitClaim& claim : mapped.claims.bits) set(claim.bit, claim.net);
    for (const map::VirtualNet& virtual_net : mapped.claims.virtual_nets) inside.emplace(virtual_net.net, &virtual_net);
  }

  void set(BitId bit, NetId id) {
    net_of[logic::index_of(bit)] = id;
    has_net[logic::index_of(bit)] = true;
  }

  /// The net before a flop.
  [[nodiscard]] NetId data_of(CellId flop) const {
    const auto& type = tech::cell_type(net.cell(flop).type);
    auto pins = net.pins(flop);
    for (const tech::Pin& pin : type.pins) {
      if (pin.name == "D" || pin.name == "DI") return pins[0];
      pins = pins.subspan(pin.pin_bits);
    }
    LUTGEN_CHECK(false);
  }

  /// The net of the same value in front of all registers.
  [[nodiscard]] NetId source(NetId id) const {
    while (is_wire[index_of(id)]) id = NetId{driver[index_of(id)]};
    return id;
  }
};

/// Checks one claim after the other; one a thread.
class Checker {
 public:
  explicit Checker(const Index& index) : index_(index) {}

  /// Why the net is not shown to hold the table; "" where it is.
  std::string check(const map::BitClaim& claim) {
    variables_.clear();
    order_.clear();
    for (const BitId fanin : index_.graph.fanins(claim.bit)) {
      if (!index_.has_net[logic::index_of(fanin)]) return "an input of the table has no net";
      add_variables(index_.net_of[logic::index_of(fanin)]);
    }
    if (variables_.size() > truth::kMaxInputs) return "it reads more than 16 nets";
    if (!visit(claim.net)) return problem_;
    const std::size_t blocks = variables_.size() <= 6 ? 1 : std::size_t{1} << (variables_.size() - 6);
    for (std::size_t block = 0; block < blocks; ++block) {
      const Word found = evaluate(claim.net, block);
      const Word wrong = found ^ expected(claim.bit);
      if (wrong != 0) return different(claim.bit, wrong, found);
    }
    return "";
  }

 private:
  struct Value {
    NetId net;
    Word word = 0;
  };

  [[nodiscard]] const map::VirtualNet* find_inside(NetId id) const {
    if (index_.inside.empty()) return nullptr;
    const auto found = index_.inside.find(id);
    return found == index_.inside.end() ? nullptr : found->second;
  }

  /// The nets whose values are tried: those of the table's inputs, or what they are inside a cell or behind an inverter.
  void add_variables(NetId raw) {
    const NetId id = index_.source(raw);
    if (const map::VirtualNet* inside = find_inside(id)) {
      for (const NetId input : inside->inputs) add_variables(input);
      return;
    }
    if (index_of(id) < 2) return;
    const bool is_new = std::none_of(variables_.begin(), variables_.end(), [&](const Value& value) { return value.net == id; });
    if (is_new) variables_.push_back({id, 0});
  }

  [[nodiscard]] const Value* find(const std::vector<Value>& values, NetId id) const {
    const auto found = std::find_if(values.begin(), values.end(), [&](const Value& value) { return value.net == id; });
    return found == values.end() ? nullptr : &*found;
  }

  /// Lists the nets between the variables and this one, in evaluation order; false where there is something else before them.
  bool visit(NetId raw) {
    const NetId id = index_.source(raw);
    if (index_of(id) < 2 || find(variables_, id) != nullptr || find(order_, id) != nullptr) return true;
    if (order_.size() > kMostCells) return stop("there are too many cells before it");
    std::span<const NetId> inputs;
    if (index_.driver[index_of(id)] != kNone) {
      inputs = index_.net.input_pins(CellId{index_.driver[index_of(id)]});
    } else if (const map::VirtualNet* inside = find_inside(id)) {
      inputs = inside->inputs;
    } else {
      return stop(fmt::format("it depends on {}, which the table does not read", netlist::spell(index_.net.name(id))));
    }
    for (const NetId input : inputs) {
      if (!visit(input)) return false;
    }
    order_.push_back({id, 0});
    return true;
  }

  bool stop(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  [[nodiscard]] Word value(NetId raw) const {
    const NetId id = index_.source(raw);
    if (index_of(id) < 2) return id == NetId::one ? ~Word{0} : 0;
    const Value* known = find(variables_, id);
    return known != nullptr ? known->word : find(order_, id)->word;
  }

  /// The value of an input of the table: a net that stands for nothing in front of it, or is inside a cell, by its function.
  [[nodiscard]] Word input_value(NetId raw) const {
    const map::VirtualNet* inside = find_inside(index_.source(raw));
    if (inside == nullptr) return value(raw);
    std::array<Word, truth::kMaxInputs> words;
    for (std::size_t k = 0; k < inside->inputs.size(); ++k) words[k] = input_value(inside->inputs[k]);
    return truth::evaluate_words(inside->table.words(), std::span(words).first(inside->inputs.size()));
  }

  Word evaluate(NetId top, std::size_t block) {
    for (std::size_t k = 0; k < variables_.size(); ++k) variables_[k].word = truth::variable_word(k, block);
    std::array<Word, 64> in;
    std::array<Word, 64> out;
    for (Value& step : order_) {
      const std::uint32_t cell = index_.driver[index_of(step.net)];
      if (cell == kNone) {
        step.word = input_value(step.net);
        continue;
      }
      const auto inputs = index_.net.input_pins(CellId{cell});
      const auto outputs = index_.net.output_pins(CellId{cell});
      LUTGEN_CHECK(inputs.size() <= in.size() && outputs.size() <= out.size());
      std::transform(inputs.begin(), inputs.end(), in.begin(), [&](NetId input) { return value(input); });
      const netlist::CellRecord& record = index_.net.cell(CellId{cell});
      tech::evaluate_cell(record.type, record.init, std::span(in).first(inputs.size()), std::span(out).first(outputs.size()));
      step.word = out[static_cast<std::size_t>(std::find(outputs.begin(), outputs.end(), step.net) - outputs.begin())];
    }
    return value(top);
  }

  [[nodiscard]] Word expected(BitId bit) const {
    std::array<Word, truth::kMaxInputs> words;
    const auto fanins = index_.graph.fanins(bit);
    for (std::size_t k = 0; k < fanins.size(); ++k) words[k] = input_value(index_.net_of[logic::index_of(fanins[k])]);
    return truth::evaluate_words(index_.graph.table_words(bit), std::span(words).first(fanins.size()));
  }

  [[nodiscard]] std::string different(BitId bit, Word wrong, Word found) const {
    const int at = std::countr_zero(wrong);
    std::string inputs;
    for (const BitId fanin : index_.graph.fanins(bit)) {
      const Word word = input_value(index_.net_of[logic::index_of(fanin)]);
      inputs += fmt::format(" {}", (word >> at) & 1);
    }
    return fmt::format("expected {} and found {} for the inputs{} (input 0 first)", ((found >> at) & 1) ^ 1, (found >> at) & 1, inputs);
  }

  const Index& index_;
  std::vector<Value> variables_;
  std::vector<Value> order_;
  std::string problem_;
};


TableReport check_piece(const Index& index, std::span<const map::BitClaim> claims) {
  Checker checker(index);
  TableReport report;
  for (const map::BitClaim& claim : claims) {
    if (index.graph.kind(claim.bit) != logic::BitKind::lut) continue;
    const NetId id = claim.net;
    const bool is_held = index_of(id) < 2 || index.driver[index_of(id)] != kNone || index.net.name(id).unit == netlist::Unit::input;
    const bool is_inside = !is_held && index.inside.contains(id);
    if (!is_held && !is_inside) {
      ++report.gone;
      continue;
    }
    std::string problem = checker.check(claim);
    ++(problem.empty() ? report.proven : report.failed);
    report.inside += problem.empty() && is_inside ? 1 : 0;
    if (!problem.empty() && report.first.empty()) {
      report.first = fmt::format("{}: {}", index_of(id) < 2 ? "a constant" : netlist::spell(index.net.name(id)), problem);
    }
  }
  return report;
}

}  // namespace

TableReport check_tables(const logic::Graph& graph, const map::Mapped& mapped, const TableCheckOptions& options) {
  const Index index(graph, mapped);
  const std::span<const map::BitClaim> claims = mapped.claims.bits;
  std::vector<TableReport> pieces((claims.size() + kClaimsPerPiece - 1) / kClaimsPerPiece);
  std::atomic<std::size_t> done{0};
  base::parallel_for(pieces.size(), options.threads, [&](std::size_t i) {
    const std::size_t first = i * kClaimsPerPiece;
    pieces[i] = check_piece(index, claims.subspan(first, std::min(kClaimsPerPiece, claims.size() - first)));
    if (options.progress != nullptr) options.progress->update("prove tables", ++done, pieces.size());
  });
  TableReport report;
  for (const TableReport& piece : pieces) {
    report.proven += piece.proven;
    report.inside += piece.inside;
    report.gone += piece.gone;
    report.failed += piece.failed;
    if (report.first.empty()) report.first = piece.first;
  }
  return report;
}

}  // namespace lutgen::prove
