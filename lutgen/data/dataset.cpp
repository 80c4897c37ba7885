// SPDX-License-Identifier: Apache-2.0
#include "lutgen/data/dataset.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lutgen/base/files.hpp"
#include "lutgen/data/array_files.hpp"
#include "lutgen/data/hold_out.hpp"
#include "lutgen/data/synthetic_digits.hpp"
#include "lutgen/io/csv.hpp"
#include "lutgen/io/idx.hpp"
#include "lutgen/io/quote.hpp"

namespace lutgen::data {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSplitSeed = 1;  // of the samples that are the test split

/// Where the files of a split may be: `name` as it is, or packed with .gz.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  for (const char* ending : {"", ".gz"}) {
    fs::path path = folder / (name + ending);
    if (fs::is_regular_file(path, ignored)) return path;
  }
  return std::nullopt;
}

/// Files that one split of MNIST's naming consists of.
struct IdxNames {
  std::string images;
  std::string labels;
};

IdxNames idx_names(Split split) {
  const std::string prefix = split == Split::train ? "train" : "t10k";
  return {prefix + "-images-idx3-ubyte", prefix + "-labels-idx1-ubyte"};
}

/// First folder among the places that `load_dataset` documents that holds the file.
std::optional<fs::path> find_folder(const std::string& name, const std::string& file) {
  if (const char* root = std::getenv("LUTGEN_DATA"); root != nullptr && *root != '\0') {
    if (find_file(fs::path(root) / name, file)) return fs::path(root) / name;
  }
  std::error_code error;
  fs::path folder = fs::current_path(error);
  while (!error && folder.has_relative_path()) {
    folder = folder.parent_path();
    if (find_file(folder / "shared" / "data" / name, file)) return folder / "shared" / "data" / name;
  }
  return std::nullopt;
}

tl::unexpected<Diagnostic> not_found(const std::string& name, const std::string& file) {
  const char* root = std::getenv("LUTGEN_DATA");
  const std::string set = root == nullptr || *root == '\0' ? "LUTGEN_DATA is not set"
                                                           : fmt::format("LUTGEN_DATA is {}", root);
  return fail(Code::data_not_found, name,
              fmt::format("expected the file {} (or .gz) in $LUTGEN_DATA/{}/ ({}), or in ../shared/data/{}/ seen from the "
                          "working folder or one of its parents, found none", file, name, set, name),
              "set LUTGEN_DATA to the folder that holds the data sets, or use --data synthetic-digits");
}

/// Checks the labels and sets the number of classes: `class_count`, or what the labels ask for when 0.
Result<void> set_labels(Dataset& dataset, std::vector<std::uint32_t> labels, std::uint32_t class_count,
                        const std::string& place) {
  const std::uint32_t most = class_count == 0 ? kMaxClasses : class_count;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < most) continue;
    return fail(Code::data_bad_label, place,
                fmt::format("expected classes in 0..{}, got {} for sample {}", most - 1, labels[i], i),
                "samples are counted from 0");
  }
  dataset.class_count = class_count != 0 ? class_count : 1 + *std::max_element(labels.begin(), labels.end());
  dataset.labels = std::move(labels);
  return {};
}

Result<Dataset> load_idx_folder(const fs::path& folder, const std::string& name, Split split, std::uint32_t class_count) {
  const IdxNames names = idx_names(split);
  const auto image_path = find_file(folder, names.images);
  const auto label_path = find_file(folder, names.labels);
  if (!image_path || !label_path) {
    return fail(Code::data_not_found, folder.string(),
                fmt::format("expected the files {} and {} (each may be packed: .gz), found {}", names.images, names.labels,
                            image_path ? "only the first" : label_path ? "only the second" : "neither"),
                "a folder given to --data holds IDX files with MNIST's names");
  }
  LUTGEN_TRY(io::IdxArray images, io::read_idx(*image_path));
  LUTGEN_TRY(const io::IdxArray labels, io::read_idx(*label_path));
  if (images.shape.size() < 2 || images.values.empty()) {
    return fail(Code::data_bad_shape, image_path->string(),
                "expected at least one sample of at least one value, and two dimensions or more", "the first dimension counts the samples");
  }
  if (labels.shape.size() != 1 || labels.shape[0] != images.shape[0]) {
    return fail(Code::data_bad_shape, label_path->string(),
                fmt::format("expected {} labels, one for each image, got an array of shape [{}]", images.shape[0],
                            fmt::join(labels.shape, ", ")),
                "");
  }
  Dataset dataset;
  dataset.name = name;
  dataset.split = split;
  dataset.shape.assign(images.shape.begin() + 1, images.shape.end());
  dataset.features = std::move(images.values);
  LUTGEN_TRY_VOID(set_labels(dataset, {labels.values.begin(), labels.values.end()}, class_count, label_path->string()));
  return dataset;
}

/// The part of a file without splits of its own that was asked for.
Dataset split_off(Dataset dataset, double test_part) {
  if (test_part == 0) return dataset;
  HeldOut parts = hold_out(dataset, test_part, kSplitSeed);
  return std::move(dataset.split == Split::train ? parts.training : parts.validation);
}

/// Classes from texts: their numbers where all are whole ones, else their places in order.
std::vector<std::uint32_t> number_classes(const std::vector<std::string>& texts) {
  std::vector<std::uint32_t> numbers;
  for (const std::string& text : texts) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number >= kMaxClasses) break;
    numbers.push_back(number);
  }
  if (numbers.size() == texts.size()) return numbers;
  const std::set<std::string> names(texts.begin(), texts.end());
  numbers.clear();
  for (const std::string& text : texts) {
    numbers.push_back(static_cast<std::uint32_t>(std::distance(names.begin(), names.find(text))));
  }
  return numbers;
}

/// Classes from the last of the columns, which is taken out of the table.
Result<std::vector<std::uint32_t>> take_last_column(io::CsvTable& table, const fs::path& path) {
  std::vector<std::uint32_t> labels;
  std::vector<double> values;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double* begin = table.values.data() + row * table.columns;
    const double label = begin[table.columns - 1];
    if (label < 0 || label >= kMaxClasses || std::floor(label) != label) {
      return fail(Code::data_bad_label, fmt::format("{}:{}", path.string(), table.lines[row]),
                  fmt::format("expected a class 0..{} as the last number, got {}", kMaxClasses - 1, label), "");
    }
    values.insert(values.end(), begin, begin + table.columns - 1);
    labels.push_back(static_cast<std::uint32_t>(label));
  }
  table.values = std::move(values);
  --table.columns;
  return labels;
}

/// `shape` empty: one dimension, as many values as the file has columns besides the class.
Result<Dataset> load_csv(const fs::path& path, const std::string& name, Split split, std::vector<std::uint32_t> shape,
                         std::uint32_t class_count, const FileChoice& choice) {
  LUTGEN_TRY(const std::string text, base::read_file(path));
  LUTGEN_TRY(io::CsvTable table, io::parse_csv(text, path.string(), choice.label));
  std::size_t features = 1;
  for (const std::uint32_t length : shape) features *= length;
  const std::size_t others = choice.label.empty() ? 1 : 0;  // the class is among the numbers
  if (shape.empty() ? table.columns < 1 + others : table.columns != features + others) {
    return fail(Code::data_bad_shape, path.string(),
                fmt::format("expected {} and then the class in each line, got {} columns",
                            shape.empty() ? "one or more values" : fmt::format("{} values", features), table.columns),
                "");
  }
  std::vector<std::uint32_t> labels;
  if (choice.label.empty()) {
    LUTGEN_TRY(labels, take_last_column(table, path));
  } else {
    labels = number_classes(table.texts);
  }
  Dataset dataset;
  dataset.name = name;
  dataset.split = split;
  dataset.shape = shape.empty() ? std::vector{static_cast<std::uint32_t>(table.columns)} : std::move(shape);
  dataset.features = narrowest(table.values);
  LUTGEN_TRY_VOID(set_labels(dataset, std::move(labels), class_count, path.string()));
  return split_off(std::move(dataset), choice.test_part);
}

Result<Dataset> load_arrays(const fs::path& path, Split split, const FileChoice& choice) {
  LUTGEN_TRY(const SplitArrays arrays, read_array_files(path, split, choice.label));
  Dataset dataset;
  dataset.name = path.filename().string();
  dataset.split = split;
  LUTGEN_TRY(dataset.features, features_of(arrays.features, arrays.features_place));
  for (std::size_t i = 1; i < arrays.features.shape.size(); ++i) dataset.shape.push_back(static_cast<std::uint32_t>(arrays.features.shape[i]));
  LUTGEN_TRY(std::vector<std::uint32_t> labels, classes_of(arrays.labels, arrays.labels_place));
  if (labels.size() != arrays.features.shape[0]) {
    return fail(Code::data_bad_shape, arrays.labels_place,
                fmt::format("expected {} classes, one for each sample, found {}", arrays.features.shape[0], labels.size()), "");
  }
  LUTGEN_TRY_VOID(set_labels(dataset, std::move(labels), 0, arrays.labels_place));
  return arrays.is_split ? dataset : split_off(std::move(dataset), choice.test_part);
}

Result<Dataset> load_mnist(Split split) {
  const std::string file = idx_names(split).images;
  const auto folder = find_folder("mnist", file);
  if (!folder) return not_found("mnist", file);
  return load_idx_folder(*folder, "mnist", split, 10);
}

Result<Dataset> load_optdigits(Split split) {
  const std::string file = split == Split::train ? "optdigits.tra" : "optdigits.tes";
  const auto folder = find_folder("optdigits", file);
  if (!folder) return not_found("optdigits", file);
  return load_csv(*folder / file, "optdigits", split, {8, 8}, 10, {});
}

}  // namespace

std::size_t Dataset::feature_count() const {
  std::size_t count = 1;
  for (const std::uint32_t length : shape) count *= length;
  return count;
}

double Dataset::feature(std::size_t sample, std::size_t index) const {
  const std::size_t at = sample * feature_count() + index;
  return std::visit([at](const auto& values) { return static_cast<double>(values.at(at)); }, features);
}

void Dataset::truncate(std::size_t samples) {
  if (samples >= sample_count()) return;
  labels.resize(samples);
  std::visit([&](auto& values) { values.resize(samples * feature_count()); }, features);
}

Result<Dataset> load_dataset(std::string_view source, Split split, const FileChoice& choice) {
  if (source == "mnist") return load_mnist(split);
  if (source == "optdigits") return load_optdigits(split);
  if (source == "synthetic-digits") {
    return make_synthetic_digits(kSyntheticSeed, split,
                                 split == Split::train ? kSyntheticTrainSamples : kSyntheticTestSamples);
  }
  fs::path path(source);
  std::error_code ignored;
  if (path.extension() == ".csv") return load_csv(path, path.filename().string(), split, {}, 0, choice);
  if (path.extension() == ".npz" || path.extension() == ".npy") return load_arrays(path, split, choice);
  if (fs::is_directory(path, ignored)) {
    if (!path.has_filename()) path = path.parent_path();  // "folder/"
    return load_idx_folder(path, path.filename().string(), split, 0);
  }
  return fail(Code::data_unknown, "",
              fmt::format("expected mnist, optdigits, synthetic-digits, a folder, or a .csv, .npz or .npy file, got {}", io::quote(source)),
              "there is no folder of that name");
}

Result<Dataset> load_features(std::string_view source) {
  const fs::path path(source);
  Dataset dataset;
  dataset.name = path.filename().string();
  dataset.class_count = 1;
  std::size_t samples = 0;
  if (path.extension() == ".npy") {
    LUTGEN_TRY(const std::string bytes, base::read_file(path));
    LUTGEN_TRY(const io::NpyArray array, io::parse_npy(bytes, path.string()));
    LUTGEN_TRY(dataset.features, features_of(array, path.string()));
    samples = static_cast<std::size_t>(array.shape[0]);
    for (std::size_t i = 1; i < array.shape.size(); ++i) dataset.shape.push_back(static_cast<std::uint32_t>(array.shape[i]));
  } else if (path.extension() == ".csv") {
    LUTGEN_TRY(const std::string text, base::read_file(path));
    LUTGEN_TRY(const io::CsvTable table, io::parse_csv(text, path.string()));
    dataset.features = narrowest(table.values);
    samples = table.rows();
    dataset.shape = {static_cast<std::uint32_t>(table.columns)};
  } else {
    return fail(Code::data_unknown, "", fmt::format("expected a .csv or .npy file of features alone, got {}", io::quote(source)),
                "other data sets have classes: leave out --features-only");
  }
  dataset.labels.assign(samples, 0);
  return dataset;
}

}  // namespace lutgen::data
