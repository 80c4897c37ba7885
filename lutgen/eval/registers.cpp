// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/registers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/eval/function3.hpp"
#include "lutgen/base/large_vector.hpp"

namespace lutgen::eval {
namespace {

using Kind = Place::Kind;

constexpr std::uint32_t kNever = 0xFFFFFFFF;
/// A value that is in memory too may lose its register to an operation when nothing needs it for that many operations.
constexpr std::uint32_t kFarAway = 24;
/// A value that is read again within so many operations is loaded into a register, where there are many of them.
constexpr std::uint32_t kSoon = 6;

/// A place in 32 bits: kind and index.
constexpr std::uint32_t kPlaceIndexBits = 29;
static_assert(kMostPlacedValues <= std::size_t{1} << kPlaceIndexBits);
constexpr std::uint32_t packed(Place place) { return (static_cast<std::uint32_t>(place.kind) << kPlaceIndexBits) | place.index; }
constexpr Place unpacked(std::uint32_t place) { return {Kind{static_cast<std::uint8_t>(place >> kPlaceIndexBits)}, place & ((1u << kPlaceIndexBits) - 1)}; }

/// What is known of a value, in as little memory as can be: programs are larger than caches.
///
/// next   the operation that reads it next, or kNever
/// place  its register; without one, where it is in memory
struct ValueState {
  std::uint32_t next = kNever;
  std::uint32_t place = packed({});
};

/// Fetches what is known of the values that an operation reads: most are old, and no longer in a cache.
void fetch(const WordOp& op, const base::LargeVector<ValueState>& values) {
  for (const std::uint32_t value : op.operands) __builtin_prefetch(&values[value], 1);
}
constexpr std::size_t kAhead = 24;  // operations that are fetched early

/// For each operand of each operation, which operation reads that value next; leaves the first reads in `values`.
class Reads {
 public:
  Reads(const Program& program, base::LargeVector<ValueState>& values)
      : stride_(std::all_of(program.ops.begin(), program.ops.end(), [](const WordOp& op) { return op.arity() == 2; }) ? 2 : 3),
        next_(stride_ * program.ops.size()) {
    for (std::size_t i = program.ops.size(); i-- > 0;) {
      if (i >= kAhead) fetch(program.ops[i - kAhead], values);
      const WordOp& op = program.ops[i];
      for (std::size_t k = 0; k < static_cast<std::size_t>(op.arity()); ++k) {
        std::uint32_t& next = values[op.operands[k]].next;
        next_[stride_ * i + k] = next;
        next = static_cast<std::uint32_t>(i);
      }
    }
  }

  [[nodiscard]] std::uint32_t after(std::size_t op, std::size_t operand) const { return next_[stride_ * op + operand]; }

 private:
  std::size_t stride_;
  base::LargeVector<std::uint32_t> next_;
};

/// Outputs in the order in which their values are made.
std::vector<std::uint32_t> order_outputs(const Program& program) {
  std::vector<std::uint32_t> order(program.outputs.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto earlier = [&](std::uint32_t x, std::uint32_t y) { return value_of(program.outputs[x]) < value_of(program.outputs[y]); };
  if (!std::is_sorted(order.begin(), order.end(), earlier)) std::stable_sort(order.begin(), order.end(), earlier);
  return order;
}

class Placement {
 public:
  Placement(const Program& program, const RegisterFile& file, InstructionSink& sink)
      : program_(program),
        file_(file),
        sink_(sink),
        values_(program.value_count()),
        reads_(program, values_),
        outputs_(order_outputs(program)) {
    LUTGEN_CHECK(program.value_count() <= kMostPlacedValues);
    free_ = file.registers == 32 ? ~0u : (1u << file.registers) - 1;
    for (std::uint32_t i = 0; i < program.input_count; ++i) values_[1 + i].place = packed({Kind::input, i});
    while (next_output_ < outputs_.size() && made_next() == 0) ++next_output_;
  }

  std::uint32_t run() {
    for (std::uint32_t i = 0; i < program_.input_count; ++i) copy_input(1 + i);
    std::uint32_t value = 1 + program_.input_count;
    for (now_ = 0; now_ < program_.ops.size(); ++now_) {
      if (now_ + kAhead < program_.ops.size()) fetch(program_.ops[now_ + kAhead], values_);
      const WordOp& op = program_.ops[now_];
      locked_ = 0;
      for (std::size_t k = 0; k < static_cast<std::size_t>(op.arity()); ++k) consume(op.operands[k], reads_.after(now_, k));
      const std::uint32_t result = op.arity() == 3 ? place3(op) : place2(op);
      finish(op, value++, result);
      if (sink_.is_full() && now_ + 1 < program_.ops.size()) end_part();
    }
    return slots_;
  }

 private:
  using Operands = std::array<std::uint32_t, 3>;

  /// The value of the next output that is not stored yet.
  [[nodiscard]] std::uint32_t made_next() const { return value_of(program_.outputs[outputs_[next_output_]]); }

  [[nodiscard]] Place place_of(std::uint32_t value) const { return unpacked(values_[value].place); }
  [[nodiscard]] bool in_register(std::uint32_t value) const { return place_of(value).kind == Kind::reg; }
  [[nodiscard]] std::uint32_t register_of(std::uint32_t value) const { return place_of(value).index; }
  /// Where a value is besides a register, if anywhere.
  [[nodiscard]] Place memory_of(std::uint32_t value) const {
    const Place place = place_of(value);
    return place.kind == Kind::reg ? held_[place.index].memory : place;
  }
  [[nodiscard]] bool in_memory(std::uint32_t value) const { return memory_of(value).kind != Kind::none; }
  [[nodiscard]] bool is_dying(std::uint32_t value) const { return values_[value].next == kNever; }
  /// The operation that reads the value next.
  [[nodiscard]] std::uint32_t next_read(std::uint32_t value) const { return values_[value].next; }

  void consume(std::uint32_t value, std::uint32_t next) {
    ValueState& state = values_[value];
    state.next = next;
    const Place place = unpacked(state.place);
    if (place.kind == Kind::reg) held_[place.index].next = next;
  }

  void hold(std::uint32_t reg, std::uint32_t value, Place memory) {
    values_[value].place = packed({Kind::reg, reg});
    held_[reg] = {value, next_read(value), memory};
  }

  /// Stores a value to all outputs that it is; gives the last of them, or no place.
  Place store_outputs(std::uint32_t value, std::uint32_t reg) {
    Place place;
    for (; next_output_ < outputs_.size() && made_next() == value; ++next_output_) {
      place = {Kind::output, outputs_[next_output_]};
      sink_.store(place, reg);
    }
    return place;
  }

  /// An input that is an output as well.
  void copy_input(std::uint32_t value) {
    if (next_output_ == outputs_.size() || made_next() != value) return;
    const std::uint32_t reg = fresh();
    sink_.load(reg, place_of(value));
    store_outputs(value, reg);
    free_ |= 1u << reg;
  }

  /// A register with nothing in it; takes the one whose value is needed last.
  std::uint32_t fresh() {
    if (free_ == 0) evict();
    const auto reg = static_cast<std::uint32_t>(std::countr_zero(free_));
    free_ &= ~(1u << reg);
    locked_ |= 1u << reg;
    return reg;
  }

  void evict() {
    std::uint32_t victim = kNever;
    std::uint64_t farthest = 0;
    for (std::uint32_t reg = 0; reg < file_.registers; ++reg) {
      if (((locked_ >> reg) & 1) != 0) continue;
      // Of two that are about as far away the one that need not be stored.
      const std::uint64_t distance = std::uint64_t{held_[reg].next - now_} * (held_[reg].memory.kind != Kind::none ? 3 : 2);
      if (victim != kNever && distance <= farthest) continue;
      victim = reg;
      farthest = distance;
    }
    LUTGEN_CHECK(victim != kNever);
    const std::uint32_t value = held_[victim].value;
    save(value);
    drop(value);
  }

  /// The value, which is in a register, gets a place in memory too.
  void save(std::uint32_t value) {
    if (in_memory(value)) return;
    if (free_slots_.empty()) free_slots_.push_back(slots_++);
    const std::uint32_t reg = register_of(value);
    held_[reg].memory = {Kind::slot, free_slots_.back()};
    free_slots_.pop_back();
    sink_.store(held_[reg].memory, reg);
  }

  /// The value leaves its register.
  void drop(std::uint32_t value) {
    const std::uint32_t reg = register_of(value);
    free_ |= 1u << reg;
    values_[value].place = packed(held_[reg].memory);
  }

  std::uint32_t ensure_register(std::uint32_t value) {
    if (!in_register(value)) {
      const std::uint32_t reg = fresh();
      const Place memory = place_of(value);
      sink_.load(reg, memory);
      hold(reg, value, memory);
    }
    const std::uint32_t reg = register_of(value);
    locked_ |= 1u << reg;
    return reg;
  }

  /// Whether a value is worth a register although this operation could read it from memory: a processor does two loads of
  /// 512 bits in a cycle, no more than operations.
  [[nodiscard]] bool is_needed_soon(std::uint32_t value) const {
    return file_.registers == 32 && !in_register(value) && !is_dying(value) && next_read(value) - now_ <= kSoon;
  }

  /// How well an operand can be overwritten: 3 it dies in a register; 2 it is in memory too and not needed soon; 1 it has to
  /// be loaded anyway; 0 it must be copied.
  [[nodiscard]] int ease(std::uint32_t value) const {
    if (!in_register(value)) return 1;
    if (is_dying(value)) return 3;
    return in_memory(value) && next_read(value) - now_ > kFarAway ? 2 : 0;
  }

  /// A register that holds the value and may be overwritten.
  std::uint32_t overwritten(std::uint32_t value) {
    switch (ease(value)) {
      case 3:
      case 2: {
        const std::uint32_t reg = register_of(value);
        drop(value);
        free_ &= ~(1u << reg);
        locked_ |= 1u << reg;
        return reg;
      }
      case 1: {
        const std::uint32_t reg = fresh();
        sink_.load(reg, place_of(value));
        return reg;
      }
      default: break;
    }
    const std::uint32_t source = register_of(value);
    locked_ |= 1u << source;
    const std::uint32_t reg = fresh();
    sink_.copy(reg, source);
    return reg;
  }

  std::uint32_t place3(const WordOp& op) {
    std::array<int, 3> order{0, 1, 2};  // overwritten, second, third
    const auto value = [&](int position) { return op.operands[static_cast<std::size_t>(order[static_cast<std::size_t>(position)])]; };
    const auto exchange = [&](int p, int q) { std::swap(order[static_cast<std::size_t>(p)], order[static_cast<std::size_t>(q)]); };
    // Third: what is in memory only and not needed for longest. First: what can be overwritten most easily of the others.
    const auto memory_rank = [&](int p) { return in_register(value(p)) ? std::uint64_t{0} : 1 + std::uint64_t{next_read(value(p))}; };
    if (memory_rank(0) > memory_rank(2)) exchange(0, 2);
    if (memory_rank(1) > memory_rank(2)) exchange(1, 2);
    if (ease(value(1)) > ease(value(0))) exchange(0, 1);
    if (in_register(value(2)) && ease(value(2)) > ease(value(0))) exchange(0, 2);
    // All else being in registers and needed, what would be read from memory is loaded and overwritten.
    if (ease(value(0)) == 0 && !in_register(value(2))) exchange(0, 2);
    for (int p = 0; p < 3; ++p) {
      if (in_register(value(p))) locked_ |= 1u << register_of(value(p));
    }
    const std::uint32_t second = ensure_register(value(1));
    if (is_needed_soon(value(2))) ensure_register(value(2));
    if (is_needed_soon(value(0))) ensure_register(value(0));
    const std::uint32_t result = overwritten(value(0));
    const unsigned table = permute3(op.table, order);
    sink_.compute3(table, result, second, place_of(value(2)));
    return result;
  }

  std::uint32_t place2(const WordOp& op) {
    std::uint32_t first = op.operands[0];
    std::uint32_t second = op.operands[1];
    unsigned table = op.table & 0xF;
    const bool is_fixed = table == 0x2 || table == 0x4;  // and-not: its first operand is the complemented one
    if (table == 0x2) {
      std::swap(first, second);
      table = 0x4;
    }
    if (!is_fixed) {
      const bool swaps = file_.overwrites ? ease(second) > ease(first) : in_register(second) && !in_register(first);
      if (swaps) std::swap(first, second);
      if (!in_register(first) && !in_register(second) && next_read(first) > next_read(second)) std::swap(first, second);
    }
    for (const std::uint32_t value : {first, second}) {
      if (in_register(value)) locked_ |= 1u << register_of(value);
    }
    if (file_.overwrites) {
      const std::uint32_t result = overwritten(first);
      sink_.compute2(table, result, result, place_of(second));
      return result;
    }
    const std::uint32_t source = ensure_register(first);
    // The result may take the register of an operand that is not needed any more.
    const Place other = place_of(second);
    for (const std::uint32_t value : {first, second}) {
      if (in_register(value) && is_dying(value)) drop(value);
    }
    const std::uint32_t result = fresh();
    sink_.compute2(table, result, source, other);
    return result;
  }

  /// After an operation: what it read last is gone, its result is in a register, and in memory where it is an output.
  void finish(const WordOp& op, std::uint32_t value, std::uint32_t result) {
    for (int k = 0; k < op.arity(); ++k) {
      const std::uint32_t operand = op.operands[static_cast<std::size_t>(k)];
      if (!is_dying(operand)) continue;
      if (in_register(operand)) drop(operand);
      if (const Place memory = place_of(operand); memory.kind == Kind::slot) free_slots_.push_back(memory.index);
    }
    const Place memory = store_outputs(value, result);
    if (is_dying(value)) {
      free_ |= 1u << result;
      return;
    }
    free_ &= ~(1u << result);
    hold(result, value, memory);
  }

  void end_part() {
    for (std::uint32_t reg = 0; reg < file_.registers; ++reg) {
      if (((free_ >> reg) & 1) != 0) continue;
      save(held_[reg].value);
      drop(held_[reg].value);
    }
    sink_.end_part();
  }

  const Program& program_;
  const RegisterFile& file_;
  InstructionSink& sink_;
  base::LargeVector<ValueState> values_;
  Reads reads_;
  std::vector<std::uint32_t> outputs_;     // in the order of their values
  std::size_t next_output_ = 0;            // of outputs_
  /// What a register that is not free holds, and what deciding which one gives way needs.
  struct Held {
    std::uint32_t value = 0;
    std::uint32_t next = 0;
    Place memory;
  };
  std::array<Held, 32> held_{};
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slots_ = 0;
  std::uint32_t free_ = 0;                 // registers, one bit each
  std::uint32_t locked_ = 0;               // registers of the operation at hand
  std::uint32_t now_ = 0;
};

}  // namespace

std::uint32_t place_program(const Program& program, const RegisterFile& file, InstructionSink& sink) {
  LUTGEN_CHECK(file.registers >= 4 && file.registers <= 32);
  return Placement(program, file, sink).run();
}

}  // namespace lutgen::eval
