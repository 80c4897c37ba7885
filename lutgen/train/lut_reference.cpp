// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_reference.hpp"

namespace lutgen::train {

double multilinear(std::span<const double> values, std::span<const double> x) {
  double sum = 0;
  for (std::size_t a = 0; a < values.size(); ++a) {
    double product = values[a];
    for (std::size_t k = 0; k < x.size(); ++k) product *= ((a >> k) & 1) != 0 ? x[k] : 1 - x[k];
    sum += product;
  }
  return sum;
}

void forward_luts_reference(const LutBatch& batch, const std::uint8_t* bits, const std::uint32_t* inputs, const float* tables,
                            std::uint8_t* addresses, float* outputs) {
  for (std::size_t n = 0; n < batch.neurons; ++n) {
    for (std::size_t s = 0; s < batch.samples; ++s) {
      std::size_t address = 0;
      for (std::size_t k = 0; k < batch.fan_in; ++k) {
        address |= static_cast<std::size_t>(bits[inputs[n * batch.fan_in + k] * batch.samples + s]) << k;
      }
      addresses[n * batch.samples + s] = static_cast<std::uint8_t>(address);
      outputs[n * batch.samples + s] = tables[n * batch.entries() + address] > 0 ? 1.0F : 0.0F;
    }
  }
}

void backward_luts_reference(const LutBatch& batch, const std::uint8_t* addresses, const float* tables, float soft,
                             const float* upstream, float* table_gradients, float* slot_gradients) {
  for (std::size_t n = 0; n < batch.neurons; ++n) {
    const float* table = tables + n * batch.entries();
    const auto bit = [&](std::size_t a) { return table[a] > 0 ? 1.0F : 0.0F; };
    for (std::size_t a = 0; a < batch.entries(); ++a) table_gradients[n * batch.entries() + a] = 0;
    for (std::size_t s = 0; s < batch.samples; ++s) {
      const float up = upstream[n * batch.samples + s];
      const std::size_t address = addresses[n * batch.samples + s];
      table_gradients[n * batch.entries() + address] += 0.5F * up;
      for (std::size_t k = 0; k < batch.fan_in; ++k) {
        const std::size_t high = address | std::size_t{1} << k;
        const std::size_t low = high ^ std::size_t{1} << k;
        const float slope = (1 - soft) * (bit(high) - bit(low)) + soft * (0.5F * (table[high] - table[low]));
        slot_gradients[(n * batch.fan_in + k) * batch.samples + s] = up * slope;
      }
    }
  }
}

}  // namespace lutgen::train
