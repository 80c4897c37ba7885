// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/topology.hpp"

#include "tests/support/property.hpp"
#include "tests/unit/model/model_bytes.hpp"

using namespace lutgen;
using Catch::Matchers::ContainsSubstring;

namespace {

/// A network of LUT layers that reads as told; only its topology is of interest.
model::Model net_of(const std::vector<std::vector<std::int32_t>>& sources) {
  model::Model net;
  net.name = "net";
  for (const auto& list : sources) net.layers.push_back({"", model::LutLayer{}, list, 0, 0, {}});
  return net;
}

std::string error_of(model::Model net) {
  const auto checked = model::check_topology(net, "f");
  REQUIRE_FALSE(checked);
  return to_text(checked.error());
}

}  // namespace

TEST_CASE("a layer that says nothing reads the one before", "[model][topology]") {
  model::Model net = net_of({{}, {}, {}});
  REQUIRE(model::check_topology(net, "f"));
  CHECK(net.layers[0].sources == std::vector<std::int32_t>{model::kNetworkInput});
  CHECK(net.layers[2].sources == std::vector<std::int32_t>{1});
}

TEST_CASE("layers that read each other in a circle are shown as a chain", "[model][topology]") {
  model::Model net = net_of({{-1}, {2, 0}, {3}, {1}, {3}});
  net.layers[1].name = "a";
  net.layers[2].name = "b";
  CHECK(error_of(net) == "f: error[model_cycle]: expected layers without a circle, got a -> b -> layer 3 (lut) -> a (each reads the next)\n"
                         "  hint: state is not part of this format: change the `from` of one of these layers\n");
  CHECK_THAT(error_of(net_of({{0}})), ContainsSubstring("got layer 0 (lut) -> layer 0 (lut) (each reads the next)"));
}

TEST_CASE("a long circle is cut", "[model][topology]") {
  std::vector<std::vector<std::int32_t>> sources;
  for (std::int32_t i = 0; i < 100000; ++i) sources.push_back({(i + 1) % 100000});
  const std::string text = error_of(net_of(sources));
  CHECK_THAT(text, ContainsSubstring("layer 7 (lut) -> ... -> layer 0 (lut)"));
  CHECK(text.size() < 500);
}

TEST_CASE("a layer that reads a later one, without a circle, is told to move", "[model][topology]") {
  CHECK(error_of(net_of({{1}, {-1}, {0}})) ==
        "f: layer 0 (lut): error[model_forward_reference]: expected to read layers that stand before it, got layer 1 (lut)\n"
        "  hint: layers stand in the order of their evaluation: move that layer before this one\n");
}

TEST_CASE("names are words, used once, and not the input's", "[model][topology]") {
  const auto named = [](const std::string& first, const std::string& second) {
    model::Model net = net_of({{}, {}});
    net.layers[0].name = first;
    net.layers[1].name = second;
    return net;
  };
  for (const char* bad : {"1a", "a-b", "_a", "a b", "input", "a\n"}) CHECK_THAT(error_of(named(bad, "")), ContainsSubstring("error[model_bad_name]"));
  CHECK_THAT(error_of(named(std::string(129, 'a'), "")), ContainsSubstring("error[model_bad_name]"));
  CHECK_THAT(error_of(named("a", "a")),
             ContainsSubstring("f: layer 1 (lut \"a\"): error[model_duplicate_name]: expected a name that no other layer has, got \"a\", the name of layer 0 too"));
  model::Model net = net_of({{}});
  for (const char* bad : {"", "-a", "a/b", "a*b", "../a", "a\n"}) {
    net.name = bad;
    CHECK_THAT(error_of(net), ContainsSubstring("f: error[model_bad_name]"));
  }
  net.name = "My model v1.2+x_y-z";
  CHECK(model::check_topology(net, "f"));
}

TEST_CASE("there is a layer, and each is read or the last", "[model][topology]") {
  CHECK_THAT(error_of(net_of({})), ContainsSubstring("error[model_no_layers]"));
  CHECK_THAT(error_of(net_of({{}, {-1}})), ContainsSubstring("f: layer 0 (lut): error[model_unused_layer]"));
  CHECK_THAT(error_of(net_of({{5}})), ContainsSubstring("error[model_unknown_source]"));
  model::Model net = net_of({{}, {}});
  net.layers[0].operation = model::Argmax{};
  CHECK_THAT(error_of(net), ContainsSubstring("f: layer 1 (lut): error[model_layer_after_argmax]: expected no layer after layer 0 (argmax), got this one"));
}

TEST_CASE("order is accepted exactly when every source stands before its reader", "[model][topology][property]") {
  test::property([] {
    const auto count = *rc::gen::inRange(1, 7);
    std::vector<std::vector<std::int32_t>> sources;
    bool ordered = true;
    for (int i = 0; i < count; ++i) {
      sources.push_back(*rc::gen::nonEmpty(rc::gen::container<std::vector<std::int32_t>>(rc::gen::inRange(-1, count))));
      for (const auto source : sources.back()) ordered = ordered && source < i;
    }
    model::Model net = net_of(sources);
    const auto checked = model::check_topology(net, "f");
    const bool refused = !checked && (checked.error().code == Code::model_cycle || checked.error().code == Code::model_forward_reference);
    RC_ASSERT(refused == !ordered);
  });
}
