// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/topology.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "lutgen/io/quote.hpp"
#include "lutgen/model/validate.hpp"

namespace lutgen::model {
namespace {

using io::quote;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The network's name goes into comments and file names of what is generated from it.
bool is_model_name(std::string_view name) {
  constexpr std::string_view kOthers = " _.+-";
  return !name.empty() && name.size() <= kMaxNameLength && (is_letter(name[0]) || is_digit(name[0])) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return is_letter(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
         });
}

bool is_layer_name(std::string_view name) {
  return name.size() <= kMaxNameLength && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

Result<void> check_names(const Model& model, const std::string& place) {
  if (!is_model_name(model.name)) {
    return fail(Code::model_bad_name, place,
                fmt::format("expected a network name of 1 to {} letters, digits, blanks and any of _ . + -, "
                            "with a letter or digit first, got {}", kMaxNameLength, quote(model.name)),
                "the name goes into comments and file names of what is generated");
  }
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    const std::string& name = model.layers[i].name;
    if (name.empty()) continue;
    const std::string where = fmt::format("{}: {}", place, layer_label(model, i));
    if (name == "input") {
      return fail(Code::model_bad_name, where, "expected another name than \"input\", which stands for the network's input",
                  "rename the layer");
    }
    if (!is_layer_name(name)) {
      return fail(Code::model_bad_name, where,
                  fmt::format("expected a layer name of at most {} letters, digits and _, with a letter first, got {}",
                              kMaxNameLength, quote(name)),
                  "rename the layer, or leave its name out");
    }
    if (const auto [entry, fresh] = seen.emplace(name, i); !fresh) {
      return fail(Code::model_duplicate_name, where,
                  fmt::format("expected a name that no other layer has, got {}, the name of layer {} too", quote(name),
                              entry->second),
                  "rename one of them");
    }
  }
  return {};
}

/// Fills what was left out, and checks that every source is a layer or the input.
Result<void> check_sources(Model& model, const std::string& place) {
  const auto count = static_cast<std::int32_t>(model.layers.size());
  for (std::int32_t i = 0; i < count; ++i) {
    auto& sources = model.layers[static_cast<std::size_t>(i)].sources;
    if (sources.empty()) sources.push_back(i == 0 ? kNetworkInput : i - 1);
    for (const std::int32_t source : sources) {
      if (source >= kNetworkInput && source < count) continue;
      return fail(Code::model_unknown_source, fmt::format("{}: {}", place, layer_label(model, static_cast<std::size_t>(i))),
                  fmt::format("expected to read one of layers 0..{} or the input, got layer {}", count - 1, source),
                  "layers are counted from 0");
    }
  }
  return {};
}

/// Looks for layers that read each other in a circle, depth first along the sources.
class CycleFinder {
 public:
  explicit CycleFinder(const Model& model) : model_(model), state_(model.layers.size(), State::fresh) {}

  /// A circle as layer indices, each reading the next and the last reading the first; empty: none.
  std::vector<std::size_t> find() {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (state_[i] == State::fresh && visit(i)) return circle();
    }
    return {};
  }

 private:
  enum class State : std::uint8_t { fresh, open, done };
  struct Visit {
    std::size_t layer;
    std::size_t next_source;
  };

  /// True when a circle was met; then `path_` ends with it and `met_` is where it closes.
  bool visit(std::size_t first) {
    enter(first);
    while (!path_.empty()) {
      Visit& top = path_.back();
      const auto& sources = model_.layers[top.layer].sources;
      if (top.next_source == sources.size()) {
        state_[top.layer] = State::done;
        path_.pop_back();
        continue;
      }
      const std::int32_t source = sources[top.next_source++];
      if (source == kNetworkInput) continue;
      const auto layer = static_cast<std::size_t>(source);
      if (state_[layer] == State::open) {
        met_ = layer;
        return true;
      }
      if (state_[layer] == State::fresh) enter(layer);
    }
    return false;
  }

  void enter(std::size_t layer) {
    state_[layer] = State::open;
    path_.push_back({layer, 0});
  }

  std::vector<std::size_t> circle() const {
    std::vector<std::size_t> layers;
    for (const Visit& visit : path_) {
      if (!layers.empty() || visit.layer == met_) layers.push_back(visit.layer);
    }
    std::rotate(layers.begin(), std::min_element(layers.begin(), layers.end()), layers.end());
    return layers;
  }

  const Model& model_;
  std::vector<State> state_;
  std::vector<Visit> path_;
  std::size_t met_ = 0;
};

/// A layer in a chain of layers: its name, or its label when it has none.
std::string short_label(const Model& model, std::size_t layer) {
  const std::string& name = model.layers[layer].name;
  return name.empty() ? layer_label(model, layer) : name;
}

Result<void> check_order(const Model& model, const std::string& place) {
  for (std::size_t i = 0; i < model.layers.size(); ++i) {
    for (const std::int32_t source : model.layers[i].sources) {
      if (source < static_cast<std::int32_t>(i)) continue;
      if (const auto circle = CycleFinder(model).find(); !circle.empty()) {
        constexpr std::size_t kMostShown = 8;
        std::string chain;
        for (std::size_t k = 0; k < std::min(circle.size(), kMostShown); ++k) {
          chain += short_label(model, circle[k]) + " -> ";
        }
        if (circle.size() > kMostShown) chain += "... -> ";
        return fail(Code::model_cycle, place,
                    fmt::format("expected layers without a circle, got {}{} (each reads the next)", chain,
                                short_label(model, circle.front())),
                    "state is not part of this format: change the `from` of one of these layers");
      }
      return fail(Code::model_forward_reference, fmt::format("{}: {}", place, layer_label(model, i)),
                  fmt::format("expected to read layers that stand before it, got {}",
                              layer_label(model, static_cast<std::size_t>(source))),
                  "layers stand in the order of their evaluation: move that layer before this one");
    }
  }
  return {};
}

Result<void> check_ends(const Model& model, const std::string& place) {
  std::vector<bool> read(model.layers.size(), false);
  for (const Layer& layer : model.layers) {
    for (const std::int32_t source : layer.sources) {
      if (source != kNetworkInput) read[static_cast<std::size_t>(source)] = true;
    }
  }
  for (std::size_t i = 0; i + 1 < model.layers.size(); ++i) {
    if (std::holds_alternative<Argmax>(model.layers[i].operation)) {
      return fail(Code::model_layer_after_argmax, fmt::format("{}: {}", place, layer_label(model, i + 1)),
                  fmt::format("expected no layer after {}, got this one", layer_label(model, i)),
                  "argmax gives the class and ends the network");
    }
    if (!read[i]) {
      return fail(Code::model_unused_layer, fmt::format("{}: {}", place, layer_label(model, i)),
                  "expected a later layer that reads this one, found none",
                  "remove the layer, or name it in the `from` of the layer that should read it");
    }
  }
  return {};
}

}  // namespace

Result<void> check_topology(Model& model, const std::string& place) {
  LUTGEN_TRY_VOID(check_names(model, place));
  if (model.layers.empty()) {
    return fail(Code::model_no_layers, place, "expected at least one layer in \"layers\", got an empty list", "");
  }
  LUTGEN_TRY_VOID(check_sources(model, place));
  LUTGEN_TRY_VOID(check_order(model, place));
  return check_ends(model, place);
}

}  // namespace lutgen::model
