// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "lutgen/base/result.hpp"
#include "lutgen/board/board.hpp"
#include "lutgen/flow/bitstream_check.hpp"
#include "lutgen/flow/fasm.hpp"
#include "lutgen/flow/place_route.hpp"

namespace lutgen::flow {

/// A bitstream that was written.
///
/// check    what was compared with the file read back: every bit and table; xc7 only
/// luts     the tables' contents as they were read back; xc7 only, else empty
/// seconds  of packing and checking
struct Bitstream {
  std::filesystem::path path;
  std::uint64_t bytes = 0;
  std::optional<BitstreamCheck> check;
  std::vector<LutInit> luts;
  double seconds = 0;
};

/// Makes the bitstream of a routed design: `make_bitstream` with its check on xc7, ecppack, icepack, gowin_pack or
/// gmpack elsewhere. The file appears whole or not at all; its log is PATH.log.
///
/// Errors   tool_missing, tool_too_old, tool_failed; those of `make_bitstream`; those of writing files
/// Cost     about a second; xc7 see flow/README.md
[[nodiscard]] Result<Bitstream> write_bitstream(const board::Board& board, const Routed& routed,
                                                const std::filesystem::path& path);

}  // namespace lutgen::flow
