// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "lutgen/io/safetensors.hpp"
#include "lutgen/model/model_file.hpp"
#include "tests/support/catch.hpp"

namespace lutgen::test {

/// The text of a model's description, and its tensors: a small valid network to be changed by a test.
/// Two u8 features, one threshold each, two tables of two inputs, two groups.
struct ModelBytes {
  std::string format = "1";
  std::string name = "\"small\"";
  std::string input = R"({"shape": [2], "type": "u8"})";
  std::string layers = R"({"kind": "thermometer", "thresholds": "t"},
    {"kind": "lut", "inputs": "i", "tables": "b"}, {"kind": "group_sum", "groups": 2}, {"kind": "argmax"})";
  std::map<std::string, io::Tensor> tensors;
  std::vector<std::string> storage;

  ModelBytes() {
    storage.reserve(64);  // tensors view the texts: these must not move
    set("t", "U8", {2, 1}, {3, 4});
    set("i", "I32", {2, 2}, {0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
    set("b", "U8", {2, 1}, {6, 8});
  }

  void set(const std::string& tensor, const std::string& dtype, std::vector<std::uint64_t> shape,
           const std::vector<int>& bytes) {
    std::string text;
    for (const int byte : bytes) text += static_cast<char>(byte);
    storage.push_back(std::move(text));
    tensors[tensor] = {dtype, std::move(shape), storage.back()};
  }

  [[nodiscard]] std::string bytes() const {
    io::Safetensors file;
    file.tensors.insert(tensors.begin(), tensors.end());
    file.metadata["lutgen.model"] = fmt::format(R"({{"format": {}, "name": {}, "input": {}, "layers": [{}]}})", format,
                                                name, input, layers);
    return io::serialize_safetensors(file);
  }

  /// The diagnostic's text, for the file "f".
  [[nodiscard]] std::string error() const {
    const auto model = model::parse_model(bytes(), "f");
    REQUIRE_FALSE(model);
    return to_text(model.error());
  }
};

}  // namespace lutgen::test
