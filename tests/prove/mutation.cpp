// SPDX-License-Identifier: Apache-2.0
#include "tests/prove/mutation.hpp"

#include <sstream>

#include <fmt/format.h>

namespace lutgen::test {
namespace {

/// The text between `before` and `after` in a line: position and length; npos where it is not there.
std::pair<std::size_t, std::size_t> between(const std::string& line, const std::string& before, char after) {
  const std::size_t at = line.find(before);
  if (at == std::string::npos) return {at, 0};
  const std::size_t begin = at + before.size();
  return {begin, line.find(after, begin) - begin};
}

std::string text_between(const std::string& line, const std::string& before, char after) {
  const auto [begin, length] = between(line, before, after);
  return line.substr(begin, length);
}

}  // namespace

NetlistText::NetlistText(const std::string& verilog) {
  std::istringstream in(verilog);
  for (std::string line; std::getline(in, line);) lines_.push_back(line);
  for (std::size_t l = 0; l < lines_.size(); ++l) {
    const std::string& line = lines_[l];
    const bool is_lut = line.starts_with("  LUT");
    const bool is_flop = line.starts_with("  FDRE") && !line.starts_with("  FDRE #(.INIT(1'h0)) valid");
    if (is_lut) luts_.push_back(l);
    if (is_flop) flops_.push_back(l);
    if (is_flop) {
      const auto [begin, length] = between(line, ".D(", ')');
      pins_.push_back({l, begin, length});
    }
    if (!is_lut && !line.starts_with("  MUXF") && !line.starts_with("  CARRY4")) continue;
    for (const char* pin : {".I0(", ".I1(", ".I2(", ".I3(", ".I4(", ".I5(", ".CI(", ".CYINIT("}) {
      const auto [begin, length] = between(line, pin, ')');
      if (begin != std::string::npos) pins_.push_back({l, begin, length});
    }
  }
}

std::string NetlistText::with_fault(FaultClass fault, base::Rng& rng, std::string& what) const {
  std::vector<std::string> lines = lines_;
  const auto replace = [&](const Pin& pin, const std::string& with) { lines[pin.line].replace(pin.begin, pin.length, with); };
  switch (fault) {
    case FaultClass::init: flip_init(lines, rng); break;
    case FaultClass::swap: {
      Pin first = draw_pin(rng);
      Pin second = draw_pin(rng);
      while (net(first) == net(second)) second = draw_pin(rng);
      // The later one first, so that the place of the other stays.
      if (first.begin > second.begin) std::swap(first, second);
      const std::string one = net(first);
      replace(second, one);
      lines[first.line].replace(first.begin, first.length, net(second));
      break;
    }
    case FaultClass::rewire: {
      const Pin& pin = draw_pin(rng);
      const Pin* other = &draw_pin(rng);
      while (net(*other) == net(pin)) other = &draw_pin(rng);
      replace(pin, net(*other));
      break;
    }
    case FaultClass::removed: remove_register(lines, rng); break;
    case FaultClass::added: add_register(lines, rng); break;
    case FaultClass::constant: change_constant(lines, rng); break;
  }
  for (std::size_t l = 0; l < lines_.size(); ++l) {
    if (lines[l] != lines_[l]) what = lines[l];
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

void NetlistText::flip_init(std::vector<std::string>& lines, base::Rng& rng) const {
  std::string& line = lines[luts_[rng.below(luts_.size())]];
  const auto [begin, length] = between(line, "'h", ')');
  const std::uint64_t bits = std::stoul(text_between(line, ".INIT(", '\''));
  const std::uint64_t bit = rng.below(bits);
  const std::size_t digit = begin + length - 1 - bit / 4;
  constexpr const char* kDigits = "0123456789ABCDEF";
  const auto value = static_cast<std::size_t>(std::string(kDigits).find(line[digit]));
  line[digit] = kDigits[value ^ (std::size_t{1} << (bit % 4))];
}

void NetlistText::remove_register(std::vector<std::string>& lines, base::Rng& rng) const {
  std::string& line = lines[flops_[rng.below(flops_.size())]];
  line = fmt::format("  assign {} = {};", text_between(line, ".Q(", ')'), text_between(line, ".D(", ')'));
}

void NetlistText::add_register(std::vector<std::string>& lines, base::Rng& rng) const {
  const Pin* pin = &draw_pin(rng);
  while (net(*pin).starts_with("1'b")) pin = &draw_pin(rng);
  std::string& line = lines[pin->line];
  line.replace(pin->begin, pin->length, "added_q");
  line = fmt::format("  wire added_q;\n  FDRE #(.INIT(1'h0)) added_ff (.Q(added_q), .C(clk), .CE(1'b1), .D({}), .R(1'b0));\n{}",
                     net(*pin), line);
}

void NetlistText::change_constant(std::vector<std::string>& lines, base::Rng& rng) const {
  std::vector<const Pin*> constants;
  for (const Pin& pin : pins_) {
    if (net(pin).starts_with("1'b")) constants.push_back(&pin);
  }
  // Half of the faults tie a pin that had a net.
  const bool tie = constants.empty() || rng.below(2) == 0;
  const Pin& pin = tie ? draw_pin(rng) : *constants[rng.below(constants.size())];
  lines[pin.line].replace(pin.begin, pin.length, net(pin) == "1'b1" ? "1'b0" : "1'b1");
}

}  // namespace lutgen::test
