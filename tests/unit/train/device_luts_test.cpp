// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/device_luts.hpp"

#include "lutgen/train/lut_layer.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/train/emulated_device.hpp"
#include "tests/unit/train/lut_example.hpp"

using namespace lutgen;

namespace {

template <class From>
torch::Tensor to_tensor(const std::vector<From>& numbers, std::int64_t rows, torch::ScalarType type) {
  const std::vector<double> wide(numbers.begin(), numbers.end());
  return torch::tensor(wide, torch::kDouble).to(type).view({rows, -1});
}

}  // namespace

TEST_CASE("a device's operator gives what the processor's layer gives, and so do its gradients", "[train][cuda]") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const test::LutExample example(seed);
    const std::int64_t neurons = example.batch.neurons;
    const torch::Tensor upstream = to_tensor(example.upstream, neurons, torch::kFloat);
    const torch::Tensor bits = to_tensor(example.bits, static_cast<std::int64_t>(example.features), torch::kFloat);
    train::LutLayer layer(to_tensor(example.tables, neurons, torch::kFloat), example.batch.fan_in, 1);
    torch::Tensor read = bits.clone().requires_grad_(true);
    const torch::Tensor expected = layer.forward(read, example.inputs, 0.5F);
    (expected * upstream).sum().backward();

    train::DeviceLuts luts(std::make_unique<test::EmulatedDevice>(seed));
    torch::Tensor tables = to_tensor(example.tables, neurons, torch::kFloat).requires_grad_(true);
    torch::Tensor read_too = bits.clone().requires_grad_(true);
    const torch::Tensor inputs = to_tensor(example.inputs, 1, torch::kInt64).flatten();
    const torch::Tensor outputs = luts.apply(read_too, inputs, tables, 0.5F);
    (outputs * upstream).sum().backward();

    CHECK(torch::equal(outputs.detach(), expected.detach()));
    CHECK(torch::equal(read_too.grad(), read.grad()));
    CHECK(torch::allclose(tables.grad(), layer.tables().grad(), 1e-5, 1e-5));
    const std::vector<float> slots(layer.slot_gradients().begin(), layer.slot_gradients().end());
    CHECK(torch::equal(luts.slot_gradients(), torch::tensor(slots).view(luts.slot_gradients().sizes())));
  }
}
