// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lutgen/map/builder.hpp"

namespace lutgen::map {

/// Builds the index of the largest of `scores`; the lowest index wins a tie.
///
/// scores   [classes][score bits], unsigned, equal widths, least significant bit first; classes >= 1
/// layer    model layer of the argmax, for names
/// Returns  index bits, least significant first: bits of classes - 1, at least 1
///
/// A tournament: of the neighbours that meet, one goes on only when it is really larger than all before it, so ties go
/// to the left. The last round builds no score. Goal::area has two players a match; Goal::balanced three where a LUT
/// has six inputs (three bits and three pairs are one LUT); Goal::delay all in one, every pair compared, up to 16.
std::vector<NetId> map_argmax(Builder& builder, const std::vector<std::vector<NetId>>& scores,
                              std::uint16_t layer);

/// Bits that an index below `classes` takes, at least 1.
[[nodiscard]] std::uint32_t index_bits(std::size_t classes);

}  // namespace lutgen::map
