// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lutgen/train/connections.hpp"
#include "lutgen/train/lut_layer.hpp"

namespace lutgen::train {

/// The tables that the weights of one layer became (LUTNet): of each operator, a weight that was left, one for each residual
/// level. Table o * levels + l belongs to operator o and level l; its input 0 is the weight's own lane.
class OperatorTables {
 public:
  /// What the tables are made of.
  ///
  /// neurons    that they are added up to
  /// levels     tables of an operator
  /// fan_in     inputs of a table, 1 to kMaxTrainedInputs
  /// neuron_of  [operators], ascending
  /// inputs     [operators * levels][fan_in] rows of signs
  /// entries    [operators * levels, 2^fan_in], above 0 is a 1
  /// removed    [operators][fan_in], 1: the operator's tables do not depend on that input; empty: none
  /// position_of, stored  tiled form (LUTNet's (K, P), K = fan_in + P): operators share tables. `entries` are [positions, 2^K] then, the
  ///            last P address bits are stored ones; position_of [operators] is the table of each operator and of all its levels,
  ///            stored [operators, P] the numbers whose signs are the stored bits, number j at address bit fan_in + j. Else empty and
  ///            undefined
  struct Parts {
    std::uint32_t neurons = 0;
    std::uint32_t levels = 1;
    std::uint32_t fan_in = 1;
    std::vector<std::int64_t> neuron_of;
    std::vector<std::uint32_t> inputs;
    torch::Tensor entries;
    std::vector<std::uint8_t> removed;
    std::vector<std::int64_t> position_of;
    torch::Tensor stored;
  };

  /// soft, threads  as in LutLayer
  OperatorTables(Parts parts, float soft, std::size_t threads);

  /// Adds up what each neuron's tables say, -1 or 1 times the factor of their level: [neurons, samples], with gradients.
  ///
  /// signs    [rows, samples], -1 or 1
  /// factors  [levels]
  /// output   bits, or entries (and stored numbers) as they are, with the slopes of those
  /// Cost     O(tables * samples * fan_in)
  [[nodiscard]] torch::Tensor add_up(const torch::Tensor& signs, const torch::Tensor& factors, LutOutput output = LutOutput::bits);

  [[nodiscard]] std::size_t operator_count() const { return parts_.neuron_of.size(); }
  [[nodiscard]] std::uint32_t fan_in() const { return parts_.fan_in; }
  [[nodiscard]] std::span<const std::uint32_t> inputs() const { return parts_.inputs; }
  /// Whether operators share tables, and how many stored bits these have (P).
  [[nodiscard]] bool is_tiled() const { return parts_.stored.defined(); }
  [[nodiscard]] std::uint32_t stored_bits() const { return is_tiled() ? static_cast<std::uint32_t>(parts_.stored.size(1)) : 0; }
  /// Entries that are trained: as Parts::entries.
  [[nodiscard]] torch::Tensor& entries() { return is_tiled() ? parts_.entries : luts_->tables(); }
  [[nodiscard]] const torch::Tensor& entries() const { return is_tiled() ? parts_.entries : luts_->tables(); }
  /// [operators * levels, 2^fan_in]: what each operator's tables are, stored bits put in. With gradients.
  ///
  /// output  whether stored numbers count by their sign or as they are: the entry is then what the table's multilinear extension is
  ///         between the entries for -1 and 1
  /// Cost    O(operators * 2^(fan_in + P))
  [[nodiscard]] torch::Tensor resolve(LutOutput output = LutOutput::bits) const;
  /// All that is trained; entries (and stored numbers) back to -1..1, those that removed inputs made one to their mean; and their
  /// gradients, before a step.
  [[nodiscard]] std::vector<torch::Tensor> trained();
  void clamp();
  void tie_gradients();
  /// Inputs of all operators when the tables were made, and those that are left.
  [[nodiscard]] std::uint64_t first_input_count() const { return first_input_count_; }
  [[nodiscard]] std::uint64_t input_count() const;

  /// From now on `learn_inputs` may put other rows at the inputs, all but input 0; or no longer.
  ///
  /// rows  that there are
  void start_learning(std::uint32_t rows);
  void stop_learning() { connections_.reset(); }
  /// One step, after a forward and a backward one. Nothing where learning was not started. Cost: as Connections::learn.
  void learn_inputs(const ConnectionStep& step);
  /// Inputs that changed in all these steps.
  [[nodiscard]] std::uint64_t switches() const { return connections_ ? connections_->switches() : 0; }

  /// How much each input matters (Wang et al., logic shrinkage, FPGA 2022): the sum over the operator's tables and all addresses
  /// of the difference that the input makes to an entry. [operators * fan_in]; below 0 where it is removed.
  [[nodiscard]] std::vector<double> saliencies() const;
  /// From now on tables do not depend on these inputs: the two entries that each chose between become their mean.
  ///
  /// which  operator * fan_in + input of each
  void remove_inputs(std::span<const std::size_t> which);
  /// What is the same entry after all removals gets the same value (or gradient): the mean.
  ///
  /// values  [operators * levels, 2^fan_in], changed in place
  void tie(torch::Tensor& values) const;

  /// An operator without an input left: always the same number.
  ///
  /// at    its number among the operators
  /// signs [levels], what its tables say
  struct Constant {
    std::size_t at = 0;
    std::vector<int> signs;
  };
  /// Takes such operators out. Cost O(tables).
  std::vector<Constant> drop_constants();

  /// Everything that a checkpoint has to hold, and back.
  void save(torch::serialize::OutputArchive& archive) const;
  [[nodiscard]] static std::unique_ptr<OperatorTables> load(torch::serialize::InputArchive& archive, float soft, std::size_t threads);

 private:
  void index();

  Parts parts_;
  float soft_;
  std::size_t threads_;
  std::uint64_t first_input_count_;
  std::shared_ptr<LutLayer> luts_;
  std::optional<Connections> connections_;
  std::uint32_t rows_ = 0;  // of the signs, while inputs are learned
  torch::Tensor neuron_of_table_, level_of_table_;
  torch::Tensor position_;  // of each operator, tiled
  torch::Tensor removed_;  // [tables, fan_in] bool; undefined: none is removed
};

}  // namespace lutgen::train
