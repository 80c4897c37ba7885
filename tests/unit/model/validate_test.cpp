// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/validate.hpp"

#include <limits>

#include "tests/unit/model/model_bytes.hpp"

using namespace lutgen;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kEncoder = R"({"kind": "thermometer", "thresholds": "t"})";
const std::string kLut = R"({"kind": "lut", "inputs": "i", "tables": "b"})";
const std::string kSum = R"({"kind": "group_sum", "groups": 2})";
const std::string kArgmax = R"({"kind": "argmax"})";

std::string error_of_layers(const std::string& layers) {
  test::ModelBytes file;
  file.layers = layers;
  return file.error();
}

}  // namespace

TEST_CASE("a valid model knows what each layer reads and gives", "[model][validate]") {
  const auto net = model::parse_model(test::ModelBytes().bytes(), "f");
  REQUIRE(net);
  CHECK(net->layers[0].input_count == 2);
  CHECK(net->layers[1].output_count == 2);
  CHECK(net->layers[2].output == model::ValueKind::scores);
  CHECK(net->layers[3].output_count == 1);
  CHECK(net->class_count() == 2);
}

TEST_CASE("layers must fit each other", "[model][validate]") {
  CHECK(error_of_layers(kLut) ==
        "f: layer 0 (lut): error[model_layers_do_not_fit]: expected bits, got u8 features from the network's input\n"
        "  hint: lut, threshold and group_sum read bits: of a thermometer, lut or threshold layer, or an input of type \"bit\"\n");
  CHECK_THAT(error_of_layers(kEncoder + "," + kArgmax), ContainsSubstring("f: layer 1 (argmax): error[model_layers_do_not_fit]: expected scores, got bits from layer 0 (thermometer)"));
  CHECK_THAT(error_of_layers(kEncoder + "," + kEncoder), ContainsSubstring("expected the features of the network's input, got bits from layer 0 (thermometer)"));
  CHECK_THAT(error_of_layers(kEncoder + "," + kSum + "," + kLut), ContainsSubstring("expected bits, got scores from layer 1 (group_sum)"));
  CHECK_THAT(error_of_layers(kEncoder + "," + kSum + R"(,{"kind": "argmax", "from": [1, 1]})"), ContainsSubstring("expected to read from one place, got 2"));
}

TEST_CASE("bits need no encoder", "[model][validate]") {
  test::ModelBytes file;
  file.input = R"({"shape": [2], "type": "bit"})";
  file.layers = kLut + "," + kSum;
  CHECK(model::parse_model(file.bytes(), "f"));
  file.layers = kSum + "," + kArgmax;
  CHECK(model::parse_model(file.bytes(), "f"));
}

TEST_CASE("an input index must name a bit", "[model][validate]") {
  test::ModelBytes file;
  file.set("i", "I32", {2, 2}, {0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0});
  CHECK(file.error() ==
        "f: layer 1 (lut), tensor \"i\": error[model_input_index]: expected an index in 0..1 (layer 0 (thermometer) gives 2 bits), got 2 at [1, 0]\n"
        "  hint: [n, k] is input k of neuron n; bits are counted from 0\n");
  file.set("i", "I32", {2, 2}, {0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK_THAT(file.error(), ContainsSubstring("got -1 at [0, 1]"));
  file.layers = kEncoder + R"(,{"kind": "lut", "from": [0, 0], "inputs": "i", "tables": "b"})";
  CHECK_THAT(file.error(), ContainsSubstring("in 0..3 (its 2 sources together give 4 bits)"));
}

TEST_CASE("what a table does not use is 0", "[model][validate]") {
  test::ModelBytes file;
  file.set("b", "U8", {2, 1}, {6, 0x18});
  CHECK(file.error() ==
        "f: layer 1 (lut), tensor \"b\": error[model_table_padding]: expected 0 in the bits above bit 3, got the byte 0x18 for neuron 1\n"
        "  hint: a table of 2 inputs has 4 entries: bits 0..3 of its byte\n");
}

namespace {

std::vector<int> words(std::initializer_list<int> values) {
  std::vector<int> bytes;
  for (const int value : values) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back((value >> shift) & 255);
  }
  return bytes;
}

/// Two neurons of two bits: one term of weight 1, two of weights -2 and 3 on the same bit.
test::ModelBytes threshold_file() {
  test::ModelBytes file;
  file.layers = kEncoder + R"(,{"kind": "threshold", "offsets": "o", "inputs": "x", "weights": "w", "thresholds": "c"})";
  file.set("o", "I32", {3}, words({0, 1, 3}));
  file.set("x", "I32", {3}, words({0, 1, 1}));
  file.set("w", "I32", {3}, words({1, -2, 3}));
  file.set("c", "I32", {2, 3}, words({0, -1, 1, 5, 4, 6}));
  return file;
}

}  // namespace

TEST_CASE("a threshold layer gives each neuron's bits", "[model][validate]") {
  const test::ModelBytes file = threshold_file();
  const auto net = model::parse_model(file.bytes(), "f");
  REQUIRE(net);
  CHECK(net->layers[1].output_count == 4);
  const auto& layer = std::get<model::ThresholdLayer>(net->layers[1].operation);
  CHECK(layer.levels == 2);
  CHECK(layer.weights == std::vector<std::int32_t>{1, -2, 3});
  CHECK(layer.thresholds_of(1)[2] == 6);
}

TEST_CASE("the offsets of a threshold layer cut its terms into neurons", "[model][validate]") {
  test::ModelBytes file = threshold_file();
  SECTION("first offset") {
    file.set("o", "I32", {3}, words({1, 1, 3}));
    CHECK_THAT(file.error(), ContainsSubstring("f: layer 1 (threshold), tensor \"o\": error[model_offsets]: expected the first offset to be 0, got 1"));
  }
  SECTION("falling offset") {
    file.set("o", "I32", {3}, words({0, -1, 3}));
    CHECK_THAT(file.error(), ContainsSubstring("expected an offset in 0..3 (the one before, and the number of terms), got -1 at [1]"));
  }
  SECTION("last offset") {
    file.set("o", "I32", {3}, words({0, 1, 2}));
    CHECK_THAT(file.error(), ContainsSubstring("expected the last offset to be the number of terms, 3, got 2"));
  }
}

TEST_CASE("a threshold layer's tensors fit each other and its sums fit 32 bits", "[model][validate]") {
  test::ModelBytes file = threshold_file();
  SECTION("number of offsets") {
    file.set("o", "I32", {2}, words({0, 3}));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"o\": error[model_tensor_shape]: expected one offset more than there are neurons, 3, got 2"));
  }
  SECTION("number of thresholds") {
    file.set("c", "I32", {2, 2}, words({0, 0, 0, 0}));
    CHECK_THAT(file.error(), ContainsSubstring("expected 1, 3 or 7 thresholds a neuron (for 1, 2 or 3 bits), got 2 (shape [2, 2])"));
  }
  SECTION("no neurons") {
    file.set("c", "I32", {0, 3}, {});
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"c\": error[model_tensor_shape]"));
  }
  SECTION("input index") {
    file.set("x", "I32", {3}, words({0, 1, 2}));
    CHECK_THAT(file.error(), ContainsSubstring("error[model_input_index]: expected an index in 0..1 (layer 0 (thermometer) gives 2 bits), got 2 at [2]"));
  }
  SECTION("number of weights") {
    file.set("w", "I32", {2}, words({1, 1}));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"w\": error[model_tensor_shape]: expected as many weights as tensor \"x\" has inputs, 3, got 2"));
  }
  SECTION("range of a sum") {
    file.set("w", "I32", {3}, words({2147483647, 2147483647, 1}));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"w\": error[model_sum_range]: expected sums that fit signed 32 bits, got 0..2147483648 for neuron 1"));
  }
  SECTION("shape") {
    file.set("x", "I32", {3, 1}, words({0, 1, 1}));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"x\": error[model_tensor_shape]: expected the shape [terms], each 0 to 268435456, got [3, 1]"));
  }
}

TEST_CASE("groups divide the bits", "[model][validate]") {
  CHECK_THAT(error_of_layers(kEncoder + R"(,{"kind": "group_sum", "groups": 3})"),
             ContainsSubstring("f: layer 1 (group_sum): error[model_groups]: expected a number of groups that divides the 2 bits it reads, got 3"));
  CHECK_THAT(error_of_layers(kEncoder + R"(,{"kind": "group_sum", "groups": 0})"), ContainsSubstring("error[model_groups]"));
}

TEST_CASE("thresholds are finite, one row a feature", "[model][validate]") {
  test::ModelBytes file;
  file.set("t", "F32", {2, 1}, {0, 0, 0, 0, 0, 0, 0x80, 0x7f});
  CHECK(file.error() ==
        "f: layer 0 (thermometer), tensor \"t\": error[model_bad_threshold]: expected finite thresholds that fit f32, got inf at [1, 0]\n"
        "  hint: [f, t] is threshold t of feature f\n");
  file.set("t", "U8", {3, 1}, {0, 0, 0});
  CHECK_THAT(file.error(), ContainsSubstring("tensor \"t\": error[model_feature_count]: expected thresholds for 2 features (the input has the shape [2]), got 3 rows"));
}

TEST_CASE("a layer that reads too many bits is refused, whatever the file's length", "[model][validate]") {
  test::ModelBytes file;
  file.input = R"({"shape": [4096, 4096], "type": "bit"})";
  std::string list = "\"input\"";
  for (int i = 0; i < 16; ++i) list += ", \"input\"";
  file.layers = R"({"kind": "group_sum", "groups": 1, "from": [)" + list + "]}";
  CHECK_THAT(file.error(), ContainsSubstring("error[model_too_large]: expected at most 268435456 bits, this layer reads 285212672 or more"));
}

TEST_CASE("a model built in memory is checked as a file is", "[model][validate]") {
  model::Model net = model::parse_model(test::ModelBytes().bytes(), "f").value();
  auto& lut = std::get<model::LutLayer>(net.layers[1].operation);
  auto& encoder = std::get<model::Thermometer>(net.layers[0].operation);
  const auto code = [&] {
    const auto checked = model::validate_model(net, "net");
    REQUIRE_FALSE(checked);
    return checked.error().code;
  };
  SECTION("inputs") { lut.inputs.pop_back(); CHECK(code() == Code::model_tensor_shape); }
  SECTION("tables") { lut.tables.push_back(0); CHECK(code() == Code::model_table_length); }
  SECTION("fan-in 0") { lut.fan_in = 0; CHECK(code() == Code::model_fan_in); }
  SECTION("fan-in 17") { lut.fan_in = 17; CHECK(code() == Code::model_fan_in); }
  SECTION("no neurons") { lut = {0, 2, {}, {}}; CHECK(code() == Code::model_tensor_shape); }
  SECTION("index") {
    lut.inputs[3] = 2;
    CHECK(to_text(model::validate_model(net, "net").error()).find("net: layer 1 (lut), inputs: error[model_input_index]") == 0);
  }
  SECTION("levels") { encoder.levels = 0; CHECK(code() == Code::model_tensor_shape); }
  SECTION("stored type") { encoder.stored_type = model::FeatureType::i8; CHECK(code() == Code::model_bad_threshold); }
  SECTION("threshold") {
    const auto value = GENERATE(-1.0, 256.0, 0.5, std::numeric_limits<double>::quiet_NaN());
    encoder.thresholds[0] = value;
    CHECK(code() == Code::model_bad_threshold);
  }
  SECTION("threshold of f32") {
    encoder.stored_type = model::FeatureType::f32;
    const auto value = GENERATE(0.1, 1e300);
    encoder.thresholds[0] = value;
    CHECK(code() == Code::model_bad_threshold);
  }
}
