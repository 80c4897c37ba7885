// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/routed_reader.hpp"

#include <memory>
#include <unordered_map>

#include <fmt/core.h>

#include "lutgen/base/files.hpp"
#include "lutgen/flow/routed_families.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::flow {
namespace {

using io::Json;
using NameMap = std::map<std::string, std::string, std::less<>>;

/// Everything that is known of the file while it is read.
class Reader {
 public:
  /// renamed  other names for nets of the file
  Reader(const std::string& place, std::unique_ptr<RoutedTranslator> translator, const NameMap& renamed = {})
      : place_(place), builder_(place), translator_(std::move(translator)), renamed_(renamed) {}

  Result<RoutedNetlist> read(const Json& json) {
    LUTGEN_TRY(const Json* design, find_design(json));
    LUTGEN_TRY_VOID(read_ports(*design));
    LUTGEN_TRY(const Json* cells, io::get_object(*design, "cells", place_));
    for (const auto& [name, cell] : cells->items()) LUTGEN_TRY_VOID(read_cell(name, cell));
    LUTGEN_TRY_VOID(rename(*design));
    LUTGEN_TRY_VOID(read_names(*design));
    LUTGEN_TRY_VOID(translator_->finish(builder_));
    return builder_.finish();
  }

 private:
  tl::unexpected<Diagnostic> invalid(const std::string& place, std::string message) const {
    return fail(Code::routed_invalid, place, std::move(message), "was the file written by nextpnr --write?");
  }

  /// Black boxes of a library may stand beside the design; the design is the one with most cells.
  Result<const Json*> find_design(const Json& json) const {
    LUTGEN_TRY(const Json* modules, io::get_object(json, "modules", place_));
    const Json* design = nullptr;
    std::size_t most = 0;
    for (const auto& [name, module] : modules->items()) {
      LUTGEN_TRY(const Json* cells, io::get_object(module, "cells", place_));
      if (design != nullptr && cells->size() <= most) continue;
      design = &module;
      most = cells->size();
    }
    if (design == nullptr || most == 0) return invalid(place_, "expected a module with cells, found none");
    return design;
  }

  /// The net of one bit of the file: a number, or a constant as text.
  Result<RoutedNet> read_bit(const Json& bit, const std::string& place) {
    if (bit.is_number_unsigned()) {
      const auto [found, is_new] = nets_.try_emplace(bit.get<std::uint64_t>(), RoutedNet::zero);
      if (is_new) found->second = builder_.add_net("");
      return found->second;
    }
    if (bit == "0") return RoutedNet::zero;
    if (bit == "1") return RoutedNet::one;
    return invalid(place, fmt::format("expected the number of a wire, \"0\" or \"1\", found {}", io::describe(bit)));
  }

  Result<std::vector<RoutedNet>> read_bits(const Json& bits, const std::string& place) {
    if (!bits.is_array()) return invalid(place, fmt::format("expected a list of wires, found {}", io::describe(bits)));
    std::vector<RoutedNet> nets;
    for (const Json& bit : bits) {
      LUTGEN_TRY(const RoutedNet net, read_bit(bit, place));
      nets.push_back(net);
    }
    return nets;
  }

  Result<void> read_ports(const Json& design) {
    LUTGEN_TRY(const Json* ports, io::get_object(design, "ports", place_));
    for (const auto& [name, port] : ports->items()) {
      const std::string place = fmt::format("{}: port {}", place_, io::quote(name));
      LUTGEN_TRY(const std::string direction, io::get_string(port, "direction", place));
      LUTGEN_TRY(const Json* bits, io::get_field(port, "bits", place));
      LUTGEN_TRY(std::vector<RoutedNet> nets, read_bits(*bits, place));
      if (direction != "input" && direction != "output") {
        return invalid(place, fmt::format("expected an input or an output, found {}", io::quote(direction)));
      }
      builder_.add_port({name, direction == "input", std::move(nets)});
    }
    return {};
  }

  Result<void> read_cell(const std::string& name, const Json& json) {
    const std::string place = fmt::format("{}: cell {}", place_, io::quote(name));
    LUTGEN_TRY(const std::string type, io::get_string(json, "type", place));
    RoutedCell cell(name, type, place_);
    LUTGEN_TRY(const Json* connections, io::get_object(json, "connections", place));
    for (const auto& [pin, bits] : connections->items()) {
      LUTGEN_TRY(std::vector<RoutedNet> nets, read_bits(bits, place));
      cell.add_pin(pin, std::move(nets));
    }
    LUTGEN_TRY(const Json* parameters, io::get_object(json, "parameters", place));
    for (const auto& [key, value] : parameters->items()) {
      LUTGEN_TRY(std::string text, io::get_string(*parameters, key, place));
      cell.add_parameter(key, std::move(text));
    }
    LUTGEN_TRY(const Json* attributes, io::get_object(json, "attributes", place));
    for (const auto& [key, value] : attributes->items()) {
      if (value.is_string()) cell.add_attribute(key, value.get<std::string>());
    }
    LUTGEN_TRY_VOID(translator_->add(cell, builder_));
    return cell.check_all_known();
  }

  /// Nets that have another name get it before those of the file: the first name stays.
  Result<void> rename(const Json& design) {
    LUTGEN_TRY(const Json* names, io::get_object(design, "netnames", place_));
    for (const auto& [from, to] : renamed_) {
      const Json* net = io::find_field(*names, from);
      const Json* bits = net == nullptr ? nullptr : io::find_field(*net, "bits");
      if (bits == nullptr || !bits->is_array() || bits->size() != 1 || !(*bits)[0].is_number_unsigned()) continue;
      const auto found = nets_.find((*bits)[0].get<std::uint64_t>());
      if (found != nets_.end()) builder_.name_net(found->second, to);
    }
    return {};
  }

  Result<void> read_names(const Json& design) {
    LUTGEN_TRY(const Json* names, io::get_object(design, "netnames", place_));
    for (const auto& [name, net] : names->items()) {
      const std::string place = fmt::format("{}: net {}", place_, io::quote(name));
      LUTGEN_TRY(const Json* bits, io::get_array(net, "bits", place));
      for (std::size_t i = 0; i < bits->size(); ++i) {
        const Json& bit = (*bits)[i];
        const auto found = bit.is_number_unsigned() ? nets_.find(bit.get<std::uint64_t>()) : nets_.end();
        if (found == nets_.end()) continue;  // nothing is connected to it
        builder_.name_net(found->second, bits->size() == 1 ? name : fmt::format("{}[{}]", name, i));
      }
      const Json* attributes = io::find_field(net, "attributes");
      const Json* routing = attributes == nullptr ? nullptr : io::find_field(*attributes, "ROUTING");
      if (routing == nullptr || !routing->is_string()) continue;
      LUTGEN_TRY_VOID(translator_->add_routing(name, routing->get_ref<const std::string&>()));
    }
    return {};
  }

  std::string place_;
  RoutedBuilder builder_;
  std::unique_ptr<RoutedTranslator> translator_;
  NameMap renamed_;
  std::unordered_map<std::uint64_t, RoutedNet> nets_;
};

/// Null for a family that is not simulated.
std::unique_ptr<RoutedTranslator> make_translator(const RoutedOptions& options, const std::string& place) {
  switch (options.family) {
    case board::Family::xc7: return make_xc7_translator(options.tables, place);
    case board::Family::ecp5: return make_ecp5_translator();
    case board::Family::ice40: return make_ice40_translator();
    case board::Family::gowin: return make_gowin_translator();
    case board::Family::gatemate: return make_gatemate_translator();
  }
  return nullptr;
}

}  // namespace

Result<RoutedNetlist> parse_routed_netlist(std::string_view text, const std::string& place,
                                           const RoutedOptions& options) {
  std::unique_ptr<RoutedTranslator> translator = make_translator(options, place);
  if (translator == nullptr) {
    return fail(Code::routed_unsupported, place,
                fmt::format("expected a family whose routed netlist can be simulated, found {}",
                            board::family_name(options.family)),
                "");
  }
  LUTGEN_TRY(const Json json, io::parse_json(text, place));
  return Reader(place, std::move(translator)).read(json);
}

Result<RoutedNetlist> parse_gate_netlist(std::string_view text, const std::string& place, const NameMap& names) {
  LUTGEN_TRY(const Json json, io::parse_json(text, place));
  return Reader(place, make_gate_translator(), names).read(json);
}

Result<RoutedNetlist> read_routed_netlist(const std::filesystem::path& path, const RoutedOptions& options) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  return parse_routed_netlist(text, path.string(), options);
}

}  // namespace lutgen::flow
