// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/rank.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/train/emulated_device.hpp"

using namespace lutgen;
using train::Rank;

namespace {

constexpr std::int64_t kNeurons = 40;
constexpr std::uint32_t kFanIn = 4;
constexpr std::int64_t kFeatures = 30;
constexpr std::int64_t kSamples = 64;

/// Numbers within 0..1.
torch::Tensor draw(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  base::Rng rng(seed);
  torch::Tensor tensor = torch::empty({rows, columns});
  for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(rng.unit());
  return tensor;
}

Rank::Start start() {
  Rank::Start start{draw(kNeurons, 1 << kFanIn, 3) * 2 - 1, kFanIn, std::vector<double>(kFeatures, 1.0), {}};
  start.weights[5] = 0;
  start.costs.assign(kFeatures, 0.0);
  for (std::size_t f = 0; f < start.costs.size(); f += 3) start.costs[f] = 0.5;
  return start;
}

/// Steps of both, on the same batches; after each the outputs, gradients and connections have to be alike.
void step_together(Rank& kernels, Rank& tensors, std::uint64_t step) {
  const torch::Tensor bits = (draw(kFeatures, kSamples, 100 + step) > 0.5).to(torch::kFloat);
  const torch::Tensor wanted = draw(kNeurons, kSamples, 200 + step);
  std::vector<torch::Tensor> outputs;
  std::vector<torch::Tensor> gradients;
  for (Rank* rank : {&kernels, &tensors}) {
    rank->tables().mutable_grad() = torch::Tensor();
    outputs.push_back(rank->forward(bits, 0.5F));
    (outputs.back() - wanted).square().sum().backward();
    gradients.push_back(rank->tables().grad().clone());
    rank->learn({.rate = 0.3F, .step = step, .price = 0.01F});
  }
  CHECK(outputs[0].equal(outputs[1]));
  CHECK(torch::allclose(gradients[0], gradients[1], 1e-4, 1e-5));
}

}  // namespace

TEST_CASE("tables and connections on a device do what the kernels do", "[train][rank]") {
  at::set_num_threads(1);
  base::Rng one(7);
  base::Rng two(7);
  const auto kernels = train::make_kernel_rank(start(), one, 2);
  // By tensor operations, or by the CUDA kernels' code.
  const bool is_emulated = GENERATE(false, true);
  const auto tensors = is_emulated ? train::make_device_rank(start(), two, torch::kCPU, std::make_unique<test::EmulatedDevice>(9))
                                   : train::make_tensor_rank(start(), two, torch::kCPU);
  CHECK(kernels->inputs() == tensors->inputs());
  std::vector<std::uint8_t> retired(kNeurons, 0);
  std::fill_n(retired.begin(), kNeurons / 2, std::uint8_t{1});
  for (std::uint64_t step = 1; step <= 20; ++step) {
    if (step == 10) {
      kernels->retire(retired);
      tensors->retire(retired);
    }
    step_together(*kernels, *tensors, step);
  }
  // Roundings may turn a near tie of two scores, no more.
  const auto a = kernels->inputs();
  const auto b = tensors->inputs();
  std::size_t others = 0;
  for (std::size_t i = 0; i < a.size(); ++i) others += a[i] != b[i] ? 1 : 0;
  CHECK(kernels->switches() > 50);
  CHECK(others <= 2);
  for (std::size_t n = 0; n < b.size(); n += kFanIn) {
    for (std::size_t k = n; k < n + kFanIn; ++k) {
      CHECK(b[k] != 5);
      CHECK(std::count(b.begin() + static_cast<std::ptrdiff_t>(n), b.begin() + static_cast<std::ptrdiff_t>(n + kFanIn), b[k]) == 1);
    }
  }
}
