// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/netlist_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "lutgen/base/files.hpp"

namespace lutgen::bench {
namespace {

constexpr std::size_t kFanIn = 6;
constexpr std::array<std::uint64_t, kFanIn> kVariables = {0xAAAAAAAAAAAAAAAA, 0xCCCCCCCCCCCCCCCC, 0xF0F0F0F0F0F0F0F0,
                                                          0xFF00FF00FF00FF00, 0xFFFF0000FFFF0000, 0xFFFFFFFF00000000};

/// A bit of the network: an input (layer -1) or a neuron.
struct Source {
  int layer = -1;
  std::uint32_t index = 0;
  friend bool operator==(const Source&, const Source&) = default;
};

/// Takes a number off the front.
std::optional<std::uint64_t> take_number(std::string_view& text, int base = 10) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (parsed.ec != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

/// `features[17]`, `features_17_d1`, `l0_n5_y`, `l0_n5_y_d2`: the bit that it carries.
std::optional<Source> take_net(std::string_view& text) {
  Source source;
  if (take(text, "features")) {
    const bool is_port = take(text, "[");
    if (!is_port && !take(text, "_")) return std::nullopt;
    const auto index = take_number(text);
    if (!index || (is_port && !take(text, "]"))) return std::nullopt;
    source.index = static_cast<std::uint32_t>(*index);
  } else {
    if (!take(text, "l")) return std::nullopt;
    const auto layer = take_number(text);
    if (!layer || !take(text, "_n")) return std::nullopt;
    const auto index = take_number(text);
    if (!index || !take(text, "_y")) return std::nullopt;
    source = {static_cast<int>(*layer), static_cast<std::uint32_t>(*index)};
  }
  if (take(text, "_d") && !take_number(text)) return std::nullopt;
  return source;
}

/// Entry a of `table` at the values of six words, 64 at once.
std::uint64_t evaluate(std::uint64_t table, const std::array<std::uint64_t, kFanIn>& inputs, std::size_t count) {
  std::array<std::uint64_t, 64> level;
  const std::size_t entries = std::size_t{1} << count;
  for (std::size_t a = 0; a < entries; ++a) level[a] = ((table >> a) & 1) != 0 ? ~std::uint64_t{0} : 0;
  std::size_t left = entries;
  for (std::size_t k = 0; k < count; ++k) {
    left /= 2;
    for (std::size_t a = 0; a < left; ++a) level[a] = level[2 * a] ^ (inputs[k] & (level[2 * a] ^ level[2 * a + 1]));
  }
  return level[0];
}

class Reader {
 public:
  explicit Reader(const model::Model& model) : model_(model), seen_(model.layers.size()) {
    for (std::size_t l = 0; l < model.layers.size(); ++l) seen_[l].resize(luts(l).neurons, false);
  }

  std::string run(std::string_view text) {
    for (; !text.empty(); ++line_) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string problem = check_line(text.substr(0, end));
      if (!problem.empty()) return fmt::format("line {}: {}", line_, problem);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    for (std::size_t l = 0; l < seen_.size(); ++l) {
      const auto missing = std::find(seen_[l].begin(), seen_[l].end(), false);
      if (missing != seen_[l].end()) return fmt::format("no line holds table {} of layer {}", missing - seen_[l].begin(), l);
    }
    return outputs_ == luts(seen_.size() - 1).neurons ? "" : fmt::format("expected {} outputs, found {}", luts(seen_.size() - 1).neurons, outputs_);
  }

 private:
  [[nodiscard]] const model::LutLayer& luts(std::size_t layer) const { return std::get<model::LutLayer>(model_.layers[layer].operation); }

  std::string check_line(std::string_view line) {
    if (in_outputs_ || line.starts_with("  assign bits = {")) return check_outputs(line);
    if (!line.starts_with("  LUT")) return "";
    line.remove_prefix(5);
    const auto inputs = take_number(line);
    if (!inputs || *inputs > kFanIn || !take(line, " #(.INIT(") || !take_number(line) || !take(line, "'h")) return "no LUT";
    const auto init = take_number(line, 16);
    if (!init || !take(line, ")) ")) return "no INIT";
    const std::size_t pins = line.find("(.O(");
    if (pins == std::string_view::npos) return "no output";
    line.remove_prefix(pins + 4);
    const auto output = take_net(line);
    if (!output || output->layer < 0) return "no table's net at the output";
    return check_table(*output, *init, *inputs, line);
  }

  std::string check_table(Source output, std::uint64_t init, std::size_t inputs, std::string_view line) {
    const auto layer = static_cast<std::size_t>(output.layer);
    if (layer >= seen_.size() || output.index >= luts(layer).neurons || seen_[layer][output.index]) return "a table that is not there, or twice";
    seen_[layer][output.index] = true;
    const auto reads = luts(layer).inputs_of(output.index);
    // The first of the model's inputs that reads a bit stands for all that do.
    const auto position = [&](std::uint32_t index) { return static_cast<std::size_t>(std::find(reads.begin(), reads.end(), index) - reads.begin()); };
    std::array<std::uint64_t, kFanIn> words{};
    for (std::size_t k = 0; k < inputs; ++k) {
      if (!take(line, fmt::format("), .I{}(", k))) return "a pin is missing";
      const auto net = take_net(line);
      if (!net || net->layer != output.layer - 1 || position(net->index) == reads.size()) return "a net that the model's table does not read";
      words[k] = kVariables[position(net->index)];
    }
    if (line != "));") return "too many pins";
    std::array<std::uint64_t, kFanIn> wanted{};
    for (std::size_t k = 0; k < kFanIn; ++k) wanted[k] = kVariables[position(reads[k])];
    std::uint64_t table = 0;
    const auto bytes = luts(layer).table_of(output.index);
    for (std::size_t byte = 0; byte < 8; ++byte) table |= std::uint64_t{bytes[byte]} << (8 * byte);
    return evaluate(init, words, inputs) == evaluate(table, wanted, kFanIn) ? "" : "another function than the model's table";
  }

  /// `assign bits = {` last bit first, some a line, `};`.
  std::string check_outputs(std::string_view line) {
    if (!in_outputs_) outputs_left_ = luts(seen_.size() - 1).neurons;
    in_outputs_ = true;
    line.remove_prefix(std::min(line.find_first_of("fl", line.starts_with("  assign") ? 16 : 0), line.size()));
    while (!line.empty()) {
      const auto net = take_net(line);
      if (!net || outputs_left_ == 0 || !(*net == Source{static_cast<int>(seen_.size()) - 1, --outputs_left_})) return "another output bit than expected";
      ++outputs_;
      if (take(line, "};")) in_outputs_ = false;
      if (!take(line, ", ")) take(line, ",");
    }
    return "";
  }

  const model::Model& model_;
  std::vector<std::vector<bool>> seen_;
  std::size_t line_ = 1;
  bool in_outputs_ = false;
  std::uint32_t outputs_left_ = 0;
  std::uint32_t outputs_ = 0;
};

}  // namespace

Result<std::string> find_text_difference(const std::filesystem::path& verilog, const model::Model& model) {
  LUTGEN_TRY(const std::string text, base::read_file(verilog));
  return Reader(model).run(text);
}

}  // namespace lutgen::bench
