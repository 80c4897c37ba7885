// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lutgen/base/result.hpp"

namespace lutgen::data {

/// Which part of a data set.
enum class Split : std::uint8_t { train, test };

/// Labelled samples.
///
/// name      "mnist", "optdigits", "synthetic-digits", or a file name
/// shape     of one sample, for example {28, 28}
/// features  [samples][feature_count()], C order: bytes where every value is one, else floats
/// labels    [samples], each below class_count
struct Dataset {
  std::string name;
  Split split = Split::test;
  std::vector<std::uint32_t> shape;
  std::variant<std::vector<std::uint8_t>, std::vector<float>> features;
  std::vector<std::uint32_t> labels;
  std::uint32_t class_count = 0;

  [[nodiscard]] std::size_t sample_count() const { return labels.size(); }
  [[nodiscard]] std::size_t feature_count() const;
  /// One feature value, exact. O(1).
  [[nodiscard]] double feature(std::size_t sample, std::size_t index) const;
  /// Keeps the first `samples` only; fewer stay as they are.
  void truncate(std::size_t samples);
};

/// Loads a data set by name or path.
///
/// source   "mnist" or "optdigits": looked for in $LUTGEN_DATA/<name>/, then ../shared/data/<name>/
///          relative to the working folder and to each of its parents;
///          "synthetic-digits": made on the spot (synthetic_digits.hpp);
///          a folder with the four IDX files of MNIST's naming (gz or not);
///          a .csv file: numbers, the last column is the class (both splits are the same file)
/// Errors   data_not_found (says where it was looked for), data_unknown, idx_*, csv_*
[[nodiscard]] Result<Dataset> load_dataset(std::string_view source, Split split);

}  // namespace lutgen::data
