// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/expand_cells.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>

namespace lutgen::cosim {
namespace {

/// Begins every name that is added; a text that has it already is left alone.
constexpr std::string_view kPrefix = "lutgen_x";

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name(char c) { return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Gives the words, numbers and signs of a Verilog text one after another, without comments and compiler directives.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  /// Empty at the end.
  std::string_view next() {
    skip();
    if (at_ >= text_.size()) return {};
    const std::size_t start = at_++;
    const char c = text_[start];
    if (c == '"') {
      at_ = std::min(text_.find('"', at_), text_.size() - 1) + 1;
    } else if (is_name(c)) {
      take_while(is_name);
      if (at_ < text_.size() && text_[at_] == '\'') {  // 64'h0123
        ++at_;
        take_while(is_name);
      }
    }
    return text_.substr(start, at_ - start);
  }

 private:
  template <class Test>
  void take_while(const Test& test) {
    while (at_ < text_.size() && test(text_[at_])) ++at_;
  }

  void skip() {
    for (;;) {
      take_while(is_space);
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("//") || rest.starts_with("`"))
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (rest.starts_with("/*"))
        at_ = std::min(text_.find("*/", at_), text_.size() - 2) + 2;
      else
        return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct Parameter {
  std::string name;
  std::string range;
  std::string value;
};

struct CellPort {
  std::string name;
  bool is_input = true;
  bool is_reg = false;
};

/// A piece of a model's body: text as it is, the net at a port, or a name that gets the instance's prefix.
struct Piece {
  enum class Kind : unsigned char { text, port, own_name };
  Kind kind = Kind::text;
  std::string text;
  std::size_t port = 0;
};

struct CellModel {
  std::vector<Parameter> parameters;
  std::vector<CellPort> ports;
  std::vector<Piece> body;
};

using Models = std::unordered_map<std::string, CellModel>;

/// Reads one model; false as soon as it is not simple.
class ModelReader {
 public:
  explicit ModelReader(std::string_view text) : tokens_(text) { step(); }

  bool read(std::string& name, CellModel& model) {
    if (!take("module")) return false;
    name = word_;
    step();
    if (take("#") && !read_parameters(model)) return false;
    return take("(") && read_ports(model) && take(";") && read_body(model);
  }

 private:
  void step() { word_ = tokens_.next(); }

  bool take(std::string_view word) {
    if (word_ != word) return false;
    step();
    return true;
  }

  /// "[63:0]", or nothing.
  std::string read_range() {
    std::string range;
    while (word_ == "[" || (!range.empty() && range.back() != ']' && !word_.empty())) {
      range += word_;
      step();
    }
    return range;
  }

  bool read_parameters(CellModel& model) {
    if (!take("(")) return false;
    do {
      if (!take("parameter")) return false;
      Parameter parameter;
      parameter.range = read_range();
      parameter.name = word_;
      step();
      if (!take("=")) return false;
      parameter.value = word_;
      step();
      model.parameters.push_back(std::move(parameter));
    } while (take(","));
    return take(")");
  }

  bool read_ports(CellModel& model) {
    do {
      CellPort port;
      port.is_input = word_ == "input";
      if (!take("input") && !take("output")) return false;
      port.is_reg = word_ == "reg";
      if (!take("wire") && !take("reg")) return false;
      if (word_ == "[") return false;  // not scalar
      port.name = word_;
      step();
      model.ports.push_back(std::move(port));
    } while (take(","));
    return take(")");
  }

  bool read_body(CellModel& model) {
    static constexpr std::string_view kWords[] = {"assign", "always", "initial", "posedge", "negedge", "or", "begin", "end", "if", "else",
                                                  "wire",   "reg",    "localparam"};
    std::unordered_map<std::string, std::size_t> ports;
    for (std::size_t i = 0; i < model.ports.size(); ++i) ports[model.ports[i].name] = i;
    std::unordered_set<std::string> own;
    for (const Parameter& parameter : model.parameters) own.insert(parameter.name);
    bool is_declaration = false;
    for (; word_ != "endmodule"; step()) {
      if (word_.empty() || word_ == "." || word_ == "#" || word_.front() == '"' || word_.front() == '$') return false;
      const std::string word(word_);
      if (!is_name_start(word.front())) {
        model.body.push_back({Piece::Kind::text, word, 0});
      } else if (std::find(std::begin(kWords), std::end(kWords), word_) != std::end(kWords)) {
        is_declaration = word_ == "wire" || word_ == "reg" || word_ == "localparam";
        model.body.push_back({Piece::Kind::text, word + ' ', 0});
      } else if (const auto port = ports.find(word); port != ports.end()) {
        model.body.push_back({model.ports[port->second].is_reg ? Piece::Kind::own_name : Piece::Kind::port, word, port->second});
      } else if (is_declaration || own.contains(word)) {
        is_declaration = false;
        own.insert(word);
        model.body.push_back({Piece::Kind::own_name, word, 0});
      } else {
        return false;
      }
    }
    return true;
  }

  Tokens tokens_;
  std::string_view word_;
};

/// A named connection or override: `.name(value)`.
struct Binding {
  std::string_view name;
  std::string_view value;
};

/// An instance on one line.
struct Instance {
  std::string_view module;
  std::vector<Binding> overrides;
  std::vector<Binding> pins;
};

/// Reads an instance from a line; false when it is anything else. No spaces inside of values.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  bool read_module(std::string_view& name) {
    skip();
    name = take_name();
    return !name.empty();
  }

  bool read(Instance& instance) {
    skip();
    if (take('#') && !read_bindings(instance.overrides)) return false;
    skip();
    if (take_name().empty()) return false;
    skip();
    if (!read_bindings(instance.pins) || !take(';')) return false;
    skip();
    return rest_.empty();
  }

 private:
  void skip() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_name() {
    std::size_t end = 0;
    if (!rest_.empty() && is_name_start(rest_.front()))
      while (end < rest_.size() && is_name(rest_[end])) ++end;
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return name;
  }

  bool read_bindings(std::vector<Binding>& bindings) {
    if (!take('(')) return false;
    do {
      skip();
      if (!take('.')) return false;
      const std::string_view name = take_name();
      if (!take('(')) return false;
      const std::size_t end = rest_.find_first_of("() ");
      if (end == std::string_view::npos || rest_[end] != ')') return false;
      bindings.push_back({name, rest_.substr(0, end)});
      rest_.remove_prefix(end + 1);
    } while (take(','));
    return take(')');
  }

  std::string_view rest_;
};

/// Names that a text declares with a range: `wire [7:0] a, b;`.
std::unordered_set<std::string> vectors_of(std::string_view verilog) {
  std::unordered_set<std::string> names;
  Tokens tokens(verilog);
  bool is_declaration = false;
  bool is_vector = false;
  bool is_in_range = false;
  for (std::string_view word = tokens.next(); !word.empty(); word = tokens.next()) {
    if (word == "input" || word == "output" || word == "inout" || word == "wire" || word == "reg") {
      is_vector = is_vector && is_declaration && (word == "wire" || word == "reg");
      is_declaration = true;
    } else if (!is_declaration) {
      continue;
    } else if (word == "[" || word == "]") {
      is_vector = true;
      is_in_range = word == "[";
    } else if (word == ";" || word == ")") {
      is_declaration = false;
      is_vector = false;
    } else if (is_vector && !is_in_range && is_name_start(word.front())) {
      names.emplace(word);
    }
  }
  return names;
}

/// Writes the instances of one text out.
class Writer {
 public:
  Writer(const Models& models, std::unordered_set<std::string> vectors) : models_(models), vectors_(std::move(vectors)) {}

  /// False when the line is not to be touched.
  bool write(std::string_view line, std::string& text) {
    LineReader reader(line);
    Instance instance;
    if (!reader.read_module(instance.module)) return false;
    const auto model = models_.find(std::string(instance.module));
    if (model == models_.end() || !reader.read(instance) || !bind(model->second, instance)) return false;
    write_cell(model->second, text);
    ++cells_;
    return true;
  }

  [[nodiscard]] std::size_t cells() const { return cells_; }

 private:
  /// A scalar net, one bit of a vector, or (input) a constant of one bit.
  [[nodiscard]] bool fits(const CellPort& port, std::string_view value) const {
    if (value.empty()) return false;
    if (!is_name_start(value.front())) return port.is_input && (value == "1'b0" || value == "1'b1" || value == "1'h0" || value == "1'h1");
    const std::size_t bracket = value.find('[');
    if (!std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(std::min(bracket, value.size())), is_name)) return false;
    if (bracket == std::string_view::npos) return !vectors_.contains(std::string(value));
    const std::string_view index = value.substr(bracket + 1);
    return index.size() >= 2 && index.find_first_not_of("0123456789") == index.size() - 1 && index.back() == ']';
  }

  bool bind(const CellModel& model, const Instance& instance) {
    if (instance.pins.size() != model.ports.size()) return false;
    nets_.assign(model.ports.size(), {});
    for (const Binding& pin : instance.pins) {
      const auto port = std::find_if(model.ports.begin(), model.ports.end(), [&](const CellPort& it) { return it.name == pin.name; });
      if (port == model.ports.end() || !fits(*port, pin.value)) return false;
      std::string_view& net = nets_[static_cast<std::size_t>(port - model.ports.begin())];
      if (!net.empty()) return false;
      net = pin.value;
    }
    values_.assign(model.parameters.size(), {});
    for (const Binding& value : instance.overrides) {
      const auto parameter =
          std::find_if(model.parameters.begin(), model.parameters.end(), [&](const Parameter& it) { return it.name == value.name; });
      if (parameter == model.parameters.end() || value.value.empty()) return false;
      values_[static_cast<std::size_t>(parameter - model.parameters.begin())] = value.value;
    }
    return true;
  }

  void write_cell(const CellModel& model, std::string& text) const {
    const std::string prefix = fmt::format("{}{}_", kPrefix, cells_);
    const auto out = std::back_inserter(text);
    text += "  ";
    for (std::size_t i = 0; i < model.parameters.size(); ++i) {
      const Parameter& it = model.parameters[i];
      fmt::format_to(out, "localparam {} {}{} = {}; ", it.range, prefix, it.name, values_[i].empty() ? std::string_view(it.value) : values_[i]);
    }
    for (std::size_t i = 0; i < model.ports.size(); ++i)
      if (model.ports[i].is_reg) fmt::format_to(out, "reg {0}{1}; assign {2} = {0}{1}; ", prefix, model.ports[i].name, nets_[i]);
    for (const Piece& piece : model.body) {
      if (piece.kind == Piece::Kind::own_name) text += prefix;
      text += piece.kind == Piece::Kind::port ? nets_[piece.port] : std::string_view(piece.text);
      if (piece.kind != Piece::Kind::text) text += ' ';
    }
  }

  const Models& models_;
  std::unordered_set<std::string> vectors_;
  std::vector<std::string_view> nets_;
  std::vector<std::string_view> values_;
  std::size_t cells_ = 0;
};

}  // namespace

ExpandedCells expand_cells(std::string_view verilog, std::span<const std::string_view> models) {
  if (verilog.find(kPrefix) != std::string_view::npos) return {std::string(verilog), 0};
  Models simple;
  for (const std::string_view text : models) {
    std::string name;
    CellModel model;
    if (ModelReader(text).read(name, model)) simple.emplace(std::move(name), std::move(model));
  }
  ExpandedCells result;
  result.text.reserve(verilog.size() + verilog.size() / 8);
  Writer writer(simple, vectors_of(verilog));
  for (std::size_t at = 0; at < verilog.size();) {
    const std::size_t end = std::min(verilog.find('\n', at), verilog.size());
    if (!writer.write(verilog.substr(at, end - at), result.text)) result.text += verilog.substr(at, end - at);
    if (end < verilog.size()) result.text += '\n';
    at = end + 1;
  }
  result.cells = writer.cells();
  return result;
}

}  // namespace lutgen::cosim
