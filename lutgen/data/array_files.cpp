// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/array_files.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/base/files.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::data {
namespace {

/// How the arrays of a file may be named.
struct Naming {
  const char* features;
  const char* labels;
  bool is_split;
};

std::array<Naming, 5> namings(Split split) {
  const bool is_training = split == Split::train;
  return {{{is_training ? "x_train" : "x_test", is_training ? "y_train" : "y_test", true},
           {is_training ? "train_images" : "test_images", is_training ? "train_labels" : "test_labels", true},
           {"x", "y", false},
           {"X", "y", false},
           {"data", "target", false}}};
}

Result<SplitArrays> read_npz(const std::filesystem::path& path, Split split) {
  LUTGEN_TRY(const std::string bytes, base::read_file(path));
  LUTGEN_TRY(auto arrays, io::parse_npz(bytes, path.string()));
  for (const Naming& naming : namings(split)) {
    const auto features = arrays.find(naming.features);
    const auto labels = arrays.find(naming.labels);
    if (features == arrays.end() || labels == arrays.end()) continue;
    return SplitArrays{std::move(features->second), std::move(labels->second), fmt::format("{}: {}", path.string(), naming.features),
                       fmt::format("{}: {}", path.string(), naming.labels), naming.is_split};
  }
  std::string found;
  for (const auto& [name, array] : arrays) found += (found.empty() ? "" : ", ") + io::quote(name);
  return fail(Code::data_no_array, path.string(),
              fmt::format("expected arrays {0} and {1}, or x and y, found {2}", namings(split)[0].features, namings(split)[0].labels, found.empty() ? "none" : found),
              "numpy.savez(file, x_train=..., y_train=..., x_test=..., y_test=...) writes them");
}

}  // namespace

Result<SplitArrays> read_array_files(const std::filesystem::path& path, Split split, const std::string& label_file) {
  if (path.extension() == ".npz") return read_npz(path, split);
  if (label_file.empty()) {
    return fail(Code::data_no_array, path.string(), "expected a second file with the classes, found none named", "--label CLASSES.npy");
  }
  SplitArrays arrays{{}, {}, path.string(), label_file, false};
  LUTGEN_TRY(const std::string features, base::read_file(path));
  LUTGEN_TRY(arrays.features, io::parse_npy(features, path.string()));
  LUTGEN_TRY(const std::string labels, base::read_file(label_file));
  LUTGEN_TRY(arrays.labels, io::parse_npy(labels, label_file));
  return arrays;
}

Result<std::vector<std::uint32_t>> classes_of(const io::NpyArray& labels, const std::string& place) {
  const std::uint64_t rows = labels.shape.empty() ? 0 : labels.shape[0];
  if (rows == 0 || labels.count() != rows) {
    return fail(Code::data_bad_shape, place, fmt::format("expected one class for each sample, found an array of shape [{}]", fmt::join(labels.shape, ", ")), "");
  }
  std::vector<std::uint32_t> classes;
  for (std::size_t i = 0; i < labels.count(); ++i) {
    const double value = labels.value(i);
    if (!(value >= 0 && value < kMaxClasses && std::floor(value) == value)) {
      return fail(Code::data_bad_label, place, fmt::format("expected classes in 0..{}, got {} for sample {}", kMaxClasses - 1, value, i), "samples are counted from 0");
    }
    classes.push_back(static_cast<std::uint32_t>(value));
  }
  return classes;
}

Features narrowest(const std::vector<double>& values) {
  const bool is_bytes = std::all_of(values.begin(), values.end(), [](double value) { return value >= 0 && value <= 255 && std::floor(value) == value; });
  if (is_bytes) {
    ByteFeatures features(values.size());
    std::transform(values.begin(), values.end(), features.begin(), [](double value) { return static_cast<std::uint8_t>(value); });
    return features;
  }
  FloatFeatures features(values.size());
  std::transform(values.begin(), values.end(), features.begin(), [](double value) { return static_cast<float>(value); });
  return features;
}

Result<Features> features_of(const io::NpyArray& features, const std::string& place) {
  if (features.shape.size() < 2 || features.count() == 0) {
    return fail(Code::data_bad_shape, place,
                fmt::format("expected at least one sample of at least one value, and two dimensions or more, found an array of shape [{}]", fmt::join(features.shape, ", ")),
                "the first dimension counts the samples");
  }
  if (features.type == io::NpyType::unsigned_integer && features.width == 1) return ByteFeatures(features.bytes.begin(), features.bytes.end());
  std::vector<double> values(features.count());
  const std::size_t sample = features.count() / static_cast<std::size_t>(features.shape[0]);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = features.value(i);
    if (std::abs(values[i]) <= static_cast<double>(std::numeric_limits<float>::max())) continue;
    return fail(Code::data_bad_value, place,
                fmt::format("expected finite numbers within 32-bit floating point, found {} in sample {}, value {}", values[i], i / sample, i % sample),
                "samples and values are counted from 0");
  }
  return narrowest(values);
}

}  // namespace lutgen::data
