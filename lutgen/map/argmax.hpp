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
/// A tournament of ceil(log2(classes)) rounds: the right one of two neighbours goes on only when it is
/// really larger, so ties go to the left. The last round builds no score.
std::vector<NetId> map_argmax(Builder& builder, const std::vector<std::vector<NetId>>& scores,
                              std::uint16_t layer);

/// Bits that an index below `classes` takes, at least 1.
[[nodiscard]] std::uint32_t index_bits(std::size_t classes);

}  // namespace lutgen::map
