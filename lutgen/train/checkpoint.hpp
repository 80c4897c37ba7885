// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"

namespace lutgen::train {

/// Writes an archive of libtorch so that a reader can tell whether it is whole: a line with our name and format, one with the
/// SHA-256 of all that follows. The old file stays until the new one is complete.
///
/// Errors  folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_checkpoint(torch::serialize::OutputArchive& archive, const std::filesystem::path& path);

/// Reads it back; bytes whose checksum is wrong never reach libtorch.
///
/// Errors  those of base::read_file; train_checkpoint_invalid
[[nodiscard]] Result<torch::serialize::InputArchive> read_checkpoint(const std::filesystem::path& path);

}  // namespace lutgen::train
