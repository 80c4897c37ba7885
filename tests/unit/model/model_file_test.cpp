// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/model_file.hpp"

#include "lutgen/base/files.hpp"
#include "tests/support/property.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/model/model_bytes.hpp"

using namespace lutgen;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kStarter = LUTGEN_SOURCE_DIR "/sim/models/mnist-lut6-1000.safetensors";

/// A random chain of LUT and threshold layers on random inputs, sometimes with an encoder, sometimes with classes.
model::Model any_model() {
  model::Model net;
  net.name = "any";
  net.input.shape = {*rc::gen::inRange(1u, 5u), *rc::gen::inRange(1u, 4u)};
  const auto features = static_cast<std::uint32_t>(net.input.feature_count());
  std::uint32_t bits = features;
  if (*rc::gen::arbitrary<bool>()) {
    net.input.type = model::FeatureType::i16;
    model::Thermometer encoder;
    encoder.stored_type = *rc::gen::element(model::FeatureType::u8, model::FeatureType::i32, model::FeatureType::f32);
    encoder.features = features;
    encoder.levels = *rc::gen::inRange(1u, 4u);
    bits = features * encoder.levels;
    encoder.thresholds = *rc::gen::container<std::vector<double>>(bits, rc::gen::map(rc::gen::inRange(0, 256), [](int v) { return double(v); }));
    net.layers.push_back({"", encoder, {}, 0, 0, {}});
  } else {
    net.input.type = model::FeatureType::bit;
  }
  for (int layers = *rc::gen::inRange(1, 4); layers > 0; --layers) {
    model::LutLayer lut;
    lut.neurons = *rc::gen::inRange(1u, 6u);
    lut.fan_in = *rc::gen::inRange(1u, 9u);
    lut.inputs = *rc::gen::container<std::vector<std::uint32_t>>(lut.neurons * lut.fan_in, rc::gen::inRange(0u, bits));
    lut.tables = *rc::gen::container<std::vector<std::uint8_t>>(std::size_t{lut.neurons} * lut.table_bytes(), rc::gen::arbitrary<std::uint8_t>());
    if (*rc::gen::inRange(0, 3) == 0) {
      base::Rng rng(*rc::gen::arbitrary<std::uint64_t>());
      model::ThresholdLayer thresholds = test::random_thresholds(rng, *rc::gen::inRange(1u, 9u), bits);
      bits = thresholds.neurons * thresholds.levels;
      net.layers.push_back({"", thresholds, {}, 0, 0, {}});
      continue;
    }
    const std::uint8_t used = lut.fan_in == 1 ? 0x03 : lut.fan_in == 2 ? 0x0f : 0xff;
    for (auto& byte : lut.tables) byte &= used;
    bits = lut.neurons;
    net.layers.push_back({layers % 2 == 0 ? fmt::format("named{}", layers) : "", lut, {}, 0, 0, {}});
  }
  if (*rc::gen::arbitrary<bool>()) {
    // A skip connection: by name or number, whatever the layers are.
    const auto last = static_cast<std::int32_t>(net.layers.size()) - 1;
    const bool from_input = net.input.type == model::FeatureType::bit && *rc::gen::arbitrary<bool>();
    net.layers.push_back({"", model::GroupSum{1}, {last, from_input ? model::kNetworkInput : last / 2}, 0, 0, {}});
    net.layers.push_back({"", model::Argmax{}, {}, 0, 0, {}});
  }
  return net;
}

bool same(const model::Model& a, const model::Model& b) { return model::serialize_model(a) == model::serialize_model(b); }

}  // namespace

TEST_CASE("the starter network reads as its README says", "[model][model_file]") {
  const auto net = model::read_model(kStarter);
  REQUIRE(net);
  CHECK(net->name == "mnist-lut6-1000");
  CHECK(net->input.feature_count() == 784);
  REQUIRE(net->layers.size() == 4);
  CHECK(net->layers[0].output_count == 784);
  CHECK(net->layers[1].output_count == 1000);
  CHECK(std::get<model::LutLayer>(net->layers[1].operation).fan_in == 6);
  CHECK(net->layers[2].output == model::ValueKind::scores);
  CHECK(net->layers[3].output == model::ValueKind::class_index);
  CHECK(net->class_count() == 10);
}

TEST_CASE("a model written and read is the same model", "[model][model_file][property]") {
  test::property([] {
    model::Model net = any_model();
    const auto valid = model::validate_model(net, "net");
    RC_ASSERT(valid.has_value());
    const std::string bytes = model::serialize_model(net);
    const auto again = model::parse_model(bytes, "again");
    RC_ASSERT(again.has_value());
    RC_ASSERT(same(*again, net));
    RC_ASSERT(again->layers.size() == net.layers.size());
    for (std::size_t i = 0; i < net.layers.size(); ++i) {
      RC_ASSERT(again->layers[i].sources == net.layers[i].sources);
      RC_ASSERT(again->layers[i].input_count == net.layers[i].input_count);
      RC_ASSERT(again->layers[i].output_count == net.layers[i].output_count);
      RC_ASSERT(again->layers[i].name == net.layers[i].name);
    }
  });
}

TEST_CASE("a model file is written as a whole", "[model][model_file]") {
  const test::TemporaryFolder folder;
  const auto net = model::read_model(kStarter);
  REQUIRE(net);
  REQUIRE(model::write_model(*net, folder.path() / "net.safetensors"));
  const auto again = model::read_model(folder.path() / "net.safetensors");
  REQUIRE(again);
  CHECK(same(*again, *net));
  CHECK(folder.names("") == std::vector<std::string>{"net.safetensors"});
}

TEST_CASE("a file without a model says so", "[model][model_file]") {
  const auto net = model::parse_model(io::serialize_safetensors({}), "f");
  REQUIRE_FALSE(net);
  CHECK(net.error().code == Code::model_missing);
}

TEST_CASE("the description's own rules are checked", "[model][model_file]") {
  test::ModelBytes file;
  SECTION("format") {
    file.format = "2";
    CHECK_THAT(file.error(), ContainsSubstring("f (lutgen.model): error[model_unsupported_format]: expected format 1, got the number 2"));
  }
  SECTION("unknown field") {
    file.name = "\"n\", \"colour\": 1";
    CHECK_THAT(file.error(), ContainsSubstring("error[model_unknown_field]: expected one of the fields format, name, input, layers, got \"colour\""));
  }
  SECTION("input type") {
    file.input = R"({"shape": [2], "type": "u7"})";
    CHECK_THAT(file.error(), ContainsSubstring("f: input: error[model_unknown_type]: expected one of the types bit, u8, i8, u16, i16, i32, f32, got \"u7\""));
  }
  SECTION("input shape") {
    for (const char* shape : {"[]", "[0]", "[2, 0]", "[4096, 4097]", "[1,1,1,1,1,1,1,1,1]"}) {
      file.input = fmt::format(R"({{"shape": {}, "type": "u8"}})", shape);
      CHECK_THAT(file.error(), ContainsSubstring("f: error[model_input_shape]"));
    }
    file.input = R"({"shape": [99999999999], "type": "u8"})";
    CHECK_THAT(file.error(), ContainsSubstring("f: input, shape: error[json_number_range]: element 0"));
  }
  SECTION("not JSON") {
    file.name = "small";
    CHECK_THAT(file.error(), ContainsSubstring("f (lutgen.model):1:23: error[json_syntax]"));
  }
  SECTION("no name") {
    file.name = "\"\"";
    CHECK_THAT(file.error(), ContainsSubstring("error[model_bad_name]"));
  }
}
