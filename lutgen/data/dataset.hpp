// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lutgen/base/large_vector.hpp"
#include "lutgen/base/result.hpp"

namespace lutgen::data {

/// Which part of a data set.
enum class Split : std::uint8_t { train, test };

/// A class is below this; room for every set we know, and small enough for a confusion table.
inline constexpr std::uint32_t kMaxClasses = 4096;

/// Values of samples. In large arrays, since whoever evaluates reads them faster than a processor looks up small pages.
using ByteFeatures = base::LargeVector<std::uint8_t>;
using FloatFeatures = base::LargeVector<float>;
using Features = std::variant<ByteFeatures, FloatFeatures>;

/// Labelled samples.
///
/// name      "mnist", "optdigits", "synthetic-digits", or a file name
/// shape     of one sample, for example {28, 28}
/// features  [samples][feature_count()], C order: bytes where every value is one, else floats (to
///           which the numbers of other files are rounded: whole numbers are exact up to 2^24)
/// labels    [samples], each below class_count
struct Dataset {
  std::string name;
  Split split = Split::test;
  std::vector<std::uint32_t> shape;
  Features features;
  std::vector<std::uint32_t> labels;
  std::uint32_t class_count = 0;

  /// Number of samples. O(1).
  [[nodiscard]] std::size_t sample_count() const { return labels.size(); }
  /// Number of values of one sample: product of the shape. O(dimensions).
  [[nodiscard]] std::size_t feature_count() const;
  /// One feature value, exact. O(1).
  [[nodiscard]] double feature(std::size_t sample, std::size_t index) const;
  /// Keeps the first `samples` only; fewer stay as they are.
  void truncate(std::size_t samples);
};

/// What a file does not say itself.
///
/// label      of a .csv file: heading of the column that holds the class: whole numbers 0..4095, or any texts, which are numbered
///            in the order of their bytes; empty: the last column, numbers. Of an .npy file: another one, with the classes
/// test_part  part of a file that is its test split, drawn by a fixed seed; the rest is its training split. 0: both are the
///            whole file. Of no meaning where a file has splits of its own
struct FileChoice {
  std::string label;
  double test_part = 0;
};

/// Loads a data set by name or path.
///
/// source   "mnist" or "optdigits": looked for in $LUTGEN_DATA/<name>/, then ../shared/data/<name>/
///          relative to the working folder and to each of its parents;
///          "synthetic-digits": made on the spot (synthetic_digits.hpp);
///          a folder with the four IDX files of MNIST's naming (gz or not);
///          a .csv file: numbers and a class in each line, as `choice` says;
///          an .npz or .npy file (array_files.hpp)
/// Errors   data_not_found (says where it was looked for), data_unknown, data_bad_shape,
///          data_bad_label, data_bad_value, data_no_array, idx_*, csv_*, npy_*, npz_*, those of base::read_file
/// Cost     O(bytes); the file and its numbers are in memory at the same time
[[nodiscard]] Result<Dataset> load_dataset(std::string_view source, Split split, const FileChoice& choice = {});

/// Loads samples without classes: a .csv file, all of whose columns are features, or an .npy file.
///
/// Returns  a data set whose labels are all 0, of one class
/// Errors   data_unknown, data_bad_shape, data_bad_value, csv_*, npy_*, those of base::read_file
/// Cost     as load_dataset
[[nodiscard]] Result<Dataset> load_features(std::string_view source);

}  // namespace lutgen::data
