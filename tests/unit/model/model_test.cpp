// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/model.hpp"

#include "tests/support/catch.hpp"

using namespace lutgen;

TEST_CASE("a table's bit stands where the bit order says", "[model]") {
  model::LutLayer layer;
  layer.neurons = 2;
  layer.fan_in = 4;
  layer.inputs = {0, 1, 2, 3, 4, 5, 6, 7};
  layer.tables = {0x01, 0x80, 0x00, 0x02};
  CHECK(layer.table_bytes() == 2);
  CHECK(layer.inputs_of(1)[0] == 4);
  CHECK(layer.table_of(1)[1] == 0x02);
  CHECK(layer.table_bit(0, 0));
  CHECK(layer.table_bit(0, 15));
  CHECK_FALSE(layer.table_bit(0, 1));
  CHECK(layer.table_bit(1, 9));
}

TEST_CASE("a table has a byte at least", "[model]") {
  for (const auto& [fan_in, bytes] : {std::pair{1u, 1u}, {2u, 1u}, {3u, 1u}, {4u, 2u}, {6u, 8u}, {16u, 8192u}}) {
    model::LutLayer layer;
    layer.fan_in = fan_in;
    CHECK(layer.table_bytes() == bytes);
  }
}

TEST_CASE("feature types have their names and widths", "[model]") {
  using model::FeatureType;
  CHECK(std::string(model::feature_type_name(FeatureType::bit)) == "bit");
  CHECK(std::string(model::feature_type_name(FeatureType::f32)) == "f32");
  CHECK(model::bits_per_feature(FeatureType::bit) == 1);
  CHECK(model::bits_per_feature(FeatureType::i16) == 16);
  CHECK(model::bits_per_feature(FeatureType::i32) == 32);
}

TEST_CASE("layers are called by number, kind and name", "[model]") {
  model::Model net;
  net.layers.resize(2);
  net.layers[0].operation = model::LutLayer{};
  net.layers[1].operation = model::GroupSum{};
  net.layers[0].name = "hidden";
  CHECK(model::layer_label(net, 0) == "layer 0 (lut \"hidden\")");
  CHECK(model::layer_label(net, 1) == "layer 1 (group_sum)");
  CHECK(net.class_count() == 0);
}
