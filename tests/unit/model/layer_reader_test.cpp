// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/layer_reader.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/model/model_bytes.hpp"

using namespace lutgen;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("thresholds of every stored type are exact", "[model][layer_reader]") {
  test::ModelBytes file;
  file.input = R"({"shape": [2], "type": "i32"})";
  file.set("t", "I32", {2, 1}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f});
  const auto integers = model::parse_model(file.bytes(), "f");
  REQUIRE(integers);
  CHECK(std::get<model::Thermometer>(integers->layers[0].operation).thresholds == std::vector<double>{-1, 2147483647});
  file.set("t", "F32", {2, 1}, {0, 0, 0x80, 0x3e, 0, 0, 0, 0xc0});
  const auto floats = model::parse_model(file.bytes(), "f");
  REQUIRE(floats);
  CHECK(std::get<model::Thermometer>(floats->layers[0].operation).thresholds == std::vector<double>{0.25, -2});
}

TEST_CASE("a layer's kind and fields must be known", "[model][layer_reader]") {
  test::ModelBytes file;
  file.layers = R"({"kind": "relu"})";
  CHECK(file.error() == "f: layer 0: error[model_unknown_kind]: expected one of the kinds thermometer, lut, threshold, group_sum, argmax, got \"relu\"\n");
  file.layers = R"({"kind": "argmax", "top": 3})";
  CHECK_THAT(file.error(), ContainsSubstring("f: layer 0 (argmax): error[model_unknown_field]: expected one of the fields kind, name, from, got \"top\""));
  file.layers = R"({"kind": "thermometer", "name": "enc"})";
  CHECK_THAT(file.error(), ContainsSubstring("f: layer 0 (thermometer \"enc\"): error[json_missing_field]: expected a field \"thresholds\""));
  file.layers = "3";
  CHECK_THAT(file.error(), ContainsSubstring("f: layer 0: error[json_wrong_type]"));
}

TEST_CASE("a tensor must be there, of its dtype and shape", "[model][layer_reader]") {
  test::ModelBytes file;
  SECTION("missing") {
    file.tensors.erase("i");
    CHECK(file.error() ==
          "f: layer 1 (lut): error[model_no_tensor]: expected field \"inputs\" to name a tensor of this file, got \"i\"\n"
          "  hint: the file holds \"b\", \"t\"\n");
  }
  SECTION("dtype") {
    file.set("i", "I64", {1, 2}, std::vector<int>(16, 0));
    CHECK(file.error() == "f: layer 1 (lut), tensor \"i\": error[model_tensor_dtype]: expected dtype I32, got I64\n"
                          "  hint: in numpy: inputs.astype(numpy.int32)\n");
    file.set("t", "F64", {1, 1}, std::vector<int>(8, 0));
    CHECK_THAT(file.error(), ContainsSubstring("expected dtype U8 or I32 or F32, got F64"));
  }
  SECTION("a dtype that nobody knows") {
    file.set("t", "\x01", {2, 1}, {3});
    CHECK_THAT(file.error(), ContainsSubstring("got \\x01"));
  }
  SECTION("shape") {
    file.set("i", "I32", {4}, std::vector<int>(16, 0));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"i\": error[model_tensor_shape]: expected the shape [neurons, inputs of a table], each 1 to 268435456, got [4]"));
    file.set("i", "I32", {0, 2}, {});
    CHECK_THAT(file.error(), ContainsSubstring("got [0, 2]"));
  }
  SECTION("rows of the tables") {
    file.set("b", "U8", {3, 1}, {0, 0, 0});
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"b\": error[model_tensor_shape]: expected as many rows as tensor \"i\" has, 2, got 3 (shape [3, 1])"));
  }
  SECTION("length of the tables") {
    file.set("b", "U8", {2, 2}, {0, 0, 0, 0});
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"b\": error[model_table_length]: expected 1 byte a table for 2 inputs, got 2 (shape [2, 2])"));
  }
  SECTION("fan-in") {
    file.set("i", "I32", {2, 17}, std::vector<int>(2 * 17 * 4, 0));
    CHECK_THAT(file.error(), ContainsSubstring("tensor \"i\": error[model_fan_in]: expected 1 to 16 inputs a table, got 17 (shape [2, 17])"));
  }
}

TEST_CASE("`from` takes a name, a number, the input, or a list of these", "[model][layer_reader]") {
  test::ModelBytes file;
  file.input = R"({"shape": [2], "type": "bit"})";
  const auto sources = [&](const std::string& from) {
    file.layers = R"({"kind": "lut", "name": "a", "inputs": "i", "tables": "b"}, {"kind": "lut", "name": "c", "from": "a", "inputs": "i", "tables": "b"},
        {"kind": "group_sum", "from": ["c", )" + from + R"(], "groups": 2})";
    const auto net = model::parse_model(file.bytes(), "f");
    REQUIRE(net);
    CHECK(net->layers[2].input_count == 4);
    return net->layers[2].sources;
  };
  CHECK(sources("\"a\"") == std::vector<std::int32_t>{1, 0});
  CHECK(sources("0") == std::vector<std::int32_t>{1, 0});
  CHECK(sources("\"input\"") == std::vector<std::int32_t>{1, model::kNetworkInput});
}

TEST_CASE("`from` that names nothing is refused", "[model][layer_reader]") {
  test::ModelBytes file;
  const auto error = [&](const std::string& from) {
    file.layers = R"({"kind": "thermometer", "name": "enc", "thresholds": "t", "from": )" + from + "}";
    return file.error();
  };
  CHECK(error("\"encoder\"") ==
        "f: layer 0 (thermometer \"enc\"): error[model_unknown_source]: expected field \"from\" to name a layer or \"input\", got the text \"encoder\"\n"
        "  hint: layers with a name: \"enc\"\n");
  CHECK_THAT(error("7"), ContainsSubstring("got the number 7"));
  CHECK_THAT(error("-1"), ContainsSubstring("got the number -1"));
  CHECK_THAT(error("[[]]"), ContainsSubstring("got a list of 0"));
  CHECK_THAT(error("[]"), ContainsSubstring("got an empty list"));
}
