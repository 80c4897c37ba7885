// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_layer.hpp"

#include "lutgen/base/rng.hpp"
#include "tests/support/catch.hpp"

using namespace lutgen;

namespace {

/// Two layers on random bits, and the sum of the outputs times fixed numbers.
struct Case {
  std::vector<std::uint32_t> first_inputs;
  std::vector<std::uint32_t> second_inputs;
  torch::Tensor bits;
  torch::Tensor first;
  torch::Tensor second;
  torch::Tensor weights;

  explicit Case(std::uint64_t seed) {
    base::Rng rng(seed);
    const auto random = [&](std::initializer_list<std::int64_t> shape) {
      torch::Tensor tensor = torch::empty(std::vector<std::int64_t>(shape));
      for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(2 * rng.unit() - 1);
      return tensor;
    };
    bits = (random({20, 50}) > 0).to(torch::kFloat);
    first = random({30, 64});
    second = random({12, 16});
    weights = random({12, 50});
    for (int i = 0; i < 180; ++i) first_inputs.push_back(static_cast<std::uint32_t>(rng.below(20)));
    for (int i = 0; i < 48; ++i) second_inputs.push_back(static_cast<std::uint32_t>(rng.below(30)));
  }
};

torch::Tensor indices(const std::vector<std::uint32_t>& inputs) {
  return torch::tensor(std::vector<std::int64_t>(inputs.begin(), inputs.end()), torch::kInt64);
}

}  // namespace

TEST_CASE("the operator and ordinary tensor operations agree, in values and gradients", "[train][lut_layer]") {
  for (const float soft : {0.0F, 0.5F, 1.0F}) {
    const Case example(3);
    torch::Tensor x = example.bits.clone().requires_grad_(true);
    train::LutLayer first(example.first.clone(), 6, 2);
    train::LutLayer second(example.second.clone(), 4, 2);
    const torch::Tensor y = second.forward(first.forward(x, example.first_inputs, soft), example.second_inputs, soft);
    (y * example.weights).sum().backward();

    torch::Tensor x2 = example.bits.clone().requires_grad_(true);
    torch::Tensor tables1 = example.first.clone().requires_grad_(true);
    torch::Tensor tables2 = example.second.clone().requires_grad_(true);
    const torch::Tensor hidden = train::apply_luts_by_tensors(x2, indices(example.first_inputs), tables1, soft);
    const torch::Tensor y2 = train::apply_luts_by_tensors(hidden, indices(example.second_inputs), tables2, soft);
    (y2 * example.weights).sum().backward();

    CHECK(torch::equal(y.detach(), y2.detach().round()));
    CHECK(torch::allclose(second.tables().grad(), tables2.grad(), 1e-4, 1e-5));
    CHECK(torch::allclose(first.tables().grad(), tables1.grad(), 1e-4, 1e-5));
    CHECK(torch::allclose(x.grad(), x2.grad(), 1e-4, 1e-5));
    CHECK(x.grad().abs().sum().item<float>() > 1);
  }
}

TEST_CASE("entries as outputs have the gradient that differences show", "[train][lut_layer]") {
  const Case example(4);
  train::LutLayer layer(example.first.clone(), 6, 1);
  const torch::Tensor weights = example.bits.narrow(0, 0, 1).expand({30, 50}) + 0.5;
  const auto loss = [&] { return (layer.forward(example.bits, example.first_inputs, 1, train::LutOutput::entries) * weights).sum(); };
  loss().backward();
  const torch::Tensor gradient = layer.tables().grad().clone();
  const torch::NoGradGuard no_gradient;
  for (const std::int64_t at : {0, 5, 64 * 7 + 3, 64 * 29 + 63}) {
    float* entry = layer.tables().data_ptr<float>() + at;
    const float before = *entry;
    *entry = before + 0.25F;
    const double more = loss().item<double>();
    *entry = before - 0.25F;
    const double less = loss().item<double>();
    *entry = before;
    CHECK(gradient.data_ptr<float>()[at] == Approx((more - less) / 0.5).margin(2e-3));
  }
}
