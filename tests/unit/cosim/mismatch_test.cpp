// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/mismatch.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen::cosim;

TEST_CASE("a wrong neuron is explained with its inputs and its table address",
          "[cosim][mismatch]") {
  Mismatch mismatch;
  mismatch.output = OutputFault{17, 3, 45, "scores", 1, 20, 21};
  mismatch.latency_stated = 7;
  mismatch.latency_found = 7;
  mismatch.origin = Origin::layer;
  mismatch.layer = LayerFault{.sample = 17, .layer = 1, .layer_label = "layer 1 (lut)",
                              .value_kind = "neuron", .index = 112, .expected = 0, .found = 1,
                              .nets = {"l1_n112_y"}, .stages = {0}, .probed = 1000, .differing = 2,
                              .inputs = {4, 9, 2}, .input_bits = {1, 0, 1}, .address = 5,
                              .comparison = {}};
  CHECK(to_text(mismatch) ==
        "sample 17 (label 3): scores[1]: expected 20, found 21 (cycle 45)\n"
        "first difference: layer 1 (lut), neuron 112: expected 0, found 1\n"
        "  inputs 4 9 2 = 1 0 1 (input 0 first), table address 5\n"
        "  net l1_n112_y at stage 0\n"
        "  seen in sample 17: 2 of 1000 values of this layer differ, all earlier layers agree\n");
  CHECK(to_json(mismatch)["layer"]["address"] == 5);
  CHECK(to_json(mismatch)["out_valid"].is_null());
}

TEST_CASE("a wrong out_valid is explained with its cycle and the latency", "[cosim][mismatch]") {
  Mismatch mismatch;
  mismatch.valid = ValidFault{9, false, std::nullopt, 12};
  mismatch.latency_stated = 7;
  mismatch.latency_found = 6;
  mismatch.origin = Origin::valid_path;
  CHECK(to_text(mismatch) ==
        "out_valid: expected 0 in cycle 9 (no sample is due), found 1; wrong in 12 cycles\n"
        "latency: expected 7 cycles, found 6\n"
        "all outputs were right: the fault is in the valid path\n");
  mismatch.valid = ValidFault{10, true, 4, 1};
  mismatch.latency_found.reset();
  CHECK(to_text(mismatch) ==
        "out_valid: expected 1 in cycle 10 (sample 4 is due), found 0; wrong in 1 cycle\n"
        "latency: expected 7 cycles, found no out_valid after the first sample\n"
        "all outputs were right: the fault is in the valid path\n");
}

TEST_CASE("a search that could not be made says why", "[cosim][mismatch]") {
  Mismatch mismatch;
  mismatch.output = OutputFault{0, 1, 8, "class_index", 0, 1, 2};
  mismatch.latency_found = 0;
  mismatch.reason = "expected a file, found none (out/probes.json)";
  CHECK(to_text(mismatch) ==
        "sample 0 (label 1): class_index[0]: expected 1, found 2 (cycle 8)\n"
        "the layers could not be compared: expected a file, found none (out/probes.json)\n");
}
