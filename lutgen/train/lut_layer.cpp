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
  LUTGEN_CHECK(inputs.size() == std::size_t{batch_.neurons} * batch_.fan_in);
  inputs_ = inputs;
  soft_ = soft;
  batch_.samples = static_cast<std::size_t>(bits.size(1));
  const torch::Tensor values = bits.detach().contiguous();
  const float* from = values.data_ptr<float>();
  bits_.resize(static_cast<std::size_t>(values.numel()));
  for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] = from[i] > 0.5F ? 1 : 0;
  addresses_.resize(std::size_t{batch_.neurons} * batch_.samples);
  return LutFunction::apply(bits, tables_, this, output == LutOutput::entries);
}

torch::Tensor apply_luts_by_tensors(const torch::Tensor& bits, const torch::Tensor& inputs, const torch::Tensor& tables, float soft) {
  const std::int64_t neurons = tables.size(0);
  const std::int64_t fan_in = inputs.numel() / neurons;
  const std::int64_t samples = bits.size(1);
  const torch::Tensor x = bits.index_select(0, inputs).view({neurons, fan_in, samples});
  // Straight through the sign: the value is a bit, the gradient that of (t + 1) / 2.
  const torch::Tensor real = (tables + 1) * 0.5;
  const torch::Tensor hard = (tables > 0).to(torch::kFloat);
  torch::Tensor folded_soft = real.unsqueeze(2).expand({neurons, tables.size(1), samples});
  torch::Tensor folded_hard = hard.unsqueeze(2).expand({neurons, tables.size(1), samples});
  for (std::int64_t k = fan_in; k-- > 0;) {
    const std::int64_t half = folded_soft.size(1) / 2;
    const torch::Tensor bit = x.select(1, k).unsqueeze(1);
    folded_soft = folded_soft.narrow(1, 0, half) * (1 - bit) + folded_soft.narrow(1, half, half) * bit;
    folded_hard = folded_hard.narrow(1, 0, half) * (1 - bit) + folded_hard.narrow(1, half, half) * bit;
  }
  const torch::Tensor relaxed = folded_soft.squeeze(1);
  const torch::Tensor exact = folded_hard.squeeze(1);
  // Value: exact. Gradient by x: the mixture; by the tables: that of `relaxed` with x held, whatever the mixture.
  torch::Tensor held = real.unsqueeze(2).expand({neurons, tables.size(1), samples});
  const torch::Tensor still = x.detach();
  for (std::int64_t k = fan_in; k-- > 0;) {
    const std::int64_t half = held.size(1) / 2;
    const torch::Tensor bit = still.select(1, k).unsqueeze(1);
    held = held.narrow(1, 0, half) * (1 - bit) + held.narrow(1, half, half) * bit;
  }
  const torch::Tensor by_tables = held.squeeze(1);
  const torch::Tensor mixture = (1 - soft) * exact + soft * relaxed;
  return exact.detach() + (mixture - mixture.detach()) + (1 - soft) * (by_tables - by_tables.detach());
}

}  // namespace lutgen::train
