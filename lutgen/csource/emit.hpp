// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::csource {

/// Operations of one C function. GCC 12 -O2 takes 0.15 to 0.2 ms for each where functions have 100 to 2,000, four times as long in
/// a single one of 20,000; the shorter, the fewer variables are there at a time, but the more words go through memory.
inline constexpr std::uint32_t kPartOps = 400;

/// Options of `build_source`.
///
/// prefix        of every name and of the files; empty: made from the model's name; legal (checked, see is_legal_prefix)
/// scores        whether NAME_predict gives scores beside classes; of no meaning for a network that ends in bits
/// model_sha256  hash of the model file, for the comments; 64 hex digits
/// part_ops      operations of one function, at least 1 (checked)
struct SourceOptions {
  std::string prefix = {};
  bool scores = false;
  std::string model_sha256 = {};
  std::uint32_t part_ops = kPartOps;
};

/// What a source is made of.
///
/// operations   of two words each
/// inputs       words that NAME_predict64 reads: comparisons of a feature with a threshold
/// outputs      words that it writes
/// functions    that the operations are divided into
/// array_bytes  of local arrays, all of NAME_predict and what it calls
/// live_bytes   of variables in one function whose value is needed at the same time; a compiler keeps some in registers
/// variable_bytes  of all variables of one function, the most of all functions: what a compiler takes that does not optimise
struct SourceFigures {
  std::size_t operations = 0;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::size_t functions = 0;
  std::size_t array_bytes = 0;
  std::size_t live_bytes = 0;
  std::size_t variable_bytes = 0;
};

/// A network as C99: the text of NAME.c and NAME.h.
struct Source {
  std::string prefix;
  std::string header;
  std::string source;
  SourceFigures figures;
};

/// Writes a validated model as C. A pure function: same model and options, same text.
///
/// Errors  lower_several_encoders (f32 features with several thermometer layers)
/// Cost    O(size of the model), about 30 bytes of text for each of about 14 operations a table of six inputs takes
[[nodiscard]] Result<Source> build_source(const model::Model& model, const SourceOptions& options);

/// Writes both files into a folder, or none.
///
/// Errors  folder_not_writable, file_write_failed
[[nodiscard]] Result<void> write_source(const Source& source, const std::filesystem::path& folder);

}  // namespace lutgen::csource
