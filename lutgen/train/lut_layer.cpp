// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_layer.hpp"

#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/train/lut_kernels.hpp"

namespace lutgen::train {

/// Connects the kernels with autograd. What the backward step needs stays in the layer.
struct LutFunction : public torch::autograd::Function<LutFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& bits, const torch::Tensor& tables,
                               LutLayer* layer, bool entries) {
    context->saved_data["layer"] = static_cast<std::int64_t>(std::bit_cast<std::intptr_t>(layer));
    context->saved_data["features"] = bits.size(0);
    context->save_for_backward({tables});
    const LutBatch& batch = layer->batch_;
    torch::Tensor outputs = torch::empty({batch.neurons, static_cast<std::int64_t>(batch.samples)});
    forward_luts(batch, layer->bits_.data(), layer->inputs_.data(), tables.data_ptr<float>(), layer->addresses_.data(),
                 outputs.data_ptr<float>(), layer->threads_);
    if (!entries) return outputs;
    const torch::Tensor addresses =
        torch::from_blob(layer->addresses_.data(), outputs.sizes(), torch::kUInt8).to(torch::kInt64);
    return (torch::gather(tables, 1, addresses) + 1) * 0.5;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    auto* layer = std::bit_cast<LutLayer*>(static_cast<std::intptr_t>(context->saved_data["layer"].toInt()));
    const torch::Tensor tables = context->get_saved_variables()[0];
    const torch::Tensor upstream = gradients[0].contiguous();
    const LutBatch& batch = layer->batch_;
    torch::Tensor table_gradients = torch::empty_like(tables);
    layer->slot_gradients_.resize(std::size_t{batch.neurons} * batch.fan_in * batch.samples);
    backward_luts(batch, layer->addresses_.data(), tables.data_ptr<float>(), layer->soft_, upstream.data_ptr<float>(),
                  table_gradients.data_ptr<float>(), layer->slot_gradients_.data(), layer->threads_);
    torch::Tensor feature_gradients;
    if (context->needs_input_grad(0)) {
      const std::int64_t features = context->saved_data["features"].toInt();
      feature_gradients = torch::empty({features, static_cast<std::int64_t>(batch.samples)});
      gather_feature_gradients(batch, layer->inputs_.data(), layer->slot_gradients_.data(), static_cast<std::size_t>(features),
                               feature_gradients.data_ptr<float>(), layer->threads_);
    }
    return {feature_gradients, table_gradients, torch::Tensor(), torch::Tensor()};
  }
};

LutLayer::LutLayer(torch::Tensor tables, std::uint32_t fan_in, std::size_t threads) : threads_(threads) {
  tables_ = register_parameter("tables", std::move(tables));
  batch_.neurons = static_cast<std::uint32_t>(tables_.size(0));
  batch_.fan_in = fan_in;
  LUTGEN_CHECK(tables_.size(1) == static_cast<std::int64_t>(batch_.entries()));
}

torch::Tensor LutLayer::forward(const torch::Tensor& bits, std::span<const std::uint32_t> inputs, float soft, LutOutput output) {
  return apply(tables_, bits, inputs, soft, output);
}

torch::Tensor LutLayer::apply(const torch::Tensor& tables, const torch::Tensor& bits, std::span<const std::uint32_t> inputs, float soft,
                              LutOutput output) {
  LUTGEN_CHECK(inputs.size() == std::size_t{batch_.neurons} * batch_.fan_in && tables.sizes() == tables_.sizes());
  inputs_ = inputs;
  soft_ = soft;
  batch_.samples = static_cast<std::size_t>(bits.size(1));
  const torch::Tensor values = bits.detach().contiguous();
  const float* from = values.data_ptr<float>();
  bits_.resize(static_cast<std::size_t>(values.numel()));
  for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] = from[i] > 0.5F ? 1 : 0;
  addresses_.resize(std::size_t{batch_.neurons} * batch_.samples);
  return LutFunction::apply(bits, tables, this, output == LutOutput::entries);
}

namespace {

/// The multilinear extension of tables [neurons, entries] at x [neurons, fan_in, samples], input by input from the last.
torch::Tensor fold(const torch::Tensor& tables, const torch::Tensor& x) {
  torch::Tensor values = tables.unsqueeze(2);
  for (std::int64_t k = x.size(1); k-- > 0;) {
    const std::int64_t half = values.size(1) / 2;
    const torch::Tensor low = values.narrow(1, 0, half);
    values = low + (values.narrow(1, half, half) - low) * x.select(1, k).unsqueeze(1);
  }
  return values.squeeze(1);
}

}  // namespace

torch::Tensor apply_luts_by_tensors(const torch::Tensor& bits, const torch::Tensor& inputs, const torch::Tensor& tables, float soft) {
  const std::int64_t neurons = tables.size(0);
  return apply_luts_to(bits.index_select(0, inputs).view({neurons, inputs.numel() / neurons, bits.size(1)}), tables, soft);
}

torch::Tensor apply_luts_to(const torch::Tensor& x, const torch::Tensor& tables, float soft) {
  const std::int64_t fan_in = x.size(1);
  const torch::Tensor places = torch::pow(2, torch::arange(fan_in, x.options().dtype(torch::kInt64))).view({1, fan_in, 1});
  const torch::Tensor addresses = (x.detach().to(torch::kInt64) * places).sum(1);
  const torch::Tensor hard = (tables.detach() > 0).to(torch::kFloat);
  const torch::Tensor exact = torch::gather(hard, 1, addresses);
  // An entry t counts as (t + 1) / 2. Gradient by x: the mixture; by the tables: that of the extension, whatever the mixture.
  const torch::Tensor relaxed = fold((tables + 1) * 0.5, x);
  torch::Tensor gradient = soft * relaxed;
  if (soft < 1) {
    gradient = gradient + (1 - soft) * fold(hard, x) + (1 - soft) * torch::gather((tables + 1) * 0.5, 1, addresses);
  }
  return exact + (gradient - gradient.detach());
}

}  // namespace lutgen::train
