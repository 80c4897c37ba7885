// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "lutgen/base/files.hpp"
#include "lutgen/base/rng.hpp"
#include "lutgen/cosim/cosim.hpp"
#include "lutgen/model/model_file.hpp"
#include "lutgen/verilog/manifest.hpp"
#include "lutgen/verilog/probes.hpp"
#include "tests/support/catch.hpp"

namespace lutgen::test {

/// Four bits -> and, xor, or, xnor -> two groups of two -> argmax: small enough to write by hand.
inline model::Model small_model() {
  model::Model model;
  model.name = "small";
  model.input = {{4}, model::FeatureType::bit};
  model.layers.resize(3);
  model.layers[0].operation = model::LutLayer{4, 2, {0, 1, 1, 2, 2, 3, 3, 0}, {8, 6, 14, 9}};
  model.layers[1].operation = model::GroupSum{2};
  model.layers[2].operation = model::Argmax{};
  REQUIRE(model::validate_model(model, "small").has_value());
  return model;
}

/// 200 random samples of four bits.
inline data::Dataset small_data() {
  data::Dataset dataset;
  dataset.name = "small";
  dataset.shape = {4};
  base::Rng rng(3);
  data::ByteFeatures bits;
  for (int i = 0; i < 800; ++i) bits.push_back(static_cast<std::uint8_t>(rng.below(2)));
  dataset.features = std::move(bits);
  dataset.labels.assign(200, 1);
  dataset.class_count = 2;
  return dataset;
}

/// The network by hand, two register stages: after the neurons, and at the outputs.
inline constexpr const char* kSmallVerilog = R"(`default_nettype none
module tiny (
    input  wire       clk,
    input  wire       rst,
    input  wire       in_valid,
    input  wire [3:0] features,
    output wire       out_valid,
    output wire       class_index,
    output wire [3:0] scores
);
  wire n0, n1, n2, n3, n0_q, n1_q, n2_q, n3_q, valid_q;
  wire g0_0, g0_1, g1_0, g1_1, larger;
  LUT2 #(.INIT(4'h8)) n0_lut (.O(n0), .I0(features[0]), .I1(features[1]));
  LUT2 #(.INIT(4'h6)) n1_lut (.O(n1), .I0(features[1]), .I1(features[2]));
  LUT2 #(.INIT(4'hE)) n2_lut (.O(n2), .I0(features[2]), .I1(features[3]));
  LUT2 #(.INIT(4'h9)) n3_lut (.O(n3), .I0(features[3]), .I1(features[0]));
  FDRE n0_ff (.Q(n0_q), .C(clk), .CE(1'b1), .D(n0), .R(1'b0));
  FDRE n1_ff (.Q(n1_q), .C(clk), .CE(1'b1), .D(n1), .R(1'b0));
  FDRE n2_ff (.Q(n2_q), .C(clk), .CE(1'b1), .D(n2), .R(1'b0));
  FDRE n3_ff (.Q(n3_q), .C(clk), .CE(1'b1), .D(n3), .R(1'b0));
  FDRE valid_ff (.Q(valid_q), .C(clk), .CE(1'b1), .D(in_valid), .R(rst));
  LUT2 #(.INIT(4'h6)) g0_0_lut (.O(g0_0), .I0(n0_q), .I1(n1_q));
  LUT2 #(.INIT(4'h8)) g0_1_lut (.O(g0_1), .I0(n0_q), .I1(n1_q));
  LUT2 #(.INIT(4'h6)) g1_0_lut (.O(g1_0), .I0(n2_q), .I1(n3_q));
  LUT2 #(.INIT(4'h8)) g1_1_lut (.O(g1_1), .I0(n2_q), .I1(n3_q));
  LUT4 #(.INIT(16'h7110)) larger_lut (.O(larger), .I0(n0_q), .I1(n1_q), .I2(n2_q), .I3(n3_q));
  FDRE class_ff (.Q(class_index), .C(clk), .CE(1'b1), .D(larger), .R(1'b0));
  FDRE s0_ff (.Q(scores[0]), .C(clk), .CE(1'b1), .D(g0_0), .R(1'b0));
  FDRE s1_ff (.Q(scores[1]), .C(clk), .CE(1'b1), .D(g0_1), .R(1'b0));
  FDRE s2_ff (.Q(scores[2]), .C(clk), .CE(1'b1), .D(g1_0), .R(1'b0));
  FDRE s3_ff (.Q(scores[3]), .C(clk), .CE(1'b1), .D(g1_1), .R(1'b0));
  FDRE out_ff (.Q(out_valid), .C(clk), .CE(1'b1), .D(valid_q), .R(rst));
endmodule
`default_nettype wire
)";

/// `text` with its only occurrence of `from` replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  REQUIRE(text.find(from, at + 1) == std::string::npos);
  return text.replace(at, from.size(), to);
}

inline verilog::Manifest small_manifest() {
  using verilog::PortRole;
  verilog::Manifest manifest;
  manifest.generator = "a person";
  manifest.model_name = "small";
  manifest.family = "xc7";
  manifest.top = "tiny";
  manifest.files = {"tiny.v"};
  manifest.latency_cycles = 2;
  manifest.ports = {{"clk", PortRole::clock, true, 1, 1, false},
                    {"rst", PortRole::reset, true, 1, 1, false},
                    {"in_valid", PortRole::in_valid, true, 1, 1, false},
                    {"features", PortRole::features, true, 4, 1, false},
                    {"out_valid", PortRole::out_valid, false, 1, 1, false},
                    {"class_index", PortRole::class_index, false, 1, 1, false},
                    {"scores", PortRole::scores, false, 2, 2, false}};
  return manifest;
}

/// Probes of the neurons at stage 0 and of the groups at `stage`.
inline std::vector<verilog::LayerProbes> small_probes(std::uint32_t stage) {
  return {{0, {{0, {"n0"}, {0}}, {1, {"n1"}, {0}}, {2, {"n2"}, {0}}, {3, {"n3"}, {0}}}},
          {1, {{0, {"g0_0", "g0_1"}, {stage, stage}}, {1, {"g1_0", "g1_1"}, {stage, stage}}}}};
}

/// Writes a design folder and runs it against the small network.
inline cosim::CosimReport run_small(const std::filesystem::path& folder, const std::string& text,
                                    const verilog::Manifest& manifest,
                                    const std::vector<verilog::LayerProbes>& probes,
                                    cosim::CosimOptions options = {}) {
  base::FileSet files(folder / "design");
  files.add("tiny.v", text);
  files.add("manifest.json", verilog::manifest_json(manifest));
  files.add("probes.json", verilog::probes_json(probes));
  REQUIRE(files.commit().has_value());
  const model::Model model = small_model();
  const data::Dataset dataset = small_data();
  options.work = folder / "work";
  options.threads = 2;
  const auto report = cosim::run_cosim({folder / "design", model, "", dataset, options});
  if (!report) FAIL(to_text(report.error()));
  return *report;
}

}  // namespace lutgen::test
