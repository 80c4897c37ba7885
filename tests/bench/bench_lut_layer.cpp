// SPDX-License-Identifier: Apache-2.0
// One step (forward and backward) of the LUT layer: our operator against the same layer from ordinary tensor operations, in turns,
// after their values and gradients were compared. One JSON object on standard output.
// usage: bench_lut_layer [NEURONS [RUNS]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/train/lut_layer.hpp"

using namespace lutgen;

namespace {

constexpr std::int64_t kFeatures = 500;
constexpr std::int64_t kSamples = 256;
constexpr std::int64_t kInputs = 6;

struct Example {
  std::vector<std::uint32_t> inputs;
  torch::Tensor indices;
  torch::Tensor bits;
  torch::Tensor tables;
  torch::Tensor weights;

  explicit Example(std::int64_t neurons) {
    base::Rng rng(1);
    const auto random = [&](std::int64_t rows, std::int64_t columns) {
      torch::Tensor tensor = torch::empty({rows, columns});
      for (std::int64_t i = 0; i < tensor.numel(); ++i) tensor.data_ptr<float>()[i] = static_cast<float>(2 * rng.unit() - 1);
      return tensor;
    };
    for (std::int64_t i = 0; i < neurons * kInputs; ++i) inputs.push_back(static_cast<std::uint32_t>(rng.below(kFeatures)));
    indices = torch::tensor(std::vector<std::int64_t>(inputs.begin(), inputs.end()), torch::kInt64);
    bits = (random(kFeatures, kSamples) > 0).to(torch::kFloat);
    tables = random(neurons, std::int64_t{1} << kInputs);
    weights = random(neurons, kSamples);
  }
};

/// What a step gives.
struct Step {
  torch::Tensor outputs;
  torch::Tensor by_bits;
  torch::Tensor by_tables;
};

Step run_operator(const Example& example, std::size_t threads) {
  train::LutLayer layer(example.tables.detach(), kInputs, threads);
  torch::Tensor bits = example.bits.detach().requires_grad_(true);
  const torch::Tensor outputs = layer.forward(bits, example.inputs, 1);
  outputs.backward(example.weights);
  return {outputs.detach(), bits.grad(), layer.tables().grad()};
}

Step run_tensors(const Example& example) {
  torch::Tensor bits = example.bits.detach().requires_grad_(true);
  torch::Tensor tables = example.tables.detach().requires_grad_(true);
  const torch::Tensor outputs = train::apply_luts_by_tensors(bits, example.indices, tables, 1);
  outputs.backward(example.weights);
  return {outputs.detach(), bits.grad(), tables.grad()};
}

template <class Body>
double milliseconds(Body&& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

io::Json spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {{"median", values[values.size() / 2]}, {"least", values.front()}, {"most", values.back()}};
}

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t neurons = argc > 1 ? std::strtoll(argv[1], nullptr, 10) : 1000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 11;
  const std::size_t threads = base::hardware_threads();
  const Example example(neurons);
  const Step ours = run_operator(example, threads);
  const Step theirs = run_tensors(example);
  if (!torch::equal(ours.outputs, theirs.outputs.round()) || !torch::allclose(ours.by_bits, theirs.by_bits, 1e-3, 1e-4) ||
      !torch::allclose(ours.by_tables, theirs.by_tables, 1e-3, 1e-4)) {
    fmt::print(stderr, "bench_lut_layer: the two layers differ\n");
    return 1;
  }
  std::vector<double> operator_ms;
  std::vector<double> tensors_ms;
  for (int i = 0; i < runs; ++i) {
    operator_ms.push_back(milliseconds([&] { run_operator(example, threads); }));
    tensors_ms.push_back(milliseconds([&] { run_tensors(example); }));
  }
  const io::Json json = {{"neurons", neurons}, {"inputs", kInputs}, {"features", kFeatures}, {"samples", kSamples}, {"threads", threads},
                         {"tensor_threads", at::get_num_threads()}, {"runs", runs}, {"operator_ms", spread(operator_ms)},
                         {"tensors_ms", spread(tensors_ms)},
                         {"ratio", spread(tensors_ms)["median"].get<double>() / spread(operator_ms)["median"].get<double>()}};
  fmt::print("{}", io::to_text(json));
  return 0;
}
