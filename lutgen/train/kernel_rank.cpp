// SPDX-License-Identifier: Apache-2.0
#include "lutgen/train/rank.hpp"

namespace lutgen::train {
namespace {

class KernelRank final : public Rank {
 public:
  KernelRank(const Start& start, base::Rng& rng, std::size_t threads)
      : layer_(start.tables, start.fan_in, threads),
        connections_(static_cast<std::uint32_t>(start.tables.size(0)), start.fan_in, start.weights, rng),
        threads_(threads) {
    if (!start.costs.empty()) connections_.set_costs(start.costs);
  }

  torch::Tensor forward(const torch::Tensor& bits, float soft) override { return layer_.forward(bits, connections_.inputs(), soft); }

  void learn(const ConnectionStep& step) override {
    connections_.learn(layer_.batch(), layer_.bits().data(), layer_.slot_gradients().data(), step, threads_);
  }

  void retire(std::span<const std::uint8_t> retired) override { connections_.retire(retired); }

  torch::Tensor& tables() override { return layer_.tables(); }
  std::vector<std::uint32_t> inputs() const override { return {connections_.inputs().begin(), connections_.inputs().end()}; }
  std::uint64_t switches() const override { return connections_.switches(); }

  void save(torch::serialize::OutputArchive& archive, const std::string& name) const override {
    archive.write(name + "connections", torch::tensor(connections_.state()));
  }

  void restore(torch::serialize::InputArchive& archive, const std::string& name) override {
    torch::Tensor state;
    archive.read(name + "connections", state);
    connections_.restore({state.data_ptr<float>(), static_cast<std::size_t>(state.numel())});
  }

 private:
  LutLayer layer_;
  Connections connections_;
  std::size_t threads_;
};

}  // namespace

std::unique_ptr<Rank> make_kernel_rank(const Rank::Start& start, base::Rng& rng, std::size_t threads) {
  return std::make_unique<KernelRank>(start, rng, threads);
}

}  // namespace lutgen::train
