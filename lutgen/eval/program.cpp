// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/program.hpp"

#include <algorithm>
#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/function3.hpp"

namespace lutgen::eval {
namespace {

std::uint32_t hash_of(const WordOp& op) {
  std::uint64_t h = op.operands[0] * 0x9E3779B97F4A7C15ull;
  h = (h ^ (h >> 29) ^ op.operands[1]) * 0xBF58476D1CE4E5B9ull;
  h = (h ^ (h >> 32) ^ op.operands[2] ^ (std::uint64_t{op.table} << 40)) * 0x94D049BB133111EBull;
  return static_cast<std::uint32_t>(h >> 32);
}

/// Lines of the table of operations at first.
constexpr std::size_t kFirstLines = 512;
/// Of a line's eight entries, on average, before there are twice as many lines.
constexpr std::size_t kMostOfLine = 5;

bool are_equal(const WordOp& x, const WordOp& y) {
  return ((x.operands[0] ^ y.operands[0]) | (x.operands[1] ^ y.operands[1]) | (x.operands[2] ^ y.operands[2]) |
          static_cast<std::uint32_t>(x.table ^ y.table)) == 0;
}

/// Words that a step of the interpreter takes at once; the compiler makes vectors of them.
constexpr std::size_t kStep = 8;

/// A table as exclusive or of products of its inputs: bit k is the product of the inputs that are the bits of k.
constexpr std::array<std::uint8_t, 256> product_forms() {
  std::array<std::uint8_t, 256> forms{};
  for (unsigned table = 0; table < 256; ++table) {
    unsigned form = table;
    form ^= (form & 0x55) << 1;
    form ^= (form & 0x33) << 2;
    form ^= (form & 0x0F) << 4;
    forms[table] = static_cast<std::uint8_t>(form);
  }
  return forms;
}

constexpr std::array<std::uint8_t, 256> kProductForms = product_forms();

/// One operation on kStep words, without a branch on what it is.
void compute(const WordOp& op, const std::uint64_t* __restrict x, const std::uint64_t* __restrict y,
             const std::uint64_t* __restrict z, std::uint64_t* __restrict result) {
  std::array<std::uint64_t, 8> has{};  // all ones where the product is there
  for (unsigned k = 1; k < 8; ++k) has[k] = std::uint64_t{0} - ((kProductForms[op.table] >> k) & 1u);
  for (std::size_t i = 0; i < kStep; ++i) {
    const std::uint64_t both = x[i] & y[i];
    const std::uint64_t alone = (x[i] & has[1]) ^ (y[i] & has[2]) ^ (both & has[3]);
    const std::uint64_t with_z = has[4] ^ (x[i] & has[5]) ^ (y[i] & has[6]) ^ (both & has[7]);
    result[i] = alone ^ (z[i] & with_z);
  }
}

}  // namespace

void interpret(const Program& program, std::size_t lanes, std::span<const std::uint64_t> inputs,
               std::span<std::uint64_t> outputs, std::vector<std::uint64_t>& scratch) {
  LUTGEN_CHECK(inputs.size() == program.input_count * lanes && outputs.size() == program.outputs.size() * lanes);
  const std::size_t stride = (lanes + kStep - 1) / kStep * kStep;
  scratch.resize(program.value_count() * stride);
  const auto at = [&](std::uint32_t value) { return scratch.data() + std::size_t{value} * stride; };
  std::fill_n(at(0), stride, 0);
  for (std::uint32_t i = 0; i < program.input_count; ++i) std::copy_n(inputs.data() + i * lanes, lanes, at(1 + i));
  std::uint32_t value = 1 + program.input_count;
  for (const WordOp& op : program.ops) {
    for (std::size_t i = 0; i < stride; i += kStep) {
      compute(op, at(op.operands[0]) + i, at(op.operands[1]) + i, at(op.operands[2]) + i, at(value) + i);
    }
    ++value;
  }
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    const std::uint64_t mask = is_inverted(program.outputs[o]) ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < lanes; ++i) outputs[o * lanes + i] = at(value_of(program.outputs[o]))[i] ^ mask;
  }
}

ProgramBuilder::ProgramBuilder(Basis basis, std::uint32_t inputs) : basis_(basis), lines_(kFirstLines) {
  program_.input_count = inputs;
}

Lit ProgramBuilder::add2(unsigned table, Lit x, Lit y) {
  std::uint32_t low = value_of(x);
  std::uint32_t high = value_of(y);
  unsigned here = table & 0xF;
  if (is_inverted(x)) here = ((here & 0x5) << 1) | ((here >> 1) & 0x5);
  if (is_inverted(y)) here = ((here & 0x3) << 2) | (here >> 2);
  const bool depends_on_both = (((here >> 1) ^ here) & 0x5) != 0 && (((here >> 2) ^ here) & 0x3) != 0;
  if (!depends_on_both || low == high || low == 0 || high == 0) return add3(table * 0x11, x, y, Lit::zero);
  if (low > high) {
    std::swap(low, high);
    here = (here & 0x9) | ((here & 0x2) << 1) | ((here & 0x4) >> 1);
  }
  const bool inverted = (here & 1) != 0;
  const Lit result = find_or_add({{low, high, 0}, static_cast<std::uint8_t>((inverted ? here ^ 0xF : here) * 0x11)});
  return inverted ? ~result : result;
}

Lit ProgramBuilder::add3(unsigned table, Lit x, Lit y, Lit z) {
  std::array<std::uint32_t, 3> values{value_of(x), value_of(y), value_of(z)};
  if (is_inverted(x)) table = flip3(table, 0);
  if (is_inverted(y)) table = flip3(table, 1);
  if (is_inverted(z)) table = flip3(table, 2);
  for (int k = 0; k < 3; ++k) {
    if (values[static_cast<std::size_t>(k)] == 0) table = fix3(table, k, false);
  }
  // Equal operands: what is different in them cannot happen. After it the table does not depend on the second.
  if (values[0] == values[1]) table = (fix3(fix3(table, 0, true), 1, true) & 0xAA) | (fix3(fix3(table, 0, false), 1, false) & 0x55);
  if (values[0] == values[2]) table = (fix3(fix3(table, 0, true), 2, true) & 0xAA) | (fix3(fix3(table, 0, false), 2, false) & 0x55);
  if (values[1] == values[2]) table = (fix3(fix3(table, 1, true), 2, true) & 0xCC) | (fix3(fix3(table, 1, false), 2, false) & 0x33);
  int arity = 0;
  for (int k = 0; k < 3; ++k) {
    if (depends3(table, k)) {
      ++arity;
    } else {
      values[static_cast<std::size_t>(k)] = 0xFFFFFFFF;  // sorts to the end
    }
  }
  const auto order = [&](int k) {
    const auto low = static_cast<std::size_t>(k);
    if (values[low] <= values[low + 1]) return;
    std::swap(values[low], values[low + 1]);
    table = swap3(table, k);
  };
  order(0);
  order(1);
  order(0);
  return add_op(table, values, arity);
}

Lit ProgramBuilder::add_op(unsigned table, std::array<std::uint32_t, 3> values, int arity) {
  const bool inverted = (table & 1) != 0;
  if (inverted) table ^= 0xFF;
  if (arity == 0) return inverted ? Lit::one : Lit::zero;
  if (arity == 1) return literal(values[0], inverted);
  if (arity == 2) values[2] = 0;
  Lit result = Lit::zero;
  if (arity == 3 && basis_ == Basis::binary) {
    std::array<Lit, 8> chain{literal(values[0]), literal(values[1]), literal(values[2])};
    std::size_t next = 3;
    for (const ChainStep& step : shortest_chains()[table / 2]) {
      chain[next++] = add2(step.table, chain[step.x], chain[step.y]);
    }
    result = chain[next - 1];
  } else {
    result = find_or_add({values, static_cast<std::uint8_t>(table)});
  }
  return inverted ? ~result : result;
}

Lit ProgramBuilder::find_or_add(const WordOp& op) {
  const std::uint32_t first = 1 + program_.input_count;
  // An equal one is newer than what it reads, and that is often quite new: only then is the large table left alone, which is
  // most of the time that a program takes to build.
  const std::size_t size = program_.ops.size();
  const std::uint32_t newest = std::max(op.operands[1], op.operands[2]);
  const std::size_t oldest = newest < first ? 0 : newest - first + 1;
  const std::size_t window = size - std::min(size, latest_hashes_.size());
  for (std::size_t i = size; i-- > std::max(oldest, window);) {
    if (are_equal(program_.ops[i], op)) return literal(first + static_cast<std::uint32_t>(i));
  }
  const std::uint32_t hash = hash_of(op);
  if (oldest < window) {
    if (const std::uint32_t entry = find(op, hash); entry != 0) return literal(first + entry - 1);
  }
  program_.ops.push_back(op);
  std::uint32_t& latest = latest_hashes_[size % latest_hashes_.size()];
  if (size >= latest_hashes_.size()) insert(static_cast<std::uint32_t>(size - latest_hashes_.size() + 1), latest);
  latest = hash;
  __builtin_prefetch(&lines_[hash & (lines_.size() - 1)], 1);
  return literal(first + static_cast<std::uint32_t>(size));
}

std::uint32_t ProgramBuilder::find(const WordOp& op, std::uint32_t hash) const {
  for (std::size_t at = hash & (lines_.size() - 1);; at = (at + 1) & (lines_.size() - 1)) {
    const Line& line = lines_[at];
    std::uint32_t same = 0;
    for (std::size_t k = 0; k < 8; ++k) same |= static_cast<std::uint32_t>(line.hashes[k] == hash) << k;
    for (; same != 0; same &= same - 1) {
      const std::uint32_t entry = line.entries[static_cast<std::size_t>(std::countr_zero(same))];
      if (entry != 0 && are_equal(program_.ops[entry - 1], op)) return entry;
    }
    if (line.entries[7] == 0) return 0;
  }
}

void ProgramBuilder::put(base::LargeVector<Line>& lines, std::uint32_t entry, std::uint32_t hash) const {
  std::size_t at = hash & (lines.size() - 1);
  while (lines[at].entries[7] != 0) at = (at + 1) & (lines.size() - 1);
  Line& line = lines[at];
  std::size_t used = 0;
  for (const std::uint32_t other : line.entries) used += other != 0 ? 1 : 0;
  line.entries[used] = entry;
  line.hashes[used] = hash;
}

void ProgramBuilder::insert(std::uint32_t entry, std::uint32_t hash) {
  put(lines_, entry, hash);
  if (entry <= lines_.size() * kMostOfLine) return;
  base::LargeVector<Line> more(lines_.size() * 2);
  for (const Line& line : lines_) {
    for (std::size_t k = 0; k < 8 && line.entries[k] != 0; ++k) put(more, line.entries[k], line.hashes[k]);
  }
  lines_ = std::move(more);
}

Program ProgramBuilder::finish(std::vector<Lit> outputs, std::uint32_t inputs) {
  LUTGEN_CHECK(inputs <= program_.input_count);
  const std::uint32_t first = 1 + program_.input_count;
  base::LargeVector<std::uint32_t> position(program_.ops.size());  // first: whether it is needed, 1 or 0
  const auto need = [&](std::uint32_t value) {
    if (value >= first) position[value - first] = 1;
  };
  for (const Lit output : outputs) need(value_of(output));
  for (std::size_t i = program_.ops.size(); i-- > 0;) {
    if (position[i] == 0) continue;
    for (const std::uint32_t value : program_.ops[i].operands) need(value);
  }
  const auto moved = [&](std::uint32_t value) { return value < first ? value : 1 + inputs + position[value - first]; };
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < program_.ops.size(); ++i) {
    if (position[i] == 0) continue;
    WordOp op = program_.ops[i];
    for (std::uint32_t& value : op.operands) value = moved(value);
    position[i] = next;
    program_.ops[next++] = op;
  }
  program_.ops.resize(next);
  for (Lit& output : outputs) output = literal(moved(value_of(output)), is_inverted(output));
  program_.input_count = inputs;
  program_.outputs = std::move(outputs);
  lines_.clear();
  return std::move(program_);
}

}  // namespace lutgen::eval
