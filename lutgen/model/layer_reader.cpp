// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/layer_reader.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/io/quote.hpp"

namespace lutgen::model {
namespace {

using io::Json;
using io::quote;
using io::Tensor;

/// Everything that reading one layer needs to look at.
struct Context {
  const Json& json;
  const io::Safetensors& file;
  std::string place;
};

/// Texts of a list for a diagnostic, cut after a few.
std::string short_list(const std::vector<std::string>& texts) {
  constexpr std::size_t kMostShown = 12;
  const std::size_t shown = std::min(texts.size(), kMostShown);
  const std::string more = shown < texts.size() ? fmt::format(" and {} more", texts.size() - shown) : "";
  return fmt::format("{}{}", fmt::join(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(shown), ", "), more);
}

std::string shape_text(const std::vector<std::uint64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

/// A tensor that a layer names, and how diagnostics call it.
struct NamedTensor {
  std::string name;
  std::string place;
  const Tensor* tensor = nullptr;
};

/// What a tensor must be like: its dtypes as safetensors and as numpy call them, and the meaning of its
/// lengths.
///
/// axes   how many lengths
/// least  least value of each length
struct Wanted {
  std::string_view field;
  std::span<const std::string_view> dtypes;
  std::string_view numpy;
  std::string_view shape;
  std::size_t axes = 2;
  std::uint64_t least = 1;
};

Result<NamedTensor> get_tensor(const Context& context, const Wanted& wanted) {
  LUTGEN_TRY(std::string name, io::get_string(context.json, wanted.field, context.place));
  const auto found = context.file.tensors.find(name);
  if (found == context.file.tensors.end()) {
    std::vector<std::string> names;
    for (const auto& [other, tensor] : context.file.tensors) names.push_back(quote(other));
    return fail(Code::model_no_tensor, context.place,
                fmt::format("expected field \"{}\" to name a tensor of this file, got {}", wanted.field, quote(name)),
                names.empty() ? "the file holds no tensor" : "the file holds " + short_list(names));
  }
  const Tensor& tensor = found->second;
  const std::string place = fmt::format("{}, tensor {}", context.place, quote(name));
  if (std::find(wanted.dtypes.begin(), wanted.dtypes.end(), tensor.dtype) == wanted.dtypes.end()) {
    return fail(Code::model_tensor_dtype, place,
                fmt::format("expected dtype {}, got {}", fmt::join(wanted.dtypes, " or "), io::printable(tensor.dtype)),
                fmt::format("in numpy: {}", wanted.numpy));
  }
  const bool small_enough = std::all_of(tensor.shape.begin(), tensor.shape.end(), [&](std::uint64_t length) {
    return length >= wanted.least && length <= kMaxLayerBits;
  });
  if (tensor.shape.size() != wanted.axes || !small_enough) {
    return fail(Code::model_tensor_shape, place,
                fmt::format("expected the shape {}, each {} to {}, got {}", wanted.shape, wanted.least, kMaxLayerBits, shape_text(tensor.shape)),
                "");
  }
  return NamedTensor{std::move(name), place, &tensor};
}

constexpr auto kU8 = std::to_array<std::string_view>({"U8"});
constexpr auto kI32 = std::to_array<std::string_view>({"I32"});
constexpr auto kThresholdTypes = std::to_array<std::string_view>({"U8", "I32", "F32"});

Result<FileLayer> read_thermometer(const Context& context) {
  LUTGEN_TRY(const NamedTensor found, get_tensor(context, {"thresholds", kThresholdTypes,
                                                           "thresholds.astype(numpy.uint8), numpy.int32 or numpy.float32",
                                                           "[features, thresholds of a feature]"}));
  const Tensor& tensor = *found.tensor;
  Thermometer operation;
  operation.features = static_cast<std::uint32_t>(tensor.shape[0]);
  operation.levels = static_cast<std::uint32_t>(tensor.shape[1]);
  operation.stored_type = tensor.dtype == "U8" ? FeatureType::u8 : tensor.dtype == "I32" ? FeatureType::i32 : FeatureType::f32;
  operation.thresholds.resize(tensor.shape[0] * tensor.shape[1]);
  for (std::size_t i = 0; i < operation.thresholds.size(); ++i) {
    operation.thresholds[i] = tensor.dtype == "U8" ? tensor.u8(i) : tensor.dtype == "I32" ? tensor.i32(i) : double{tensor.f32(i)};
  }
  FileLayer result;
  result.layer.operation = std::move(operation);
  result.tensors.thresholds = found.name;
  return result;
}

Result<FileLayer> read_lut(const Context& context) {
  LUTGEN_TRY(const NamedTensor inputs, get_tensor(context, {"inputs", kI32, "inputs.astype(numpy.int32)",
                                                            "[neurons, inputs of a table]"}));
  LUTGEN_TRY(const NamedTensor tables, get_tensor(context, {"tables", kU8, "tables.astype(numpy.uint8)",
                                                            "[neurons, bytes of a table]"}));
  const auto& shape = inputs.tensor->shape;
  if (shape[1] > kMaxTableInputs) {
    return fail(Code::model_fan_in, inputs.place,
                fmt::format("expected 1 to {} inputs a table, got {} (shape {})", kMaxTableInputs, shape[1], shape_text(shape)),
                "the tensor has a row for each neuron and a column for each input of its table");
  }
  LutLayer operation;
  operation.neurons = static_cast<std::uint32_t>(shape[0]);
  operation.fan_in = static_cast<std::uint32_t>(shape[1]);
  if (tables.tensor->shape[0] != shape[0]) {
    return fail(Code::model_tensor_shape, tables.place,
                fmt::format("expected as many rows as tensor {} has, {}, got {} (shape {})", quote(inputs.name), shape[0],
                            tables.tensor->shape[0], shape_text(tables.tensor->shape)),
                "both have a row for each neuron");
  }
  if (tables.tensor->shape[1] != operation.table_bytes()) {
    return fail(Code::model_table_length, tables.place,
                fmt::format("expected {} byte{} a table for {} input{}, got {} (shape {})", operation.table_bytes(),
                            operation.table_bytes() == 1 ? "" : "s", operation.fan_in, operation.fan_in == 1 ? "" : "s",
                            tables.tensor->shape[1], shape_text(tables.tensor->shape)),
                "a table of K inputs has 2^K bits, 8 in a byte, bit a in bit a%8 of byte a/8");
  }
  operation.inputs.resize(shape[0] * shape[1]);
  for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
    operation.inputs[i] = static_cast<std::uint32_t>(inputs.tensor->i32(i));  // negative: too large, found later
  }
  operation.tables.assign(tables.tensor->bytes.begin(), tables.tensor->bytes.end());
  FileLayer result;
  result.layer.operation = std::move(operation);
  result.tensors.inputs = inputs.name;
  result.tensors.tables = tables.name;
  return result;
}

/// The values of a tensor I32.
template <class T>
std::vector<T> i32_values(const Tensor& tensor) {
  std::vector<T> values(tensor.bytes.size() / 4);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<T>(tensor.i32(i));
  return values;
}

Result<FileLayer> read_threshold(const Context& context) {
  LUTGEN_TRY(const NamedTensor offsets, get_tensor(context, {"offsets", kI32, "offsets.astype(numpy.int32)", "[neurons + 1]", 1}));
  LUTGEN_TRY(const NamedTensor inputs, get_tensor(context, {"inputs", kI32, "inputs.astype(numpy.int32)", "[terms]", 1, 0}));
  LUTGEN_TRY(const NamedTensor thresholds, get_tensor(context, {"thresholds", kI32, "thresholds.astype(numpy.int32)",
                                                                "[neurons, comparisons of a neuron]"}));
  FileLayer result;
  ThresholdLayer operation;
  const auto& shape = thresholds.tensor->shape;
  operation.neurons = static_cast<std::uint32_t>(shape[0]);
  while (operation.levels < kMaxResidualBits && operation.nodes() < shape[1]) ++operation.levels;
  if (operation.nodes() != shape[1]) {
    return fail(Code::model_tensor_shape, thresholds.place,
                fmt::format("expected 1, 3 or 7 thresholds a neuron (for 1, 2 or 3 bits), got {} (shape {})", shape[1], shape_text(shape)),
                "a search tree in heap order: node 0, then the nodes for bit 0 = 0 and 1, and so on");
  }
  operation.offsets = i32_values<std::uint32_t>(*offsets.tensor);  // negative: too large, found later, as with the inputs
  operation.inputs = i32_values<std::uint32_t>(*inputs.tensor);
  operation.thresholds = i32_values<std::int32_t>(*thresholds.tensor);
  result.tensors = {.thresholds = thresholds.name, .inputs = inputs.name, .tables = {}, .offsets = offsets.name, .weights = {}};
  if (io::find_field(context.json, "weights") != nullptr) {
    LUTGEN_TRY(const NamedTensor weights, get_tensor(context, {"weights", kI32, "weights.astype(numpy.int32)", "[terms]", 1, 0}));
    if (weights.tensor->shape != inputs.tensor->shape) {
      return fail(Code::model_tensor_shape, weights.place,
                  fmt::format("expected as many weights as tensor {} has inputs, {}, got {}", quote(inputs.name),
                              inputs.tensor->shape[0], weights.tensor->shape[0]),
                  "leave the weights out where all are 1");
    }
    operation.weights = i32_values<std::int32_t>(*weights.tensor);
    result.tensors.weights = weights.name;
  }
  result.layer.operation = std::move(operation);
  return result;
}

Result<FileLayer> read_group_sum(const Context& context) {
  LUTGEN_TRY(const std::uint64_t groups, io::get_unsigned(context.json, "groups", context.place, kMaxLayerBits));
  FileLayer result;
  result.layer.operation = GroupSum{static_cast<std::uint32_t>(groups)};
  return result;
}

Result<FileLayer> read_argmax(const Context&) {
  FileLayer result;
  result.layer.operation = Argmax{};
  return result;
}

/// How one kind of layer is read. `fields` stand beside kind, name and from.
struct Kind {
  std::string_view name;
  std::vector<std::string_view> fields;
  Result<FileLayer> (*read)(const Context&);
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {{"thermometer", {"thresholds"}, read_thermometer},
                                        {"lut", {"inputs", "tables"}, read_lut},
                                        {"threshold", {"offsets", "inputs", "weights", "thresholds"}, read_threshold},
                                        {"group_sum", {"groups"}, read_group_sum},
                                        {"argmax", {}, read_argmax}};
  return all;
}

Result<const Kind*> find_kind(const std::string& name, const std::string& place) {
  std::vector<std::string_view> known;
  for (const Kind& kind : kinds()) {
    if (kind.name == name) return &kind;
    known.push_back(kind.name);
  }
  return fail(Code::model_unknown_kind, place,
              fmt::format("expected one of the kinds {}, got {}", fmt::join(known, ", "), quote(name)), "");
}

Result<std::int32_t> read_source(const Json& element, const Model& model, const std::string& place) {
  if (element.is_number_unsigned() && element.get<std::uint64_t>() < model.layers.size()) {
    return element.get<std::int32_t>();
  }
  if (element.is_string()) {
    const auto& name = element.get_ref<const std::string&>();
    if (name == "input") return kNetworkInput;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
      if (!name.empty() && model.layers[i].name == name) return static_cast<std::int32_t>(i);
    }
  }
  std::vector<std::string> names;
  for (const Layer& layer : model.layers) {
    if (!layer.name.empty()) names.push_back(quote(layer.name));
  }
  return fail(Code::model_unknown_source, place,
              fmt::format("expected field \"from\" to name a layer or \"input\", got {}", io::describe(element)),
              names.empty() ? fmt::format("no layer has a name; give one a \"name\", or use its number 0..{}", model.layers.size() - 1)
                            : "layers with a name: " + short_list(names));
}

}  // namespace

Result<void> check_fields(const Json& json, std::span<const std::string_view> known, const std::string& place) {
  for (const auto& [field, value] : json.get_ref<const Json::object_t&>()) {
    if (std::find(known.begin(), known.end(), field) != known.end()) continue;
    return fail(Code::model_unknown_field, place,
                fmt::format("expected one of the fields {}, got {}", fmt::join(known, ", "), quote(field)), "");
  }
  return {};
}

Result<FileLayer> read_layer(const Json& json, std::size_t index, const io::Safetensors& file, const std::string& place) {
  std::string where = fmt::format("{}: layer {}", place, index);
  LUTGEN_TRY(const std::string kind_text, io::get_string(json, "kind", where));
  LUTGEN_TRY(const Kind* kind, find_kind(kind_text, where));
  std::string name;
  if (io::find_field(json, "name") != nullptr) {
    LUTGEN_TRY(name, io::get_string(json, "name", where));
    if (name.empty()) {
      return fail(Code::model_bad_name, where, "expected a layer name, got an empty one", "leave the field out");
    }
  }
  where += name.empty() ? fmt::format(" ({})", kind_text) : fmt::format(" ({} {})", kind_text, quote(name));
  std::vector<std::string_view> known = {"kind", "name", "from"};
  known.insert(known.end(), kind->fields.begin(), kind->fields.end());
  LUTGEN_TRY_VOID(check_fields(json, known, where));
  LUTGEN_TRY(FileLayer result, kind->read({json, file, where}));
  result.layer.name = std::move(name);
  return result;
}

Result<std::vector<std::int32_t>> read_sources(const Json& json, std::size_t index, const Model& model,
                                               const std::string& place) {
  std::vector<std::int32_t> sources;
  const Json* from = io::find_field(json, "from");
  if (from == nullptr) return sources;
  const std::string where = fmt::format("{}: {}", place, layer_label(model, index));
  if (!from->is_array()) {
    LUTGEN_TRY(const std::int32_t source, read_source(*from, model, where));
    sources.push_back(source);
    return sources;
  }
  if (from->empty()) {
    return fail(Code::model_unknown_source, where, "expected field \"from\" to name at least one layer, got an empty list",
                "leave the field out to read the layer before");
  }
  for (const Json& element : *from) {
    LUTGEN_TRY(const std::int32_t source, read_source(element, model, where));
    sources.push_back(source);
  }
  return sources;
}

}  // namespace lutgen::model
