// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/operator_tables.hpp"

#include <algorithm>
#include <cmath>

#include "lutgen/base/result.hpp"
#include "lutgen/train/residual_sign.hpp"

namespace lutgen::train {
namespace {

template <class Numbers>
torch::Tensor to_tensor(const Numbers& numbers) {
  torch::Tensor tensor = torch::empty({static_cast<std::int64_t>(numbers.size())}, torch::kInt64);
  std::copy(numbers.begin(), numbers.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

template <class Number>
std::vector<Number> read_numbers(torch::serialize::InputArchive& archive, const char* name) {
  torch::Tensor tensor;
  archive.read(name, tensor);
  std::vector<Number> numbers;
  for (std::int64_t i = 0; i < tensor.numel(); ++i) numbers.push_back(static_cast<Number>(tensor.data_ptr<std::int64_t>()[i]));
  return numbers;
}

}  // namespace

OperatorTables::OperatorTables(Parts parts, float soft, std::size_t threads)
    : parts_(std::move(parts)), soft_(soft), threads_(threads), first_input_count_(parts_.neuron_of.size() * parts_.fan_in) {
  LUTGEN_CHECK(parts_.inputs.size() == first_input_count_ * parts_.levels);
  if (parts_.removed.empty()) parts_.removed.assign(first_input_count_, 0);
  if (is_tiled()) {
    LUTGEN_CHECK(parts_.position_of.size() == operator_count() && parts_.stored.size(0) == static_cast<std::int64_t>(operator_count()));
    LUTGEN_CHECK(parts_.entries.size(1) == std::int64_t{1} << (parts_.fan_in + stored_bits()));
    parts_.entries = parts_.entries.detach().requires_grad_(true);
    parts_.stored = parts_.stored.detach().requires_grad_(true);
    const auto tables = static_cast<std::int64_t>(operator_count() * parts_.levels);
    luts_ = std::make_shared<LutLayer>(torch::zeros({tables, std::int64_t{1} << parts_.fan_in}), parts_.fan_in, threads);
  } else {
    luts_ = std::make_shared<LutLayer>(parts_.entries, parts_.fan_in, threads);
    parts_.entries = torch::Tensor();
  }
  index();
}

void OperatorTables::index() {
  const std::size_t tables = parts_.neuron_of.size() * parts_.levels;
  std::vector<std::int64_t> neuron_of(tables);
  std::vector<std::int64_t> level_of(tables);
  bool any = false;
  torch::Tensor removed = torch::zeros({static_cast<std::int64_t>(tables), parts_.fan_in}, torch::kBool);
  for (std::size_t t = 0; t < tables; ++t) {
    neuron_of[t] = parts_.neuron_of[t / parts_.levels];
    level_of[t] = static_cast<std::int64_t>(t % parts_.levels);
    for (std::size_t k = 0; k < parts_.fan_in; ++k) {
      const bool is_removed = parts_.removed[t / parts_.levels * parts_.fan_in + k] != 0;
      removed.data_ptr<bool>()[t * parts_.fan_in + k] = is_removed;
      any = any || is_removed;
    }
  }
  neuron_of_table_ = to_tensor(neuron_of);
  level_of_table_ = to_tensor(level_of);
  position_ = to_tensor(parts_.position_of);
  removed_ = any ? removed : torch::Tensor();
}

torch::Tensor OperatorTables::resolve(LutOutput output) const {
  if (!is_tiled()) return luts_->tables();
  torch::Tensor values = parts_.entries.index_select(0, position_);
  const torch::Tensor stored = output == LutOutput::bits ? binarize(parts_.stored) : parts_.stored.clamp(-1, 1);
  const torch::Tensor shares = (stored + 1) * 0.5;
  // From the last address bit down.
  for (std::int64_t j = stored_bits(); j-- > 0;) {
    const torch::Tensor halves = values.view({values.size(0), 2, -1});
    const torch::Tensor share = shares.select(1, j).unsqueeze(1);
    // Not low + (high - low) * share: where the share is 1, the entry has to be the shared table's exactly.
    values = halves.select(1, 1) * share + halves.select(1, 0) * (1 - share);
  }
  return values.repeat_interleave(parts_.levels, 0);
}

torch::Tensor OperatorTables::add_up(const torch::Tensor& signs, const torch::Tensor& factors, LutOutput output) {
  const float soft = output == LutOutput::bits ? soft_ : 1.0F;
  const torch::Tensor bits = luts_->apply(resolve(output), (signs + 1) * 0.5, parts_.inputs, soft, output);
  const torch::Tensor counted = (bits * 2 - 1) * factors.index_select(0, level_of_table_).unsqueeze(1);
  return torch::zeros({parts_.neurons, signs.size(1)}).index_add(0, neuron_of_table_, counted);
}

std::vector<torch::Tensor> OperatorTables::trained() {
  return is_tiled() ? std::vector<torch::Tensor>{parts_.entries, parts_.stored} : std::vector<torch::Tensor>{luts_->tables()};
}

void OperatorTables::clamp() {
  const torch::NoGradGuard no_gradient;
  for (torch::Tensor& tensor : trained()) tensor.clamp_(-1, 1);
  tie(entries());
}

void OperatorTables::tie_gradients() {
  if (entries().grad().defined()) tie(entries().mutable_grad());
}

std::uint64_t OperatorTables::input_count() const {
  return static_cast<std::uint64_t>(std::count(parts_.removed.begin(), parts_.removed.end(), std::uint8_t{0}));
}

void OperatorTables::start_learning(std::uint32_t rows) {
  LUTGEN_CHECK(!is_tiled());
  rows_ = rows;
  connections_.emplace(static_cast<std::uint32_t>(luts_->tables().size(0)), parts_.fan_in, rows, parts_.inputs);
}

void OperatorTables::learn_inputs(const ConnectionStep& step) {
  if (!connections_) return;
  // Input 0 has no gradient here: it stays, and what it reads is not put at another input.
  std::vector<float> gradients(luts_->slot_gradients().begin(), luts_->slot_gradients().end());
  const std::size_t samples = luts_->batch().samples;
  for (std::size_t slot = 0; slot < parts_.inputs.size(); slot += parts_.fan_in) {
    std::fill_n(gradients.begin() + static_cast<std::ptrdiff_t>(slot * samples), samples, 0.0F);
  }
  connections_->learn(luts_->batch(), luts_->bits().data(), gradients.data(), step, threads_);
  parts_.inputs.assign(connections_->inputs().begin(), connections_->inputs().end());
}

std::vector<double> OperatorTables::saliencies() const {
  LUTGEN_CHECK(!is_tiled());
  std::vector<double> saliencies(parts_.removed.size(), 0);
  const std::size_t entries = std::size_t{1} << parts_.fan_in;
  const float* table = luts_->tables().data_ptr<float>();
  for (std::size_t o = 0; o < operator_count(); ++o) {
    for (std::uint32_t level = 0; level < parts_.levels; ++level, table += entries) {
      for (std::size_t k = 0; k < parts_.fan_in; ++k) {
        double& sum = saliencies[o * parts_.fan_in + k];
        for (std::size_t a = 0; a < entries; ++a) sum += std::abs(static_cast<double>(table[a]) - static_cast<double>(table[a ^ (std::size_t{1} << k)]));
      }
    }
  }
  for (std::size_t i = 0; i < saliencies.size(); ++i) {
    if (parts_.removed[i] != 0) saliencies[i] = -1;
  }
  return saliencies;
}

void OperatorTables::remove_inputs(std::span<const std::size_t> which) {
  for (const std::size_t at : which) {
    LUTGEN_CHECK(at < parts_.removed.size());
    parts_.removed[at] = 1;
  }
  index();
  const torch::NoGradGuard no_gradient;
  tie(luts_->tables());
}

void OperatorTables::tie(torch::Tensor& values) const {
  if (!removed_.defined()) return;
  const torch::NoGradGuard no_gradient;
  for (std::uint32_t k = 0; k < parts_.fan_in; ++k) {
    torch::Tensor pairs = values.view({values.size(0), -1, 2, std::int64_t{1} << k});
    const torch::Tensor is_removed = removed_.select(1, k).view({-1, 1, 1, 1});
    pairs.copy_(torch::where(is_removed, pairs.mean(2, true), pairs));
  }
}

std::vector<OperatorTables::Constant> OperatorTables::drop_constants() {
  std::vector<Constant> dropped;
  std::vector<std::int64_t> kept;  // tables
  Parts left{.neurons = parts_.neurons, .levels = parts_.levels, .fan_in = parts_.fan_in, .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {}, .position_of = {}, .stored = {}};
  const torch::Tensor entries = luts_->tables().detach();
  const std::size_t inputs = std::size_t{parts_.fan_in} * parts_.levels;
  for (std::size_t o = 0; o < operator_count(); ++o) {
    const auto flags = std::span(parts_.removed).subspan(o * parts_.fan_in, parts_.fan_in);
    if (std::find(flags.begin(), flags.end(), 0) == flags.end()) {
      dropped.push_back({o, {}});
      for (std::size_t l = 0; l < parts_.levels; ++l) {
        dropped.back().signs.push_back(entries.data_ptr<float>()[(o * parts_.levels + l) << parts_.fan_in] > 0 ? 1 : -1);
      }
      continue;
    }
    left.neuron_of.push_back(parts_.neuron_of[o]);
    left.removed.insert(left.removed.end(), flags.begin(), flags.end());
    const auto from = std::span(parts_.inputs).subspan(o * inputs, inputs);
    left.inputs.insert(left.inputs.end(), from.begin(), from.end());
    for (std::size_t l = 0; l < parts_.levels; ++l) kept.push_back(static_cast<std::int64_t>(o * parts_.levels + l));
  }
  if (dropped.empty()) return dropped;
  connections_.reset();
  luts_ = std::make_shared<LutLayer>(entries.index_select(0, to_tensor(kept)), parts_.fan_in, threads_);
  parts_ = std::move(left);
  index();
  return dropped;
}

void OperatorTables::save(torch::serialize::OutputArchive& archive) const {
  const std::vector<std::uint64_t> extents = {parts_.neurons, parts_.levels, parts_.fan_in, first_input_count_, rows_};
  archive.write("extents", to_tensor(extents));
  archive.write("neurons", to_tensor(parts_.neuron_of));
  archive.write("inputs", to_tensor(parts_.inputs));
  archive.write("removed", to_tensor(parts_.removed));
  archive.write("positions", to_tensor(parts_.position_of));
  archive.write("entries", entries().detach());
  if (is_tiled()) archive.write("stored", parts_.stored.detach());
  archive.write("learning", c10::IValue(connections_.has_value()));
  if (connections_) archive.write("connections", torch::tensor(connections_->state()));
}

std::unique_ptr<OperatorTables> OperatorTables::load(torch::serialize::InputArchive& archive, float soft, std::size_t threads) {
  const auto extents = read_numbers<std::uint32_t>(archive, "extents");
  Parts parts{.neurons = extents[0], .levels = extents[1], .fan_in = extents[2], .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {}, .position_of = {}, .stored = {}};
  parts.neuron_of = read_numbers<std::int64_t>(archive, "neurons");
  parts.inputs = read_numbers<std::uint32_t>(archive, "inputs");
  parts.removed = read_numbers<std::uint8_t>(archive, "removed");
  parts.position_of = read_numbers<std::int64_t>(archive, "positions");
  archive.read("entries", parts.entries);
  if (!parts.position_of.empty()) archive.read("stored", parts.stored);
  auto tables = std::make_unique<OperatorTables>(std::move(parts), soft, threads);
  tables->first_input_count_ = extents[3];
  c10::IValue learning;
  archive.read("learning", learning);
  if (!learning.toBool()) return tables;
  tables->start_learning(extents[4]);
  torch::Tensor state;
  archive.read("connections", state);
  tables->connections_->restore({state.data_ptr<float>(), static_cast<std::size_t>(state.numel())});
  return tables;
}

}  // namespace lutgen::train
