// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/lut_cuda.hpp"

#include "lutgen/train/lut_cuda_body.hpp"

namespace lutgen::train {
namespace {

/// Which sample a thread works at; blocks [neurons or features, parts of the samples].
__device__ std::uint64_t sample_of_thread() { return std::uint64_t{blockIdx.y} * blockDim.x + threadIdx.x; }

__global__ void look_up_all(LutForward step) {
  const std::uint64_t sample = sample_of_thread();
  if (sample < step.samples) body::look_up(step, blockIdx.x, sample);
}

__global__ void write_all_slot_gradients(LutBackward step) {
  const std::uint64_t sample = sample_of_thread();
  if (sample < step.samples) body::write_slot_gradients(step, blockIdx.x, sample);
}

/// A block for each neuron.
__global__ void write_all_table_gradients(LutBackward step) {
  __shared__ float bins[body::kBins];
  body::add_own_samples(step, blockIdx.x, threadIdx.x, bins);
  for (std::uint32_t width = body::kSumThreads / 2; width > 0; width /= 2) {
    __syncthreads();
    body::fold_bins(step, width, threadIdx.x, bins);
  }
  __syncthreads();
  body::write_table_gradients(step, blockIdx.x, threadIdx.x, bins);
}

__global__ void add_all_readers(LutGather step) {
  const std::uint64_t sample = sample_of_thread();
  if (sample < step.samples) body::add_readers(step, blockIdx.x, sample);
}

dim3 blocks_of(std::uint64_t rows, std::uint64_t samples) {
  return {static_cast<unsigned>(rows), static_cast<unsigned>((samples + body::kSampleThreads - 1) / body::kSampleThreads), 1};
}

class CudaDevice final : public LutDevice {
 public:
  int forward(const LutForward& step) const override {
    look_up_all<<<blocks_of(step.neurons, step.samples), body::kSampleThreads>>>(step);
    return static_cast<int>(cudaGetLastError());
  }

  int backward(const LutBackward& step) const override {
    write_all_table_gradients<<<step.neurons, body::kSumThreads>>>(step);
    if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess) return static_cast<int>(error);
    write_all_slot_gradients<<<blocks_of(step.neurons, step.samples), body::kSampleThreads>>>(step);
    return static_cast<int>(cudaGetLastError());
  }

  int gather(const LutGather& step) const override {
    add_all_readers<<<blocks_of(step.features, step.samples), body::kSampleThreads>>>(step);
    return static_cast<int>(cudaGetLastError());
  }
};

}  // namespace

std::unique_ptr<LutDevice> make_cuda_device() { return std::make_unique<CudaDevice>(); }

}  // namespace lutgen::train
