// SPDX-License-Identifier: Apache-2.0
#include "lutgen/model/model_file.hpp"

#include <array>
#include <cstring>
#include <list>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/base/files.hpp"
#include "lutgen/io/json.hpp"
#include "lutgen/io/quote.hpp"
#include "lutgen/io/safetensors.hpp"
#include "lutgen/model/layer_reader.hpp"

namespace lutgen::model {
namespace {

using io::Json;

constexpr const char* kMetadataKey = "lutgen.model";

Result<Json> read_description(const io::Safetensors& file, const std::string& place) {
  const auto entry = file.metadata.find(kMetadataKey);
  if (entry == file.metadata.end()) {
    return fail(Code::model_missing, place,
                fmt::format("expected an entry \"{}\" in the file's __metadata__, found none of that name", kMetadataKey),
                "the file may be a checkpoint of another program; lutgen/model/README.md says what a model file holds");
  }
  const std::string text_place = fmt::format("{} ({})", place, kMetadataKey);
  LUTGEN_TRY(Json json, io::parse_json(entry->second, text_place));
  LUTGEN_TRY(const Json* format, io::get_field(json, "format", text_place));
  if (*format != kFormat) {
    return fail(Code::model_unsupported_format, text_place,
                fmt::format("expected format {}, got {}", kFormat, io::describe(*format)),
                format->is_number() ? "another version of lutgen may read it" : "it is a number, without quotes");
  }
  return json;
}

Result<Input> read_input(const Json& json, const std::string& place) {
  constexpr auto kFields = std::to_array<std::string_view>({"shape", "type"});
  const std::string where = place + ": input";
  LUTGEN_TRY_VOID(check_fields(json, kFields, where));
  Input input;
  LUTGEN_TRY(const std::string type, io::get_string(json, "type", where));
  std::vector<std::string_view> known;
  bool found = false;
  for (const auto candidate : {FeatureType::bit, FeatureType::u8, FeatureType::i8, FeatureType::u16, FeatureType::i16,
                               FeatureType::i32, FeatureType::f32}) {
    known.push_back(feature_type_name(candidate));
    if (type != known.back()) continue;
    input.type = candidate;
    found = true;
  }
  if (!found) {
    return fail(Code::model_unknown_type, where,
                fmt::format("expected one of the types {}, got {}", fmt::join(known, ", "), io::quote(type)), "");
  }
  LUTGEN_TRY(const Json* shape, io::get_field(json, "shape", where));
  LUTGEN_TRY(const auto lengths, io::unsigned_elements(*shape, where + ", shape", kMaxFeatures));
  input.shape.assign(lengths.begin(), lengths.end());
  return input;
}

Result<Model> build_model(const io::Safetensors& file, const Json& json, const std::string& place) {
  constexpr auto kFields = std::to_array<std::string_view>({"format", "name", "input", "layers"});
  const std::string where = fmt::format("{} ({})", place, kMetadataKey);
  LUTGEN_TRY_VOID(check_fields(json, kFields, where));
  Model model;
  LUTGEN_TRY(model.name, io::get_string(json, "name", where));
  LUTGEN_TRY(const Json* input, io::get_object(json, "input", where));
  LUTGEN_TRY(model.input, read_input(*input, place));
  LUTGEN_TRY(const Json* layers, io::get_array(json, "layers", where));
  std::vector<TensorNames> tensors;
  for (std::size_t i = 0; i < layers->size(); ++i) {
    LUTGEN_TRY(FileLayer layer, read_layer((*layers)[i], i, file, place));
    model.layers.push_back(std::move(layer.layer));
    tensors.push_back(std::move(layer.tensors));
  }
  for (std::size_t i = 0; i < layers->size(); ++i) {
    LUTGEN_TRY(model.layers[i].sources, read_sources((*layers)[i], i, model, place));
  }
  LUTGEN_TRY_VOID(validate_model(model, place, tensors));
  return model;
}

/// Collects what goes into a file; owns the bytes that the tensors view.
class Writer {
 public:
  explicit Writer(const Model& model) : model_(model) {}

  std::string run() {
    Json layers = Json::array();
    for (std::size_t i = 0; i < model_.layers.size(); ++i) layers.push_back(describe_layer(i));
    Json json = {{"format", kFormat},
                 {"name", model_.name},
                 {"input", {{"shape", model_.input.shape}, {"type", feature_type_name(model_.input.type)}}},
                 {"layers", layers}};
    file_.metadata.emplace(kMetadataKey, json.dump(-1, ' ', false, Json::error_handler_t::replace));
    return io::serialize_safetensors(file_);
  }

 private:
  Json describe_layer(std::size_t index) {
    const Layer& layer = model_.layers[index];
    Json json = {{"kind", kind_name(layer.operation)}};
    if (!layer.name.empty()) json["name"] = layer.name;
    const std::vector<std::int32_t> before = {static_cast<std::int32_t>(index) - 1};
    if (!layer.sources.empty() && layer.sources != before) json["from"] = describe_sources(layer.sources);
    std::visit([&](const auto& operation) { add(operation, json); }, layer.operation);
    return json;
  }

  [[nodiscard]] Json describe_sources(const std::vector<std::int32_t>& sources) const {
    Json list = Json::array();
    for (const std::int32_t source : sources) {
      if (source == kNetworkInput) {
        list.push_back("input");
        continue;
      }
      const std::string& name = model_.layers.at(static_cast<std::size_t>(source)).name;
      list.push_back(name.empty() ? Json(source) : Json(name));
    }
    return list.size() == 1 ? list.front() : list;
  }

  void add(const Thermometer& operation, Json& json) {
    std::string bytes;
    for (const double value : operation.thresholds) {
      switch (operation.stored_type) {
        case FeatureType::u8: append(bytes, static_cast<std::uint8_t>(value)); break;
        case FeatureType::i32: append(bytes, static_cast<std::int32_t>(value)); break;
        default: append(bytes, static_cast<float>(value)); break;
      }
    }
    const char* dtype = operation.stored_type == FeatureType::u8 ? "U8" : operation.stored_type == FeatureType::i32 ? "I32" : "F32";
    const std::string name = encoders_ == 0 ? "encoder" : fmt::format("encoder{}", encoders_);
    ++encoders_;
    json["thresholds"] = add_tensor(name + ".thresholds", dtype, {operation.features, operation.levels}, std::move(bytes));
  }

  void add(const LutLayer& operation, Json& json) {
    const std::string name = fmt::format("lut{}", luts_++);
    json["inputs"] = add_tensor(name + ".inputs", "I32", {operation.neurons, operation.fan_in}, i32_bytes(operation.inputs));
    json["tables"] = add_tensor(name + ".tables", "U8", {operation.neurons, operation.table_bytes()},
                                std::string(operation.tables.begin(), operation.tables.end()));
  }

  void add(const ThresholdLayer& operation, Json& json) {
    const std::string name = fmt::format("threshold{}", thresholds_++);
    const auto terms = static_cast<std::uint64_t>(operation.inputs.size());
    json["offsets"] = add_tensor(name + ".offsets", "I32", {operation.offsets.size()}, i32_bytes(operation.offsets));
    json["inputs"] = add_tensor(name + ".inputs", "I32", {terms}, i32_bytes(operation.inputs));
    if (!operation.weights.empty()) json["weights"] = add_tensor(name + ".weights", "I32", {terms}, i32_bytes(operation.weights));
    json["thresholds"] = add_tensor(name + ".thresholds", "I32", {operation.neurons, operation.nodes()},
                                    i32_bytes(operation.thresholds));
  }

  static void add(const GroupSum& operation, Json& json) { json["groups"] = operation.groups; }
  static void add(const Argmax&, Json&) {}

  template <class T>
  static void append(std::string& bytes, T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes.append(raw, sizeof(T));
  }

  template <class T>
  static std::string i32_bytes(const std::vector<T>& values) {
    std::string bytes;
    for (const T value : values) append(bytes, static_cast<std::int32_t>(value));
    return bytes;
  }

  std::string add_tensor(const std::string& name, const char* dtype, std::vector<std::uint64_t> shape, std::string bytes) {
    storage_.push_back(std::move(bytes));
    file_.tensors.emplace(name, io::Tensor{dtype, std::move(shape), storage_.back()});
    return name;
  }

  const Model& model_;
  io::Safetensors file_;
  std::list<std::string> storage_;
  std::size_t encoders_ = 0;
  std::size_t luts_ = 0;
  std::size_t thresholds_ = 0;
};

}  // namespace

Result<Model> parse_model(std::string_view bytes, const std::string& place) {
  LUTGEN_TRY(const io::Safetensors file, io::parse_safetensors(bytes, place));
  LUTGEN_TRY(const Json json, read_description(file, place));
  return build_model(file, json, place);
}

Result<Model> read_model(const std::filesystem::path& path) {
  LUTGEN_TRY(const std::string bytes, base::read_file(path));
  return parse_model(bytes, path.string());
}

std::string serialize_model(const Model& model) { return Writer(model).run(); }

Result<void> write_model(const Model& model, const std::filesystem::path& path) {
  return base::write_file(path, serialize_model(model));
}

}  // namespace lutgen::model
