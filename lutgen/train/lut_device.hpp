// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lutgen::train {

/// The forward step of a LUT layer on a device; as `forward_luts` (lut_kernels.hpp), for numbers as libtorch has them there.
///
/// bits       [features][samples], 0 or 1
/// inputs     [neurons][fan_in], index of a feature
/// tables     [neurons][2^fan_in]: an entry above 0 is a 1; address bit k is input k
/// addresses  [neurons][samples], written: the entry that each sample reads
/// outputs    [neurons][samples], written: 0 or 1
struct LutForward {
  std::uint32_t neurons = 0;
  std::uint32_t fan_in = 0;
  std::uint64_t samples = 0;
  const float* bits = nullptr;
  const std::int64_t* inputs = nullptr;
  const float* tables = nullptr;
  std::uint8_t* addresses = nullptr;
  float* outputs = nullptr;
};

/// The backward step, as `backward_luts`.
///
/// soft             share of the real-valued slope, 0 to 1
/// addresses        [neurons][samples], as the forward step wrote them
/// upstream         [neurons][samples]: gradient of the loss by the outputs
/// table_gradients  [neurons][2^fan_in], written
/// slot_gradients   [neurons * fan_in][samples], written
struct LutBackward {
  std::uint32_t neurons = 0;
  std::uint32_t fan_in = 0;
  std::uint64_t samples = 0;
  float soft = 0;
  const std::uint8_t* addresses = nullptr;
  const float* tables = nullptr;
  const float* upstream = nullptr;
  float* table_gradients = nullptr;
  float* slot_gradients = nullptr;
};

/// The sum of the gradients of all table inputs (slots) that read the same feature, in the order of the slots, as
/// `gather_feature_gradients`.
///
/// starts             [features + 1]: feature f is read by slots[starts[f]] to slots[starts[f + 1] - 1], ascending
/// slots              [neurons * fan_in]
/// slot_gradients     [neurons * fan_in][samples]
/// feature_gradients  [features][samples], written
struct LutGather {
  std::uint64_t features = 0;
  std::uint64_t samples = 0;
  const std::int64_t* starts = nullptr;
  const std::int64_t* slots = nullptr;
  const float* slot_gradients = nullptr;
  float* feature_gradients = nullptr;
};

/// Something that runs these steps, one after the other, on memory of its own: a GPU (lut_cuda.hpp). All pointers are the device's.
/// The same numbers in every run: no sum depends on the order in which threads come.
class LutDevice {
 public:
  virtual ~LutDevice() = default;
  /// Each starts a step, perhaps without waiting for its end. Returns 0, or the device's number of what went wrong.
  /// Cost O(neurons * samples * fan_in), of `gather` O((slots + features) * samples), over the device's threads.
  [[nodiscard]] virtual int forward(const LutForward& step) const = 0;
  [[nodiscard]] virtual int backward(const LutBackward& step) const = 0;
  [[nodiscard]] virtual int gather(const LutGather& step) const = 0;
};

}  // namespace lutgen::train
