// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/device_luts.hpp"

#include <bit>

#include "lutgen/base/result.hpp"
#include "lutgen/train/lut_batch.hpp"

namespace lutgen::train {

/// Connects the device's steps with autograd.
struct DeviceLutFunction : public torch::autograd::Function<DeviceLutFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& bits, const torch::Tensor& inputs,
                               const torch::Tensor& tables, DeviceLuts* luts, double soft) {
    const std::int64_t neurons = tables.size(0);
    const std::int64_t samples = bits.size(1);
    torch::Tensor addresses = torch::empty({neurons, samples}, tables.options().dtype(torch::kUInt8));
    torch::Tensor outputs = torch::empty({neurons, samples}, tables.options());
    const torch::Tensor values = bits.contiguous();
    const LutForward step{.neurons = static_cast<std::uint32_t>(neurons), .fan_in = static_cast<std::uint32_t>(inputs.numel() / neurons),
                          .samples = static_cast<std::uint64_t>(samples), .bits = values.data_ptr<float>(), .inputs = inputs.data_ptr<std::int64_t>(),
                          .tables = tables.data_ptr<float>(), .addresses = addresses.data_ptr<std::uint8_t>(), .outputs = outputs.data_ptr<float>()};
    LUTGEN_CHECK(luts->device_->forward(step) == 0);
    context->saved_data["luts"] = static_cast<std::int64_t>(std::bit_cast<std::intptr_t>(luts));
    context->saved_data["soft"] = soft;
    context->saved_data["features"] = bits.size(0);
    context->save_for_backward({inputs, tables, addresses});
    return outputs;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list gradients) {
    auto* luts = std::bit_cast<DeviceLuts*>(static_cast<std::intptr_t>(context->saved_data["luts"].toInt()));
    const torch::autograd::variable_list saved = context->get_saved_variables();
    const torch::Tensor& inputs = saved[0];
    const torch::Tensor& tables = saved[1];
    const torch::Tensor upstream = gradients[0].contiguous();
    torch::Tensor table_gradients = torch::empty_like(tables);
    luts->slot_gradients_ = torch::empty({inputs.numel(), upstream.size(1)}, tables.options());
    const auto neurons = static_cast<std::uint32_t>(tables.size(0));
    const LutBackward step{.neurons = neurons, .fan_in = static_cast<std::uint32_t>(inputs.numel()) / neurons,
                           .samples = static_cast<std::uint64_t>(upstream.size(1)), .soft = static_cast<float>(context->saved_data["soft"].toDouble()),
                           .addresses = saved[2].data_ptr<std::uint8_t>(), .tables = tables.data_ptr<float>(), .upstream = upstream.data_ptr<float>(),
                           .table_gradients = table_gradients.data_ptr<float>(), .slot_gradients = luts->slot_gradients_.data_ptr<float>()};
    LUTGEN_CHECK(luts->device_->backward(step) == 0);
    torch::Tensor feature_gradients;
    if (context->needs_input_grad(0)) feature_gradients = gather(*luts, inputs, context->saved_data["features"].toInt());
    return {feature_gradients, torch::Tensor(), table_gradients, torch::Tensor(), torch::Tensor()};
  }

  /// [features, samples]: sums over the slots that read each feature.
  static torch::Tensor gather(const DeviceLuts& luts, const torch::Tensor& inputs, std::int64_t features) {
    const torch::Tensor& slot_gradients = luts.slot_gradients_;
    // Stable: slots that read the same feature stay in their order, in which they are added up.
    const auto [sorted, slots] = torch::sort(inputs, true, 0, false);
    const torch::Tensor starts = torch::searchsorted(sorted, torch::arange(features + 1, inputs.options()));
    torch::Tensor sums = torch::empty({features, slot_gradients.size(1)}, slot_gradients.options());
    const LutGather step{.features = static_cast<std::uint64_t>(features), .samples = static_cast<std::uint64_t>(slot_gradients.size(1)),
                         .starts = starts.data_ptr<std::int64_t>(), .slots = slots.data_ptr<std::int64_t>(),
                         .slot_gradients = slot_gradients.data_ptr<float>(), .feature_gradients = sums.data_ptr<float>()};
    LUTGEN_CHECK(luts.device_->gather(step) == 0);
    return sums;
  }
};

torch::Tensor DeviceLuts::apply(const torch::Tensor& bits, const torch::Tensor& inputs, const torch::Tensor& tables, float soft) {
  LUTGEN_CHECK(inputs.is_contiguous() && tables.is_contiguous() && inputs.numel() % tables.size(0) == 0);
  const std::int64_t fan_in = inputs.numel() / tables.size(0);
  LUTGEN_CHECK(fan_in >= 1 && fan_in <= kMaxTrainedInputs && tables.size(1) == std::int64_t{1} << fan_in);
  return DeviceLutFunction::apply(bits, inputs, tables, this, static_cast<double>(soft));
}

}  // namespace lutgen::train
