// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/operator_tables.hpp"

#include <algorithm>

#include "lutgen/train/binary_layer.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;
using train::OperatorTables;

namespace {

/// One operator of two levels for neuron 1 of 2, inputs 0 and 1 of level l are the rows 2 i + l.
OperatorTables small_tables() {
  OperatorTables::Parts parts{.neurons = 2, .levels = 2, .fan_in = 2, .neuron_of = {1}, .inputs = {0, 2, 1, 3}, .entries = {}, .removed = {}, .position_of = {}, .stored = {}};
  parts.entries = torch::tensor({-0.5F, 0.25F, 0.75F, 1.0F, 0.0F, 0.0F, -1.0F, 0.5F}).view({2, 4});
  return OperatorTables(std::move(parts), 0, 1);
}

/// Some operators with random entries over 8 rows of one level; every table has inputs of its own.
OperatorTables random_tables(std::uint32_t operators, base::Rng& rng) {
  OperatorTables::Parts parts{.neurons = 4, .levels = 1, .fan_in = 3, .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {}, .position_of = {}, .stored = {}};
  parts.entries = torch::empty({operators, 8});
  for (std::uint32_t o = 0; o < operators; ++o) {
    parts.neuron_of.push_back(o * 4 / operators);
    const auto first = static_cast<std::uint32_t>(rng.below(8));
    for (std::uint32_t k = 0; k < 3; ++k) parts.inputs.push_back((first + k) % 8);
    for (int a = 0; a < 8; ++a) parts.entries[o][a] = static_cast<float>(2 * rng.unit() - 1);
  }
  return OperatorTables(std::move(parts), 0, 1);
}

torch::Tensor random_numbers(at::IntArrayRef extents, base::Rng& rng) {
  torch::Tensor numbers = torch::empty(extents);
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<float>()[i] = static_cast<float>(2 * rng.unit() - 1);
  return numbers;
}

/// Operators of the tiled form over 8 rows of one level, with tables of two data inputs and `stored` stored bits for 3 positions.
OperatorTables tiled_tables(std::uint32_t operators, std::uint32_t stored, base::Rng& rng) {
  OperatorTables::Parts parts{.neurons = 4, .levels = 1, .fan_in = 2, .neuron_of = {}, .inputs = {}, .entries = {}, .removed = {}, .position_of = {}, .stored = {}};
  parts.entries = random_numbers({3, 4 << stored}, rng);
  parts.stored = random_numbers({operators, stored}, rng);
  for (std::uint32_t o = 0; o < operators; ++o) {
    parts.neuron_of.push_back(o * 4 / operators);
    parts.position_of.push_back(static_cast<std::int64_t>(rng.below(3)));
    parts.inputs.insert(parts.inputs.end(), {o % 8, (o + 3) % 8});
  }
  return OperatorTables(std::move(parts), 0.5F, 1);
}

/// Compares gradients of `loss`, a sum that is linear in every number, with differences.
template <class Loss>
void check_gradients(OperatorTables& tables, Loss&& loss) {
  for (torch::Tensor& tensor : tables.trained()) tensor.mutable_grad() = torch::Tensor();
  loss().backward();
  const torch::NoGradGuard no_gradient;
  for (torch::Tensor& tensor : tables.trained()) {
    const torch::Tensor gradients = tensor.grad().clone();
    CHECK(gradients.abs().sum().item<float>() > 0);
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
      float& number = tensor.data_ptr<float>()[i];
      const float before = number;
      number = 1;
      const float high = loss().template item<float>();
      number = -1;
      const float low = loss().template item<float>();
      number = before;
      CHECK(gradients.data_ptr<float>()[i] == Approx((high - low) / 2).margin(1e-4));
    }
  }
}

torch::Tensor random_signs(std::int64_t rows, std::int64_t samples, base::Rng& rng) {
  torch::Tensor signs = torch::empty({rows, samples});
  for (std::int64_t i = 0; i < signs.numel(); ++i) signs.data_ptr<float>()[i] = rng.below(2) != 0 ? 1.0F : -1.0F;
  return signs;
}

}  // namespace

TEST_CASE("tables count -1 or 1 times the factor of their level for their neuron", "[train][lutnet]") {
  OperatorTables tables = small_tables();
  // Lanes 0 and 1, levels 0 and 1: level 0 reads (-1, 1), entry 2, a one; level 1 reads (1, 1), entry 3, a one.
  const torch::Tensor signs = torch::tensor({-1.0F, 1.0F, 1.0F, 1.0F}).view({4, 1});
  CHECK(torch::equal(tables.add_up(signs, torch::tensor({2.0F, 1.0F})), torch::tensor({0.0F, 3.0F}).view({2, 1})));
  // Level 0 reads (-1, -1): entry 0, a zero.
  const torch::Tensor others = torch::tensor({-1.0F, 1.0F, -1.0F, 1.0F}).view({4, 1});
  CHECK(torch::equal(tables.add_up(others, torch::tensor({2.0F, 1.0F})), torch::tensor({0.0F, -1.0F}).view({2, 1})));
}

TEST_CASE("an input's saliency is the sum of the differences it makes, over both levels", "[train][lutnet]") {
  const OperatorTables tables = small_tables();
  // Input 0 chooses between entries 0, 1 and 2, 3: 0.75 + 0.25, and 0 + 1.5; input 1 between 0, 2 and 1, 3: 1.25 + 0.75, and
  // 1 + 0.5. Each difference is met from both of its addresses.
  CHECK(tables.saliencies() == std::vector<double>{2 * 2.5, 2 * 3.5});
}

TEST_CASE("a removed input leaves the mean, and never matters again", "[train][lutnet]") {
  OperatorTables tables = small_tables();
  tables.remove_inputs(std::vector<std::size_t>{0});
  CHECK(torch::equal(tables.entries().detach(), torch::tensor({-0.125F, -0.125F, 0.875F, 0.875F, 0.0F, 0.0F, -0.25F, -0.25F}).view({2, 4})));
  CHECK(tables.input_count() == 1);
  CHECK(tables.saliencies()[0] == -1);
  base::Rng rng(3);
  OperatorTables many = random_tables(40, rng);
  std::vector<std::size_t> removed;
  for (std::size_t i = 0; i < 120; i += 2 + rng.below(3)) removed.push_back(i);
  many.remove_inputs(removed);
  const torch::NoGradGuard no_gradient;
  for (int step = 0; step < 3; ++step) {
    // As an optimiser that treats entries one by one leaves them.
    many.entries().add_(random_signs(40, 8, rng) * 0.3);
    many.tie(many.entries());
    for (const std::size_t at : removed) {
      const float* table = many.entries().data_ptr<float>() + at / 3 * 8;
      for (std::size_t a = 0; a < 8; ++a) CHECK(table[a] == table[a ^ (std::size_t{1} << at % 3)]);
    }
  }
}

TEST_CASE("operators without inputs go, and the layer says the same", "[train][lutnet]") {
  for (const bool is_last : {false, true}) {
    base::Rng rng(4);
    train::BinaryLayer layer({.lanes = 12, .levels = 2, .neurons = 6, .lane_of_row = {}, .is_last = is_last, .tiling = {}}, rng);
    layer.prune(0.4, 0);
    layer.expand({.fan_in = 3}, rng);
    layer.train(false);
    // Every third operator loses all inputs.
    std::vector<std::size_t> removed;
    const std::size_t before = layer.operators().size();
    for (std::size_t i = 0; i < before * 3; ++i) {
      if (i / 3 % 3 == 0) removed.push_back(i);
    }
    layer.operator_tables()->remove_inputs(removed);
    const torch::NoGradGuard no_gradient;
    const train::Signs in{random_signs(24, 50, rng), torch::tensor({0.5F, 0.25F})};
    const torch::Tensor expected = layer.forward(in, train::Weights::binary);
    layer.drop_constants(std::vector<double>{0.5, 0.25});
    CHECK(layer.operators().size() == before - removed.size() / 3);
    CHECK(layer.operator_tables()->operator_count() == layer.operators().size());
    CHECK(torch::allclose(layer.forward(in, train::Weights::binary), expected, 1e-5, 1e-5));
    // What is left keeps its lane and its neuron.
    const std::vector<train::Operator> operators = layer.operators();
    for (std::size_t o = 0; o < operators.size(); ++o) CHECK(layer.table_inputs()[o * 6] == operators[o].lane * 2);
  }
}

TEST_CASE("learned inputs find the row that helps; a weight's own lane stays", "[train][lutnet]") {
  base::Rng rng(6);
  OperatorTables tables = random_tables(40, rng);
  const std::vector<std::uint32_t> first(tables.inputs().begin(), tables.inputs().end());
  const auto count_seven = [&] {
    std::size_t found = 0;
    for (std::size_t o = 0; o < 40; ++o) {
      const auto inputs = tables.inputs().subspan(o * 3, 3);
      CHECK(inputs[0] == first[o * 3]);
      CHECK((inputs[0] != inputs[1] && inputs[0] != inputs[2] && inputs[1] != inputs[2]));
      found += std::find(inputs.begin(), inputs.end(), 7U) != inputs.end() ? 1 : 0;
    }
    return found;
  };
  const std::size_t before = count_seven();
  tables.learn_inputs({.step = 1});  // not started: nothing
  CHECK(std::equal(first.begin(), first.end(), tables.inputs().begin()));
  tables.start_learning(8);
  for (std::uint64_t step = 1; step <= 100; ++step) {
    const torch::Tensor signs = random_signs(8, 64, rng);
    // Every neuron is to be row 7.
    const torch::Tensor loss = -(tables.add_up(signs, torch::ones({1})) * signs[7]).sum();
    loss.backward();
    tables.learn_inputs({.step = step});
  }
  CHECK(count_seven() > before);
  CHECK(count_seven() > 25);
  CHECK(tables.switches() > 0);
}

TEST_CASE("an operator's table is the shared one at its stored bits, for one to three of them", "[train][lutnet]") {
  for (std::uint32_t stored = 1; stored <= 3; ++stored) {
    base::Rng rng(stored);
    OperatorTables tables = tiled_tables(12, stored, rng);
    CHECK(tables.stored_bits() == stored);
    const torch::Tensor resolved = tables.resolve().detach();
    REQUIRE(resolved.sizes() == at::IntArrayRef({12, 4}));
    const torch::Tensor numbers = tables.trained()[1].detach();
    base::Rng again(stored);
    static_cast<void>(random_numbers({3, 4 << stored}, again));
    static_cast<void>(random_numbers({12, stored}, again));
    for (std::int64_t o = 0; o < 12; ++o) {
      const auto position = static_cast<std::int64_t>(again.below(3));
      std::int64_t address = 0;
      for (std::uint32_t j = 0; j < stored; ++j) address |= numbers[o][j].item<float>() > 0 ? std::int64_t{4} << j : 0;
      CHECK(torch::equal(resolved[o], tables.entries().detach()[position].narrow(0, address, 4)));
    }
  }
}

TEST_CASE("gradients by shared entries and stored numbers are the extension's, checked by differences", "[train][lutnet]") {
  for (std::uint32_t stored = 1; stored <= 3; ++stored) {
    base::Rng rng(10 + stored);
    OperatorTables tables = tiled_tables(12, stored, rng);
    const torch::Tensor upstream = random_numbers({12, 4}, rng);
    check_gradients(tables, [&] { return (tables.resolve(train::LutOutput::entries) * upstream).sum(); });
    const torch::Tensor signs = random_signs(8, 20, rng);
    const torch::Tensor from_above = random_numbers({4, 20}, rng);
    check_gradients(tables, [&] { return (tables.add_up(signs, torch::ones({1}), train::LutOutput::entries) * from_above).sum(); });
    // As bits, straight through the sign: the slope where the other stored numbers are -1 or 1.
    const torch::NoGradGuard no_gradient;
    tables.trained()[1].sign_();
    const torch::AutoGradMode gradients(true);
    check_gradients(tables, [&] { return (tables.resolve(train::LutOutput::bits) * upstream).sum(); });
  }
}

TEST_CASE("further stored bits do nothing at first, and are trained as soon as entries differ by them", "[train][lutnet]") {
  for (const train::Weights weights : {train::Weights::binary, train::Weights::real_tables}) {
    base::Rng rng(5);
    train::BinaryLayer layer({.lanes = 16, .levels = 2, .neurons = 8, .lane_of_row = {}, .is_last = false, .tiling = {4, 2}}, rng);
    layer.prune(0.5, 0);
    layer.expand_tiled({.fan_in = 5, .stored = 3, .soft = 0}, rng);
    torch::Tensor stored = layer.operator_tables()->trained()[1];
    const torch::Tensor before = stored.detach().clone();
    torch::optim::Adam optimizer(layer.trained(), torch::optim::AdamOptions(0.01));
    std::vector<torch::Tensor> sums;  // of the gradients' magnitudes, of each stored bit
    for (int step = 0; step < 10; ++step) {
      const train::Signs in{random_signs(32, 40, rng), torch::tensor({0.5F, 0.25F})};
      const torch::Tensor wanted = in.signs.narrow(0, 0, 8) * in.signs.narrow(0, 8, 8);
      optimizer.zero_grad();
      (layer.forward(in, weights) - wanted).square().sum().backward();
      sums.push_back(stored.grad().abs().sum(0));
      optimizer.step();
      layer.clamp();
    }
    CHECK(sums[0][0].item<float>() > 0);
    for (int j = 1; j < 3; ++j) {
      CHECK(sums[0][j].item<float>() == 0);
      CHECK(sums[1][j].item<float>() > 0);
    }
    for (int j = 0; j < 3; ++j) CHECK((stored.detach() - before).select(1, j).ne(0).sum().item<std::int64_t>() > stored.size(0) / 2);
  }
}
