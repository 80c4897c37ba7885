// SPDX-License-Identifier: Apache-2.0
#include "lutgen/flow/bitstream_check.hpp"

#include <algorithm>
#include <bit>

#include <fmt/core.h>

namespace lutgen::flow {
namespace {

constexpr std::size_t kMaxDifferences = 5;

std::string bit_text(const FrameBit& bit) {
  return fmt::format("bit {:08x}_{:03}_{:02}", bit.address, bit.word, bit.bit);
}

/// The claim on a bit, or null.
const BitClaim* find_claim(const FrameImage& image, const FrameBit& bit) {
  const auto found = std::lower_bound(image.claims.begin(), image.claims.end(), bit,
                                      [](const BitClaim& claim, const FrameBit& key) { return claim.bit < key; });
  return found != image.claims.end() && found->bit == bit ? &*found : nullptr;
}

/// Compares and explains; the explanations stop after a few.
class Comparison {
 public:
  Comparison(const Fasm& fasm, const FrameImage& image, const FrameMap& found, XrayDatabase& database)
      : fasm_(fasm), image_(image), found_(found), database_(database) {}

  Result<BitstreamCheck> run() {
    LUTGEN_TRY_VOID(compare_bits());
    LUTGEN_TRY_VOID(compare_luts());
    return std::move(check_);
  }

 private:
  [[nodiscard]] bool explains() const { return check_.differences.size() < kMaxDifferences; }

  Result<void> compare_bits() {
    check_.bits_asked = image_.bits_set;
    for (const BitClaim& claim : image_.claims) {
      if (!claim.is_set || is_set(found_, claim.bit)) continue;
      ++check_.missing;
      if (!explains()) continue;
      const FasmFeature& feature = fasm_.features[claim.feature];
      check_.differences.push_back(
          fmt::format("{} is 0, {} (line {}) sets it", bit_text(claim.bit), feature.name, feature.line));
    }
    for (const auto& [address, words] : found_) {
      for (std::uint16_t word = 0; word < kFrameWords; ++word) {
        for (std::uint32_t rest = words[word]; rest != 0; rest &= rest - 1) {
          ++check_.bits_found;
          const FrameBit bit{address, word, static_cast<std::uint8_t>(std::countr_zero(rest))};
          if (is_set(image_.frames, bit)) continue;
          ++check_.extra;
          if (explains()) LUTGEN_TRY_VOID(explain_extra(bit));
        }
      }
    }
    return {};
  }

  /// Says who owns a bit that nobody asked for.
  Result<void> explain_extra(const FrameBit& bit) {
    std::string text = bit_text(bit) + " is 1, ";
    if (const BitClaim* claim = find_claim(image_, bit)) {
      const FasmFeature& feature = fasm_.features[claim->feature];
      text += fmt::format("{} (line {}) clears it", feature.name, feature.line);
    } else {
      text += "no feature asks for it";
    }
    const auto owners = database_.find_owners(bit);
    if (owners.empty()) text += "; it belongs to no tile";
    for (const XrayTile* tile : owners) {
      LUTGEN_TRY(const auto meanings, database_.find_meanings(*tile, bit));
      if (meanings.empty()) continue;
      text += fmt::format("; in {} it is part of {}", tile->name, meanings.front());
      if (meanings.size() > 1) text += fmt::format(" and {} more", meanings.size() - 1);
    }
    check_.differences.push_back(std::move(text));
    return {};
  }

  Result<void> compare_luts() {
    const std::vector<LutInit> asked = collect_lut_inits(fasm_);
    LUTGEN_TRY(const std::vector<LutInit> found, read_lut_inits(found_, database_));
    const auto same_place = [](const LutInit& a, const LutInit& b) {
      return a.tile == b.tile && a.site == b.site && a.letter == b.letter;
    };
    for (auto a = asked.begin(), b = found.begin(); a != asked.end() || b != found.end();) {
      const bool both = a != asked.end() && b != found.end() && same_place(*a, *b);
      const bool take_a = both || b == found.end() || (a != asked.end() && *a < *b);
      const LutInit& place = take_a ? *a : *b;
      const std::uint64_t wanted = take_a ? (a++)->init : 0;
      const std::uint64_t got = both || !take_a ? (b++)->init : 0;
      ++check_.luts;
      if (wanted == got) continue;
      ++check_.lut_differences;
      if (explains()) {
        check_.differences.push_back(fmt::format("table {} {} {}LUT: expected INIT {:016X}, found {:016X}",
                                                 place.tile, place.site, place.letter, wanted, got));
      }
    }
    return {};
  }

  const Fasm& fasm_;
  const FrameImage& image_;
  const FrameMap& found_;
  XrayDatabase& database_;
  BitstreamCheck check_;
};

}  // namespace

Result<BitstreamCheck> compare_bitstream(const Fasm& fasm, const FrameImage& image, const FrameMap& found,
                                         XrayDatabase& database) {
  return Comparison(fasm, image, found, database).run();
}

}  // namespace lutgen::flow
