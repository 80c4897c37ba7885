// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lutgen/base/result.hpp"
#include "lutgen/data/dataset.hpp"
#include "lutgen/io/npy.hpp"

namespace lutgen::data {

/// The arrays of one split of a data set.
///
/// features, labels              [samples, ...] and [samples], as the files say: not checked
/// features_place, labels_place  name them in diagnostics
/// is_split                      the file has other arrays for the other split
struct SplitArrays {
  io::NpyArray features;
  io::NpyArray labels;
  std::string features_place;
  std::string labels_place;
  bool is_split = false;
};

/// Reads NumPy's files.
///
/// An .npz file holds x_train, y_train, x_test and y_test, or train_images, train_labels, test_images and test_labels, or for both
/// splits x and y, or X and y, or data and target. An .npy file holds features; `label_file` names another one with the classes.
///
/// Errors  npy_invalid, npz_invalid, data_no_array, those of base::read_file
/// Cost    O(bytes unpacked), which are in memory
[[nodiscard]] Result<SplitArrays> read_array_files(const std::filesystem::path& path, Split split, const std::string& label_file);

/// The classes that an array holds: whole numbers 0..4095, one for each sample.
///
/// Errors  data_bad_label, data_bad_shape (dimensions, besides the first, that are not 1)
[[nodiscard]] Result<std::vector<std::uint32_t>> classes_of(const io::NpyArray& labels, const std::string& place);

/// Bytes where every value is one, else floats, to which the numbers are rounded. O(values).
[[nodiscard]] Features narrowest(const std::vector<double>& values);

/// The features that an array holds, one sample after the other, as `narrowest` keeps them.
///
/// Errors  data_bad_shape (no samples, or samples without values), data_bad_value (a value is not finite, or beyond 32-bit
///         floating point)
[[nodiscard]] Result<Features> features_of(const io::NpyArray& features, const std::string& place);

}  // namespace lutgen::data
