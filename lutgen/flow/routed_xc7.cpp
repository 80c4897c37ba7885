// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "lutgen/flow/routed_families.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

constexpr std::uint64_t kMux = 0xCA;   // inputs zero, one, select
constexpr std::uint64_t kXor = 0b0110;

constexpr const char* kOtherRun = "bitstream and routed netlist are not of the same run, or a table was changed";

/// The physical pins of a LUT, A1 being the least significant address bit (UG474, "Look-up table").
constexpr std::array<std::string_view, 6> kPins = {"A1", "A2", "A3", "A4", "A5", "A6"};

/// Cells as nextpnr-himbaechel-xilinx packs them (its sources pack.cc, pack_carry.cc, fasm.cc, and files that
/// version 0.11.1 wrote).
class Xc7Translator final : public RoutedTranslator {
 public:
  Xc7Translator(const BelTables* tables, std::string place) : tables_(tables), place_(std::move(place)) {}

  Result<void> add(const RoutedCell& cell, RoutedBuilder& builder) override {
    const std::string& type = cell.type();
    if (type == "SLICE_LUTX") return add_lut(cell, builder);
    if (type == "SLICE_FFX") return add_flop(cell, builder);
    if (type == "CARRY4") return add_carry(cell, builder);
    if (type == "SELMUX2_1") return add_mux(cell, builder);
    if (type == "BUFGCTRL") return add_clock_buffer(cell, builder);
    if (type == "IOB33_INBUF_EN") return add_buffer(cell, "PAD", "OUT", builder);
    if (type == "IOB33_OUTBUF") return add_buffer(cell, "IN", "OUT", builder);
    if (type == "PSEUDO_VCC" || type == "PSEUDO_GND") return add_constant(cell, type == "PSEUDO_VCC", builder);
    if (type == "PAD") {
      cell.ignore("PAD");  // the ball of the package: the same wire as the port
      return {};
    }
    return cell.unsupported("there is no model of this type");
  }

  Result<void> add_routing(std::string_view net, std::string_view routing) override;
  Result<void> finish(RoutedBuilder& builder) override;

 private:
  /// The table of a LUT cell at its physical pins A1..A6, from the cell itself: attribute X_ORIG_PORT_A<i> names the
  /// inputs of the original LUT that pin i stands for.
  static Result<truth::TruthTable> table_of_cell(const RoutedCell& cell) {
    LUTGEN_TRY(const std::uint64_t init, cell.number("INIT", 64));
    std::array<std::uint32_t, kPins.size()> meaning{};  // address bits of the original LUT
    for (std::size_t pin = 0; pin < kPins.size(); ++pin) {
      std::string_view ports = cell.attribute(fmt::format("X_ORIG_PORT_{}", kPins[pin])).value_or("");
      while (!ports.empty()) {
        const std::string_view port = ports.substr(0, ports.find(' '));
        ports.remove_prefix(std::min(ports.size(), port.size() + 1));
        if (port.empty()) continue;
        if (port.size() != 2 || port[0] != 'I' || port[1] < '0' || port[1] > '5') {
          return cell.invalid(fmt::format("expected pin {} to stand for inputs I0..I5, found {}", kPins[pin], port));
        }
        meaning[pin] |= 1u << (port[1] - '0');
      }
    }
    truth::TruthTable table(6);
    for (std::uint32_t a = 0; a < 64; ++a) {
      std::uint32_t address = 0;
      for (std::size_t pin = 0; pin < kPins.size(); ++pin) address |= ((a >> pin) & 1) != 0 ? meaning[pin] : 0;
      table.set_bit(a, ((init >> address) & 1) != 0);
    }
    return table;
  }

  /// The place of a LUT, `X33Y16/SLICE_X0Y0.A`, and which half of it, '5' or '6'.
  static Result<std::pair<std::string, char>> place_of(const RoutedCell& cell) {
    const std::string_view bel = cell.attribute("NEXTPNR_BEL").value_or("");
    if (bel.size() < 5 || !bel.ends_with("LUT") || (bel[bel.size() - 4] != '5' && bel[bel.size() - 4] != '6')) {
      return cell.invalid(fmt::format("expected a bel such as X33Y16/SLICE_X0Y0.A6LUT, found '{}'", bel));
    }
    return std::pair(std::string(bel.substr(0, bel.size() - 4)), bel[bel.size() - 4]);
  }

  Result<void> add_lut(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::string_view type = cell.attribute("X_ORIG_TYPE").value_or("");
    if (!type.starts_with("LUT")) return cell.unsupported(fmt::format("it was made of a cell of type '{}'", type));
    LUTGEN_TRY(const auto bel, place_of(cell));
    LUTGEN_TRY(truth::TruthTable table, table_of_cell(cell));
    used_places_.insert(bel.first);
    if (tables_ != nullptr) {
      const auto found = tables_->find(bel.first);
      table = truth::TruthTable::from_word(6, found == tables_->end() ? 0 : found->second);
    }
    std::array<std::optional<RoutedNet>, 6> pins;
    for (std::size_t i = 0; i < kPins.size(); ++i) pins[i] = cell.find(kPins[i]);
    const auto whole = cell.find("O6");
    const auto small = cell.find("O5");
    const std::uint32_t id = builder.add_cell(cell.name());
    int open = -1;
    truth::TruthTable upper = table;
    // Where two LUTs share a place, A6 chooses the upper half for O6; nextpnr ties it to 1 without an input of the LUT for it.
    if (whole && pins[5] && !cell.attribute("X_ORIG_PORT_A6")) {
      constants_.push_back({*pins[5], true, cell.name(), "A6"});
      upper = table.cofactor(5, true).extended(1);
    }
    if (whole) open = add_function(builder, id, upper, pins, *whole);
    if (small && open < 0) open = add_function(builder, id, table.cofactor(5, false), pins, *small);
    if (open < 0) return {};
    return fail(Code::readback_bitstream, place_,
                fmt::format("expected a table at {} that does not read pin {}, which is not connected at cell {}, found "
                            "INIT {}",
                            bel.first, kPins[static_cast<std::size_t>(open)], io::quote(cell.name()), table.to_hex()),
                kOtherRun);
  }

  /// UG953: FDRE and FDSE; the reset comes before the clock enable.
  Result<void> add_flop(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::string_view type = cell.attribute("X_ORIG_TYPE").value_or("");
    const bool sets = type == "FDSE" || type == "FDPE";
    if (!sets && type != "FDRE" && type != "FDCE") {
      return cell.unsupported(fmt::format("it was made of a cell of type '{}'", type));
    }
    for (const char* pin : {"C", "D", "R", "S", "CLR", "PRE", "CLK"}) {
      LUTGEN_TRY(const std::uint64_t inverted, cell.number(fmt::format("IS_{}_INVERTED", pin), 1));
      if (inverted != 0) return cell.unsupported(fmt::format("pin {} is inverted", pin));
    }
    RoutedFlop flop;
    LUTGEN_TRY(const std::uint64_t initial, cell.number("INIT", 1));
    LUTGEN_TRY(flop.clock, cell.get("CK"));
    LUTGEN_TRY(flop.data, cell.get("D"));
    flop.enable = cell.find("CE").value_or(RoutedNet::one);
    flop.reset = cell.find("SR").value_or(RoutedNet::zero);
    const auto output = cell.find("Q");
    flop.output = output ? *output : builder.add_net("");
    flop.initial = initial != 0;
    flop.reset_value = sets;
    flop.cell = builder.add_cell(cell.name());
    const bool asynchronous = type == "FDCE" || type == "FDPE";
    if (asynchronous && flop.reset != RoutedNet::zero) constants_.push_back({flop.reset, false, cell.name(), "SR"});
    builder.add_flop(flop);
    return {};
  }

  /// UG953, CARRY4: CO[i] = S[i] ? carry : DI[i]; O[i] = S[i] ^ carry; the first carry is CYINIT or CIN.
  static Result<void> add_carry(const RoutedCell& cell, RoutedBuilder& builder) {
    const std::uint32_t id = builder.add_cell(cell.name());
    const auto below = cell.find("CIN");
    const auto start = cell.find("CYINIT");
    if (below.has_value() == start.has_value()) {
      return cell.invalid("expected either CIN or CYINIT to be connected");
    }
    RoutedNet carry = below ? *below : *start;
    for (int i = 0; i < 4; ++i) {
      const auto select = cell.find(fmt::format("S{}", i));
      const auto data = cell.find(fmt::format("DI{}", i));
      const auto sum = cell.find(fmt::format("O{}", i));
      const auto next = cell.find(fmt::format("CO{}", i));
      // What is not connected is read by nothing above it, or the netlist has a net without a driver.
      const RoutedNet above = next ? *next : builder.add_net("");
      if (sum && select) add_table(builder, id, kXor, {*select, carry}, *sum);
      if (select && data) add_table(builder, id, kMux, {*data, carry, *select}, above);
      carry = above;
    }
    return {};
  }

  static Result<void> add_mux(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const RoutedNet zero, cell.get("0"));
    LUTGEN_TRY(const RoutedNet one, cell.get("1"));
    LUTGEN_TRY(const RoutedNet select, cell.get("S0"));
    LUTGEN_TRY(const RoutedNet output, cell.get("OUT"));
    add_table(builder, builder.add_cell(cell.name()), kMux, {zero, one, select}, output);
    return {};
  }

  Result<void> add_constant(const RoutedCell& cell, bool value, RoutedBuilder& builder) {
    LUTGEN_TRY(const RoutedNet output, cell.get("Y"));
    (value ? ones_ : zeros_).insert(output);
    add_table(builder, builder.add_cell(cell.name()), value ? 1 : 0, {}, output);
    return {};
  }

  /// UG472, BUFGCTRL: I0 is let through while S0 and CE0 are 1 and I1 is not chosen.
  Result<void> add_clock_buffer(const RoutedCell& cell, RoutedBuilder& builder) {
    LUTGEN_TRY(const RoutedNet input, cell.get("I0"));
    LUTGEN_TRY(const RoutedNet output, cell.get("O"));
    cell.ignore("IGNORE0");
    cell.ignore("IGNORE1");
    for (const char* pin : {"IGNORE0", "IGNORE1"}) LUTGEN_TRY_VOID(cell.number(fmt::format("IS_{}_INVERTED", pin), 1));
    for (const char* pin : {"S0", "CE0", "S1", "CE1"}) {
      LUTGEN_TRY(const std::uint64_t inverted, cell.number(fmt::format("IS_{}_INVERTED", pin), 1));
      LUTGEN_TRY(const RoutedNet net, cell.get(pin));
      const bool has_to_be = pin[std::string_view(pin).size() - 1] == '0';
      constants_.push_back({net, has_to_be != (inverted != 0), cell.name(), pin});
    }
    add_table(builder, builder.add_cell(cell.name()), kBufferTable, {input}, output);
    return {};
  }

  /// A pin that has to have a constant value for the translation to hold.
  struct Constant {
    RoutedNet net;
    bool value;
    std::string cell;
    std::string_view pin;
  };

  const BelTables* tables_;
  std::string place_;
  std::set<std::string, std::less<>> used_places_;
  std::set<RoutedNet> zeros_ = {RoutedNet::zero};
  std::set<RoutedNet> ones_ = {RoutedNet::one};
  std::vector<Constant> constants_;
};

/// The place whose LUT a pip leads through, `X33Y16/SLICE_X0Y0.A`, and the pin, 1..6; nothing for other pips. Such a pip
/// is called `X33Y16/CLBLL_LL_A/CLBLL_LL_A3`; the slices LL and M of a tile are nextpnr's SLICE_X0Y0, L is SLICE_X1Y0.
std::optional<std::pair<std::string, char>> led_through(std::string_view pip) {
  const std::size_t first = pip.find('/');
  const std::size_t second = first == std::string_view::npos ? first : pip.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view to = pip.substr(first + 1, second - first - 1);
  const std::string_view from = pip.substr(second + 1);
  const bool is_clb = to.starts_with("CLBLL_") || to.starts_with("CLBLM_");
  if (!is_clb || from.size() != to.size() + 1 || !from.starts_with(to)) return std::nullopt;
  const std::string_view slice = to.substr(6, to.size() - 8);
  const char letter = to.back();
  const char pin = from.back();
  const bool known = to.size() > 8 && to[to.size() - 2] == '_' && (slice == "L" || slice == "LL" || slice == "M");
  if (!known || letter < 'A' || letter > 'D' || pin < '1' || pin > '6') return std::nullopt;
  return std::pair(fmt::format("{}/SLICE_X{}Y0.{}", pip.substr(0, first), slice == "L" ? 1 : 0, letter), pin);
}

Result<void> Xc7Translator::add_routing(std::string_view net, std::string_view routing) {
  if (tables_ == nullptr) return {};
  // wire;pip;strength, and so on: the pips are every third text from the second on.
  for (std::size_t index = 0; !routing.empty(); ++index) {
    const std::string_view text = routing.substr(0, routing.find(';'));
    routing.remove_prefix(std::min(routing.size(), text.size() + 1));
    if (index % 3 != 1) continue;
    const auto through = led_through(text);
    if (!through) continue;
    const auto found = tables_->find(through->first);
    const std::uint64_t table = found == tables_->end() ? 0 : found->second;
    const std::uint64_t wanted = truth::TruthTable::projection(6, through->second - '1').word();
    if (table != wanted) {
      return fail(Code::readback_bitstream, place_,
                  fmt::format("expected the table at {} to pass pin A{} on, because net {} is led through it: INIT {:016X}, "
                              "found {:016X}",
                              through->first, through->second, io::quote(net), wanted, table),
                  kOtherRun);
    }
    used_places_.insert(through->first);
  }
  return {};
}

Result<void> Xc7Translator::finish(RoutedBuilder&) {
  for (const Constant& pin : constants_) {
    const std::set<RoutedNet>& nets = pin.value ? ones_ : zeros_;
    if (nets.contains(pin.net)) continue;
    return fail(Code::routed_unsupported, place_,
                fmt::format("expected pin {} of cell {} to be tied to {}, found a signal", pin.pin, io::quote(pin.cell),
                            pin.value ? 1 : 0),
                "clocks that are switched and asynchronous resets are not simulated");
  }
  if (tables_ == nullptr) return {};
  for (const auto& [place, table] : *tables_) {
    if (used_places_.contains(place)) continue;
    return fail(Code::readback_bitstream, place_,
                fmt::format("expected no table at {}, where the routed netlist has no LUT and leads no wire through one, "
                            "found INIT {:016X}",
                            place, table),
                kOtherRun);
  }
  return {};
}

}  // namespace

std::unique_ptr<RoutedTranslator> make_xc7_translator(const BelTables* tables, const std::string& place) {
  return std::make_unique<Xc7Translator>(tables, place);
}

}  // namespace lutgen::flow
