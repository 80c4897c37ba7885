// SPDX-License-Identifier: Apache-2.0
#include "lutgen/cosim/mismatch.hpp"

#include <fmt/core.h>

namespace lutgen::cosim {
namespace {

using io::Json;

const char* origin_name(Origin origin) {
  switch (origin) {
    case Origin::valid_path: return "valid_path";
    case Origin::layer: return "layer";
    case Origin::after_last_probe: return "after_last_probe";
    case Origin::not_repeated: return "not_repeated";
    case Origin::not_searched: return "not_searched";
  }
  return "";
}

std::string text_of(const OutputFault& fault) {
  return fmt::format("sample {} (label {}): {}[{}]: expected {}, found {} (cycle {})\n",
                     fault.sample, fault.label, fault.port, fault.element, fault.expected,
                     fault.found, fault.cycle);
}

std::string text_of(const ValidFault& fault) {
  const std::string due = fault.sample ? fmt::format("sample {} is due", *fault.sample)
                                       : std::string("no sample is due");
  return fmt::format("out_valid: expected {} in cycle {} ({}), found {}; wrong in {} cycle{}\n",
                     fault.expected ? 1 : 0, fault.cycle, due, fault.expected ? 0 : 1,
                     fault.cycles, fault.cycles == 1 ? "" : "s");
}

std::string joined(const auto& values) {
  std::string text;
  for (const auto value : values) text += fmt::format("{}{}", text.empty() ? "" : " ", value);
  return text;
}

std::string text_of(const LayerFault& fault) {
  std::string text = fmt::format("first difference: {}, {} {}: expected {}, found {}\n",
                                 fault.layer_label, fault.value_kind, fault.index, fault.expected,
                                 fault.found);
  if (!fault.comparison.empty()) text += fmt::format("  {}\n", fault.comparison);
  if (!fault.inputs.empty())
    text += fmt::format("  inputs {} = {} (input 0 first), table address {}\n",
                        joined(fault.inputs), joined(fault.input_bits), fault.address);
  text += fault.nets.size() == 1 ? "  net " : "  nets ";
  for (std::size_t i = 0; i < fault.nets.size(); ++i)
    text += fmt::format("{}{} at stage {}", i == 0 ? "" : ", ", fault.nets[i], fault.stages[i]);
  return text + fmt::format("\n  seen in sample {}: {} of {} values of this layer differ, "
                            "all earlier layers agree\n",
                            fault.sample, fault.differing, fault.probed);
}

std::string text_of_origin(const Mismatch& mismatch) {
  switch (mismatch.origin) {
    case Origin::valid_path: return "all outputs were right: the fault is in the valid path\n";
    case Origin::layer: return mismatch.layer ? text_of(*mismatch.layer) : "";
    case Origin::after_last_probe:
      return "every value of every layer is right inside: the fault is after the last layer "
             "(output registers, or the order of the output bits)\n";
    case Origin::not_repeated:
      return "sent again back to back the samples came out right: the fault needs a gap or a reset "
             "near them\n";
    case Origin::not_searched:
      return fmt::format("the layers could not be compared: {}\n", mismatch.reason);
  }
  return "";
}

}  // namespace

std::string to_text(const Mismatch& mismatch) {
  std::string text;
  if (mismatch.output) text += text_of(*mismatch.output);
  if (mismatch.valid) text += text_of(*mismatch.valid);
  if (!mismatch.latency_found)
    text += fmt::format("latency: expected {} cycles, found no out_valid after the first sample\n",
                        mismatch.latency_stated);
  else if (*mismatch.latency_found != mismatch.latency_stated)
    text += fmt::format("latency: expected {} cycles, found {}\n", mismatch.latency_stated,
                        *mismatch.latency_found);
  return text + text_of_origin(mismatch);
}

Json to_json(const Mismatch& mismatch) {
  Json json = {{"output", nullptr}, {"out_valid", nullptr}, {"latency_found", nullptr},
               {"origin", origin_name(mismatch.origin)}, {"reason", mismatch.reason},
               {"layer", nullptr}};
  if (const auto& fault = mismatch.output)
    json["output"] = {{"sample", fault->sample}, {"label", fault->label}, {"cycle", fault->cycle},
                      {"port", fault->port}, {"element", fault->element},
                      {"expected", fault->expected}, {"found", fault->found}};
  if (const auto& fault = mismatch.valid) {
    json["out_valid"] = {{"cycle", fault->cycle}, {"expected", fault->expected ? 1 : 0},
                         {"sample", nullptr}, {"cycles", fault->cycles}};
    if (fault->sample) json["out_valid"]["sample"] = *fault->sample;
  }
  if (mismatch.latency_found) json["latency_found"] = *mismatch.latency_found;
  if (const auto& fault = mismatch.layer) {
    json["layer"] = {{"sample", fault->sample}, {"layer", fault->layer},
                     {"label", fault->layer_label}, {"kind", fault->value_kind},
                     {"index", fault->index}, {"expected", fault->expected},
                     {"found", fault->found}, {"nets", fault->nets}, {"stages", fault->stages},
                     {"probed", fault->probed}, {"differing", fault->differing}};
    if (!fault->inputs.empty()) {
      json["layer"]["inputs"] = fault->inputs;
      json["layer"]["input_bits"] = fault->input_bits;
      json["layer"]["address"] = fault->address;
    }
    if (!fault->comparison.empty()) json["layer"]["comparison"] = fault->comparison;
  }
  return json;
}

}  // namespace lutgen::cosim
