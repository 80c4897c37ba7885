// SPDX-License-Identifier: Apache-2.0
#include "lutgen/csource/plan.hpp"

#include <algorithm>

#include "lutgen/base/result.hpp"

namespace lutgen::csource {
namespace {

using eval::Program;

class Planner {
 public:
  Planner(const Program& program, std::uint32_t part_ops)
      : program_(program), first_(1 + program.input_count), ops_(static_cast<std::uint32_t>(program.ops.size())), part_ops_(part_ops) {
    LUTGEN_CHECK(part_ops >= 1);
    for (const eval::WordOp& op : program.ops) LUTGEN_CHECK(op.arity() == 2);
  }

  Plan run() {
    list_writes();
    find_needed();
    cut();
    find_last_readers();
    place();
    return std::move(plan_);
  }

 private:
  /// Gives every operation that is read by this one to `use`.
  template <class Use>
  void for_operands(std::uint32_t op, Use&& use) const {
    for (std::size_t k = 0; k < 2; ++k) {
      if (program_.ops[op].operands[k] >= first_) use(program_.ops[op].operands[k] - first_);
    }
  }

  /// Outputs, sorted by the operation that gives them.
  void list_writes() {
    plan_.writes.assign(std::size_t{ops_} + 1, 0);
    for (std::uint32_t o = 0; o < program_.outputs.size(); ++o) {
      const std::uint32_t value = eval::value_of(program_.outputs[o]);
      if (value < first_) {
        plan_.direct.push_back(o);
      } else {
        ++plan_.writes[value - first_ + 1];
      }
    }
    for (std::uint32_t i = 0; i < ops_; ++i) plan_.writes[i + 1] += plan_.writes[i];
    plan_.write_outputs.resize(plan_.writes[ops_]);
    std::vector<std::uint32_t> next(plan_.writes.begin(), plan_.writes.end() - 1);
    for (std::uint32_t o = 0; o < program_.outputs.size(); ++o) {
      const std::uint32_t value = eval::value_of(program_.outputs[o]);
      if (value >= first_) plan_.write_outputs[next[value - first_]++] = o;
    }
  }

  void find_needed() {
    plan_.places.assign(ops_, kUnneeded);
    for (std::uint32_t i = ops_; i-- > 0;) {
      if (plan_.writes[i] != plan_.writes[i + 1]) plan_.places[i] = kLocal;
      if (plan_.places[i] == kLocal) for_operands(i, [&](std::uint32_t read) { plan_.places[read] = kLocal; });
    }
  }

  void cut() {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < ops_; ++i) {
      if (plan_.places[i] == kUnneeded) continue;
      if (count == part_ops_) {
        plan_.part_ends.push_back(i);
        count = 0;
      }
      ++count;
    }
    if (count > 0) plan_.part_ends.push_back(ops_);
  }

  void find_last_readers() {
    last_reader_.assign(ops_, 0);
    for (std::uint32_t i = 0; i < ops_; ++i) {
      if (plan_.places[i] != kUnneeded) for_operands(i, [&](std::uint32_t read) { last_reader_[read] = i; });
    }
  }

  void place() {
    std::vector<std::uint32_t> free;
    std::uint32_t begin = 0;
    for (const std::uint32_t end : plan_.part_ends) {
      std::uint32_t live = 0;
      std::uint32_t variables = 0;
      for (std::uint32_t i = begin; i < end; ++i) {
        if (plan_.places[i] == kUnneeded) continue;
        for_operands(i, [&](std::uint32_t read) {
          if (last_reader_[read] != i) return;
          if (plan_.places[read] == kLocal) {
            --live;
          } else {
            free.push_back(plan_.places[read]);
          }
        });
        if (last_reader_[i] >= end) {
          plan_.places[i] = take(free);
        } else {
          plan_.most_variables = std::max(plan_.most_variables, ++variables);
          plan_.most_live = std::max(plan_.most_live, live + 1);
          if (last_reader_[i] != 0) ++live;
        }
      }
      begin = end;
    }
  }

  std::uint32_t take(std::vector<std::uint32_t>& free) {
    if (free.empty()) return plan_.elements++;
    const std::uint32_t element = free.back();
    free.pop_back();
    return element;
  }

  const Program& program_;
  std::uint32_t first_;
  std::uint32_t ops_;
  std::uint32_t part_ops_;
  Plan plan_;
  std::vector<std::uint32_t> last_reader_;  // 0: read by no operation, since operation 0 reads none
};

}  // namespace

Plan make_plan(const Program& program, std::uint32_t part_ops) { return Planner(program, part_ops).run(); }

}  // namespace lutgen::csource
