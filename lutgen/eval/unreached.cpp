// SPDX-License-Identifier: Apache-2.0
#include "lutgen/eval/unreached.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

#include "lutgen/base/parallel.hpp"
#include "lutgen/eval/reference.hpp"
#include "lutgen/truth/incomplete.hpp"

namespace lutgen::eval {
namespace {

/// Counts one sample's addresses. `inputs` are the bits that the layer reads.
void count_addresses(const model::LutLayer& luts, const std::vector<std::int64_t>& inputs, std::vector<std::uint32_t>& counts) {
  for (std::uint32_t n = 0; n < luts.neurons; ++n) {
    std::size_t address = 0;
    const auto sources = luts.inputs_of(n);
    for (std::size_t k = 0; k < sources.size(); ++k) address |= static_cast<std::size_t>(inputs[sources[k]]) << k;
    ++counts[(std::size_t{n} << luts.fan_in) + address];
  }
}

/// Completes the tables of one layer.
UnreachedFigures complete_layer(model::LutLayer& luts, const std::vector<std::uint32_t>& counts, std::uint32_t most) {
  UnreachedFigures figures;
  const int fan_in = static_cast<int>(luts.fan_in);
  for (std::uint32_t n = 0; n < luts.neurons; ++n) {
    const auto table = truth::TruthTable::from_bytes(fan_in, luts.table_of(n));
    truth::TruthTable care(fan_in);
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      const bool matters = counts[(std::size_t{n} << luts.fan_in) + a] > most;
      care.set_bit(a, matters);
      figures.free += matters ? 0 : 1;
    }
    const truth::TruthTable completed = truth::complete_table(table, care);
    figures.entries += table.entries();
    figures.inputs_before += static_cast<std::uint64_t>(std::popcount(table.support()));
    figures.inputs_after += static_cast<std::uint64_t>(std::popcount(completed.support()));
    figures.constants += table.support() != 0 && completed.support() == 0 ? 1 : 0;
    for (std::uint32_t a = 0; a < table.entries(); ++a) {
      std::uint8_t& byte = luts.tables[std::size_t{n} * luts.table_bytes() + a / 8];
      const auto mask = static_cast<std::uint8_t>(1u << (a % 8));
      byte = static_cast<std::uint8_t>(completed.bit(a) ? byte | mask : byte & ~mask);
    }
  }
  return figures;
}

}  // namespace

Result<std::vector<std::uint32_t>> count_reached(const model::Model& model, std::size_t layer, const data::Dataset& dataset,
                                                 const AnswerOptions& options) {
  LUTGEN_TRY_VOID(check_fit(model, dataset));
  const auto* luts = std::get_if<model::LutLayer>(&model.layers[layer].operation);
  LUTGEN_CHECK(luts != nullptr);
  // Parts of the samples, each with counts of its own: sums of whole numbers do not depend on who counted.
  const std::size_t parts = std::max<std::size_t>(1, options.threads);
  std::vector<std::vector<std::uint32_t>> counts(parts, std::vector<std::uint32_t>(std::size_t{luts->neurons} << luts->fan_in));
  const std::size_t samples = dataset.sample_count();
  std::atomic<std::size_t> done{0};
  base::parallel_for(parts, options.threads, [&](std::size_t part) {
    for (std::size_t s = samples * part / parts; s < samples * (part + 1) / parts; ++s) {
      const std::vector<double> features = sample_features(dataset, s);
      const Trace trace = evaluate_reference(model, features);
      count_addresses(*luts, layer_inputs(model.layers[layer], trace, features), counts[part]);
      const std::size_t finished = done.fetch_add(1) + 1;
      if (options.progress != nullptr && (finished % 64 == 0 || finished == samples)) {
        options.progress->update("entries reached", finished, samples);
      }
    }
  });
  for (std::size_t part = 1; part < parts; ++part) {
    for (std::size_t i = 0; i < counts[0].size(); ++i) counts[0][i] += counts[part][i];
  }
  return std::move(counts[0]);
}

Result<std::vector<UnreachedFigures>> drop_unreached(model::Model& model, const data::Dataset& dataset, std::uint32_t most,
                                                     const AnswerOptions& options) {
  std::vector<UnreachedFigures> rows;
  for (std::size_t layer = 0; layer < model.layers.size(); ++layer) {
    auto* luts = std::get_if<model::LutLayer>(&model.layers[layer].operation);
    if (luts == nullptr) continue;
    UnreachedFigures figures;
    if (luts->fan_in > kMaxCountedInputs) {
      figures.skipped = true;
    } else {
      LUTGEN_TRY(const std::vector<std::uint32_t> counts, count_reached(model, layer, dataset, options));
      figures = complete_layer(*luts, counts, most);
    }
    figures.layer = layer;
    rows.push_back(figures);
  }
  return rows;
}

}  // namespace lutgen::eval
