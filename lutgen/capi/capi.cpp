// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <system_error>

#include <fmt/core.h>

#include "lutgen/base/parallel.hpp"
#include "lutgen/capi/lutgen.h"
#include "lutgen/eval/compiled_network.hpp"
#include "lutgen/model/model_file.hpp"

/// What the header promises not to show.
struct lutgen_network {
  std::string name;
  lutgen::model::FeatureType type;
  lutgen::eval::CompiledNetwork compiled;
};

struct lutgen_error {
  std::string text;
  std::string code;
};

namespace {

using lutgen::Result;
using lutgen::model::FeatureType;

/// Leaves an error with the caller, if he wants it and there is memory for it.
lutgen_status refuse(lutgen_status status, lutgen_error** error, const std::string& text, const std::string& code = {}) {
  if (error != nullptr) *error = new lutgen_error{text, code};
  return status;
}

lutgen_status refuse_argument(lutgen_error** error, const char* text) {
  return refuse(LUTGEN_BAD_ARGUMENT, error, fmt::format("error: {}", text));
}

/// Runs `body`, which gives a status; no exception goes further.
template <class Body>
lutgen_status guarded(lutgen_error** error, Body&& body) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return LUTGEN_OUT_OF_MEMORY;
  } catch (const std::system_error& failure) {
    try {
      return refuse(LUTGEN_OUT_OF_MEMORY, error, fmt::format("error: expected a thread more, found none: {}", failure.what()));
    } catch (...) {
      return LUTGEN_OUT_OF_MEMORY;
    }
  } catch (...) {
    return LUTGEN_INTERNAL;
  }
}

lutgen_status finish_load(const Result<lutgen::model::Model>& model, lutgen_network** network, lutgen_error** error) {
  const auto refuse_model = [&](const lutgen::Diagnostic& diagnostic) {
    return refuse(LUTGEN_BAD_MODEL, error, to_text(diagnostic), std::string(code_name(diagnostic.code)));
  };
  if (!model) return refuse_model(model.error());
  auto compiled = lutgen::eval::CompiledNetwork::compile(*model, lutgen::eval::best_target());
  if (!compiled) return refuse_model(compiled.error());
  *network = new lutgen_network{model->name, model->input.type, std::move(*compiled)};
  return LUTGEN_OK;
}

/// What is wrong with the arguments of a prediction, or null.
template <class Value>
const char* check_arguments(const lutgen_network* network, const Value* features, std::size_t samples, const lutgen_answers* answers) {
  if (network == nullptr) return "expected a network, found null";
  if (answers == nullptr) return "expected answers, found null";
  const lutgen::eval::CompiledNetwork& compiled = network->compiled;
  if (sizeof(Value) == 1 && network->type != FeatureType::u8 && network->type != FeatureType::bit) {
    return "expected floats for a network whose features are neither u8 nor bit, found bytes: call lutgen_predict_floats";
  }
  if (features == nullptr && samples > 0) return "expected features, found null";
  if (compiled.class_count() == 0 && (answers->classes != nullptr || answers->scores != nullptr)) {
    return "expected no arrays of classes or scores for a network that ends in bits";
  }
  if (compiled.bit_count() == 0 && answers->bits != nullptr) return "expected no array of bits for a network with classes";
  // 16 bytes: more than a value of any of the arrays takes.
  const std::size_t columns = compiled.feature_count() + compiled.class_count() + compiled.bit_count();
  if (samples > std::numeric_limits<std::size_t>::max() / 16 / columns) return "expected fewer samples: no arrays are that long";
  return nullptr;
}

template <class Value>
lutgen_status predict(const lutgen_network* network, const Value* features, std::size_t samples, unsigned threads,
                      const lutgen_answers* answers, lutgen_error** error) noexcept {
  return guarded(error, [&] {
    if (const char* wrong = check_arguments(network, features, samples, answers)) return refuse_argument(error, wrong);
    const lutgen::eval::CompiledNetwork& compiled = network->compiled;
    const auto span_of = [&](auto* array, std::size_t columns) { return std::span(array, array == nullptr ? 0 : samples * columns); };
    compiled.predict(std::span<const Value>(features, samples * compiled.feature_count()), samples,
                     {span_of(answers->classes, 1), span_of(answers->scores, compiled.class_count()), span_of(answers->bits, compiled.bit_count())},
                     {threads == 0 ? lutgen::base::hardware_threads() : threads, nullptr});
    return LUTGEN_OK;
  });
}

}  // namespace

extern "C" {

lutgen_status lutgen_load(const char* path, lutgen_network** network, lutgen_error** error) {
  return guarded(error, [&] {
    if (network == nullptr) return refuse_argument(error, "expected a place for the network, found null");
    *network = nullptr;
    if (path == nullptr) return refuse_argument(error, "expected a path, found null");
    return finish_load(lutgen::model::read_model(path), network, error);
  });
}

lutgen_status lutgen_load_bytes(const void* bytes, std::size_t byte_count, lutgen_network** network, lutgen_error** error) {
  return guarded(error, [&] {
    if (network == nullptr) return refuse_argument(error, "expected a place for the network, found null");
    *network = nullptr;
    if (bytes == nullptr) return refuse_argument(error, "expected the bytes of a model file, found null");
    return finish_load(lutgen::model::parse_model({static_cast<const char*>(bytes), byte_count}, "memory"), network, error);
  });
}

void lutgen_free(lutgen_network* network) { delete network; }

std::size_t lutgen_feature_count(const lutgen_network* network) { return network == nullptr ? 0 : network->compiled.feature_count(); }
std::size_t lutgen_class_count(const lutgen_network* network) { return network == nullptr ? 0 : network->compiled.class_count(); }
std::size_t lutgen_bit_count(const lutgen_network* network) { return network == nullptr ? 0 : network->compiled.bit_count(); }

lutgen_feature_type lutgen_type(const lutgen_network* network) {
  if (network == nullptr) return LUTGEN_BIT;
  switch (network->type) {
    case FeatureType::bit: return LUTGEN_BIT;
    case FeatureType::u8: return LUTGEN_U8;
    case FeatureType::i8: return LUTGEN_I8;
    case FeatureType::u16: return LUTGEN_U16;
    case FeatureType::i16: return LUTGEN_I16;
    case FeatureType::i32: return LUTGEN_I32;
    case FeatureType::f32: return LUTGEN_F32;
  }
  return LUTGEN_BIT;
}

const char* lutgen_name(const lutgen_network* network) { return network == nullptr ? "" : network->name.c_str(); }

const char* lutgen_target(const lutgen_network* network) {
  return network == nullptr ? "" : lutgen::eval::target_name(network->compiled.target()).data();
}

lutgen_status lutgen_predict_bytes(const lutgen_network* network, const std::uint8_t* features, std::size_t samples, unsigned threads,
                                   const lutgen_answers* answers, lutgen_error** error) {
  return predict(network, features, samples, threads, answers, error);
}

lutgen_status lutgen_predict_floats(const lutgen_network* network, const float* features, std::size_t samples, unsigned threads,
                                    const lutgen_answers* answers, lutgen_error** error) {
  return predict(network, features, samples, threads, answers, error);
}

const char* lutgen_error_text(const lutgen_error* error) {
  return error == nullptr ? "error: expected more memory, found none" : error->text.c_str();
}

const char* lutgen_error_code(const lutgen_error* error) { return error == nullptr ? "" : error->code.c_str(); }

void lutgen_error_free(lutgen_error* error) { delete error; }

const char* lutgen_version(void) { return LUTGEN_VERSION; }

}  // extern "C"
