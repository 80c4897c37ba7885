// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/replay.hpp"

#include <fmt/core.h>

#include <lutgen_sim/stimulus.hpp>

#include "lutgen/cosim/golden.hpp"

namespace lutgen::cosim {

ProbePlan::ProbePlan(const verilog::Manifest& manifest,
                     std::span<const verilog::LayerProbes> layers) {
  for (const verilog::LayerProbes& layer : layers) {
    std::vector<std::size_t>& first_bits = first_bits_.emplace_back();
    for (const verilog::Probe& probe : layer.probes) {
      first_bits.push_back(expressions_.size());
      expressions_.insert(expressions_.end(), probe.nets.begin(), probe.nets.end());
    }
  }
  output_bit_ = expressions_.size();
  for (const verilog::Port* port : data_ports(manifest, false)) {
    const std::uint32_t width = port->elements * port->bits_per_element;
    for (std::uint32_t bit = 0; bit < width; ++bit)
      expressions_.push_back(width == 1 ? port->name : fmt::format("{}[{}]", port->name, bit));
  }
}

bool ProbeRows::at(std::size_t row, std::size_t bit) const {
  LUTGEN_CHECK(row < rows && bit < width_bits);
  return sim::bit_at(words.data() + row * sim::words_for(width_bits), bit);
}

Result<ProbeRows> parse_probe_rows(std::string_view bytes, const std::string& place) {
  sim::detail::ByteReader reader{bytes};
  const bool magic = reader.text(8) == "LUTGPROB" && reader.u32() == 1;
  ProbeRows rows;
  rows.width_bits = reader.u32();
  const std::uint64_t count = reader.u64();
  const std::size_t row_words = sim::words_for(rows.width_bits);
  if (reader.failed || !magic || row_words == 0 || count > reader.left() / 4 / row_words ||
      reader.left() != 4 * row_words * count)
    return fail(Code::tool_failed, place,
                fmt::format("expected recorded probe values, found {} bytes of something else",
                            bytes.size()),
                "the disk may be full, or another program wrote into the work folder");
  rows.rows = count;
  sim::detail::take_words(reader, row_words * count, rows.words);
  return rows;
}

}  // namespace lutgen::cosim
