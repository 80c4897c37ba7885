// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "lutgen/base/result.hpp"
#include "lutgen/model/model.hpp"

namespace lutgen::bench {

/// A network of LUT layers as C on 64-bit words, in the way difflogic compiles its networks (Petersen et al., NeurIPS 2022): one
/// statement a table, straight-line, left to the compiler. A table is a tree of multiplexers whose leaves, functions of one
/// input, are folded; functions of 100 tables each, which compilers take better than one of thousands.
///
/// model  bits as input; LUT layers of up to six inputs, each reading the one before
[[nodiscard]] std::string c_text(const model::Model& model);

/// That text, compiled and loaded.
///
/// evaluate          (inputs [features], outputs [last layer]): 64 samples
/// compile_seconds   wall time of the compiler
class CompiledC {
 public:
  /// Compiles with gcc at this level, for any x86-64 as gcc does by default, and loads it.
  ///
  /// Errors  tool_missing, tool_failed, folder_not_writable, file_write_failed
  [[nodiscard]] static Result<CompiledC> make(const model::Model& model, const std::filesystem::path& folder, const std::string& level);

  /// Runs the network on 64 samples: inputs [features], outputs [last layer].
  void evaluate(const std::uint64_t* inputs, std::uint64_t* outputs) const { function_(inputs, outputs); }
  /// Wall time of the compiler.
  [[nodiscard]] double compile_seconds() const { return compile_seconds_; }

 private:
  using Function = void (*)(const std::uint64_t*, std::uint64_t*);
  std::shared_ptr<void> loaded_;
  Function function_ = nullptr;
  double compile_seconds_ = 0;
};

}  // namespace lutgen::bench
